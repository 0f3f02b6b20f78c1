"""Assemble and write the national set: one child random stream per step, same seed ⇒ same bytes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from ...places import made_data
from . import certificates as c
from . import colleges as g
from .margins import province_margins
from .money import CAPS, make_fees, make_funding, make_pay_pools, make_teachers
from .plans import make_offerings

VERSION = 1
SEED, YEAR, OFFERINGS = 20201231, 2021, 100_000
LABEL = "模拟数据：院校、证书、费用、经费和结算均为虚构，仅高职院校数与在校生数按公开统计校准；结果不反映任何省份的实际情况"
LABEL_EN = ("Simulated data: colleges, certificates, fees, funds and settlements are fictional; only the number of higher vocational colleges and "
            "their students are calibrated to published statistics. Results say nothing about any real province")
STEPS = ("colleges", "certificates", "components", "ledger", "offerings", "own_rows", "fees", "funding", "pay", "teachers", "settlement",
         "reform", "defects", "national")


def national_folder() -> Path:
    """The set made on first use (and again when the generator changed)."""
    folder = made_data("national")
    stamp = folder / "dataset.yaml"
    if not stamp.exists() or f"generator: {VERSION}\n" not in stamp.read_text(encoding="utf-8"):
        make_national(folder)
    return folder


def streams(seed: int) -> dict[str, np.random.Generator]:
    """One child stream per step, so that adding a column to one does not reshuffle the rest."""
    return {name: np.random.default_rng(child) for name, child in zip(STEPS, np.random.SeedSequence(seed).spawn(len(STEPS)), strict=True)}


def national_tables(seed: int = SEED, offerings: int = OFFERINGS) -> dict[str, pd.DataFrame]:
    """Every table of the set."""
    rng, margins = streams(seed), province_margins()
    colleges = g.make_colleges(margins, rng["colleges"])
    certificates, organisations = c.make_certificates(rng["certificates"])
    components = c.make_components(certificates, rng["components"])
    ledger = c.make_ledger(certificates, rng["ledger"])
    plans = make_offerings(colleges, certificates, offerings, YEAR, rng["offerings"])
    guess = c.organisation_unit_guess(certificates, components, ledger)
    beta = dict(zip(margins["province"], rng["fees"].beta(4, 4, len(margins)), strict=True))
    own = 2 * plans.groupby("certificate")["candidates"].sum().reindex(certificates["certificate"]).fillna(0)
    national = np.ceil(own.to_numpy() * rng["national"].uniform(1.0, 2.0, len(certificates)))
    return {
        "provinces": margins[["province", "name_zh", "name_en"]].assign(price_index=1.0, wage_index=margins["wage_index"].round(4)),
        "colleges": colleges[g.COLUMNS], "organisations": organisations,
        "certificates": certificates[["certificate", "name", "organisation", "batch"]].assign(national_sittings=national.astype(int)),
        "components": components, "ingredients": pd.concat([ledger, c.own_rows(ledger, plans, rng["own_rows"])], ignore_index=True),
        "caps": pd.DataFrame([{"form": form, "level": "all", "cap": cap, "valid_from": "2020-07-01", "valid_to": "", "source": "SIM-CAP"}
                              for form, cap in CAPS.items()]),
        "fees": make_fees(margins["province"], certificates, components, guess, beta, rng["fees"]), "offerings": plans,
        "pay_pools": make_pay_pools(colleges, YEAR, rng["pay"]), "funding": make_funding(colleges, plans, guess, YEAR, rng["funding"]),
        "workload": make_teachers(colleges, YEAR, rng["teachers"]), "eligibility": _eligibility(), "sources": _sources(),
    }


def make_national(out: Path, seed: int = SEED, offerings: int = OFFERINGS) -> Path:
    """Write the folder: into a temporary one beside it, renamed when complete."""
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=out.parent, prefix=".making-"))
    for name, frame in national_tables(seed, offerings).items():
        frame.to_csv(scratch / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    about = (f"title: {{zh: 全国模拟数据, en: National simulated set}}\nstatus: simulated\nseed: {seed}\ngenerator: {VERSION}\nprice_year: {YEAR}\n"
             f"label:\n  zh: {LABEL}\n  en: \"{LABEL_EN}\"\n")
    (scratch / "dataset.yaml").write_text(about, encoding="utf-8")
    if out.exists():
        shutil.rmtree(out)
    os.chmod(scratch, 0o755)
    os.replace(scratch, out)
    return out


def _eligibility() -> pd.DataFrame:
    barred = {("tuition", "performance_pay"), ("social_capital", "assessment"), ("social_capital", "teacher_training"), ("social_capital", "performance_pay")}
    sources = ("central_award", "local_appropriation", "per_student_appropriation", "tuition", "other_income", "reallocation", "social_capital")
    return pd.DataFrame([{"source_of_funds": source, "use": use, "allowed": "no" if (source, use) in barred else "yes", "source": "NAT"}
                         for source in sources for use in ("assessment", "training", "teacher_training", "performance_pay")])


def _sources() -> pd.DataFrame:
    columns = ["source", "title", "issuer", "issued_on", "address", "quote", "kind", "in_force"]
    return pd.DataFrame([
        ["SIM-CAP", "成本上限金额（假设，不是官方数字；取值使已公布的费用低于各环节之和）", "onexmodel", "2026-11-24", "", "假设", "假设", "unverified"],
        ["NAT", "教财厅函〔2020〕12号", "教育部办公厅等四部门", "2020-08-25", "", "统筹使用", "政策文件", "unverified"],
        ["SIM", "全国模拟数据（生成器）", "onexmodel", "2026-11-24", "", LABEL, "模拟", "unverified"],
        ["PUB", "高职院校数（教育部名单 2021-09-30）、在校生估计（据国家统计局分省数据推算）、平均工资（中国统计年鉴2022）", "教育部、国家统计局", "2021-09-30",
         "", "见 data/published", "公告", "unverified"]], columns=columns)
