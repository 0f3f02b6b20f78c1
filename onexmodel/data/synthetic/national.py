"""Assemble and write the national set: one child random stream per step, same seed ⇒ same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ...errors import DataError, Fault, why_not
from ...places import made_data
from ...running.progress import Steps
from . import certificates as c
from . import colleges as g
from . import ledgers
from .defects import spoil
from .fees import make_fees
from .funds import make_budget_lines, make_funding, make_pay_pools, rough_need
from .margins import province_margins
from .plans import make_offerings
from .registers import CAPS, LABEL_EN, caps, eligibility, register
from .settle import make_assessments, make_payments
from .teachers import make_teachers
from .write import write_folder

VERSION = 4
SEED, YEAR, OFFERINGS = 20201231, 2021, 100_000
STEPS = (
    "colleges",
    "certificates",
    "components",
    "ledger",
    "offerings",
    "own_rows",
    "fees",
    "funding",
    "pay",
    "teachers",
    "settlement",
    "reform",  # two years with one reform are made in the tests; its stream keeps the others as they were
    "defects",
    "national",
    "payments",
    "budget",
)
SAID = (
    "省份与院校",
    "证书、考核环节与成本项目",
    "开考计划",
    "费用标准与经费",
    "考核记录与支付台账",
    "写出",
)  # as they follow
Progress = Steps | None


def national_folder(progress: Progress = None) -> Path:
    """The set made on first use (and again when the generator changed). Raises DataError where it cannot be written."""
    folder = made_data("national")
    stamp = folder / "dataset.yaml"
    if not stamp.exists() or f"generator: {VERSION}\n" not in stamp.read_text(encoding="utf-8"):
        try:
            make_national(folder, progress=progress)
        except OSError as error:
            what = f"第一次用时要写在这个文件夹里，{why_not(error)}"
            do = "换到能写的文件夹里再用，或用 --data 指明别的数据"
            raise DataError(Fault(f"全国模拟数据 {folder}", what, do=do)) from error
    return folder


def make_national(
    out: Path,
    seed: int = SEED,
    offerings: int = OFFERINGS,
    dirty: bool = False,
    progress: Progress = None,
) -> Path:
    """Write the national folder with `offerings` offerings of 2021; with `dirty` also defects and truth/truth.csv.
    `progress` is told each step (its Chinese name). Returns `out`, replaced only when complete."""
    tables = national_tables(seed, offerings, progress)
    _say(progress, "写出")
    spoiled = (lambda folder: spoil(folder, streams(seed)["defects"])) if dirty else None
    return write_folder(out, tables, _about(seed), spoiled)


def streams(seed: int) -> dict[str, np.random.Generator]:
    """One child stream per step, so that adding a column to one does not reshuffle the rest. A new step goes last."""
    children = np.random.SeedSequence(seed).spawn(len(STEPS))
    return {name: np.random.default_rng(child) for name, child in zip(STEPS, children, strict=True)}


def national_tables(
    seed: int = SEED, offerings: int = OFFERINGS, progress: Progress = None
) -> dict[str, pd.DataFrame]:
    """Every table of the set, by its English name."""
    rng, margins = streams(seed), province_margins()
    _say(progress, "省份与院校")
    colleges = g.make_colleges(margins, rng["colleges"])
    _say(progress, "证书、考核环节与成本项目")
    certificates, organisations, components = _certificates(rng)
    ledger = ledgers.make_ledger(certificates, rng["ledger"])
    _say(progress, "开考计划")
    plans = make_offerings(colleges, certificates, offerings, YEAR, rng["offerings"])
    _say(progress, "费用标准与经费")
    guess, room = (
        ledgers.organisation_unit_guess(certificates, components, ledger),
        cap_of(components),
    )
    need = rough_need(colleges, plans, guess)
    beta = dict(zip(margins["province"], rng["fees"].beta(4, 4, len(margins)), strict=True))
    fees = make_fees(margins["province"], certificates, guess, room, beta, rng["fees"])
    _say(progress, "考核记录与支付台账")
    assessments = make_assessments(plans, colleges, components, guess, room, rng["settlement"])
    return {
        "provinces": margins[["province", "name_zh", "name_en"]].assign(
            price_index=1.0, wage_index=margins["wage_index"].round(4)
        ),
        "colleges": colleges[g.COLUMNS],
        "organisations": organisations,
        "certificates": certificates[["certificate", "name", "organisation", "batch"]].assign(
            national_sittings=_national_sittings(plans, certificates, rng["national"])
        ),
        "components": components,
        "ingredients": pd.concat(
            [ledger, ledgers.own_rows(ledger, plans, rng["own_rows"])], ignore_index=True
        ),
        "caps": caps(),
        "fees": fees,
        "offerings": plans,
        "assessments": assessments,
        "payments": make_payments(assessments, colleges, certificates, fees, rng["payments"]),
        "pay_pools": make_pay_pools(colleges, YEAR, rng["pay"]),
        "funding": make_funding(colleges, need, YEAR, rng["funding"]),
        "budget_lines": make_budget_lines(colleges, need, YEAR, rng["budget"]),
        "workload": make_teachers(colleges, YEAR, rng["teachers"]),
        "eligibility": eligibility(),
        "levers": register("levers"),
        "sources": register("sources"),
    }


def cap_of(components: pd.DataFrame) -> pd.Series:
    """The assumed cap of each certificate and level, the forms of its components added (元/人次)."""
    return (
        components.assign(cap=components["form"].map(CAPS))
        .groupby(["certificate", "level"])["cap"]
        .sum()
    )


def _certificates(rng):
    certificates, organisations = c.make_certificates(rng["certificates"])
    return certificates, organisations, c.make_components(certificates, rng["components"])


def _national_sittings(plans, certificates, rng) -> np.ndarray:
    """At least what the data could ever sit (every candidate twice), since others sit too."""
    own = 2 * plans.groupby("certificate")["candidates"].sum().reindex(
        certificates["certificate"]
    ).fillna(0)
    return np.ceil(own.to_numpy() * rng.uniform(1.0, 2.0, len(certificates))).astype(int)


def _about(seed: int) -> str:
    label = register("sources").set_index("source").at["SIM", "quote"]
    return (
        f"title: {{zh: 全国模拟数据, en: National simulated set}}\nstatus: simulated\nseed: {seed}\ngenerator: {VERSION}\n"
        f'price_year: {YEAR}\nlabel:\n  zh: {label}\n  en: "{LABEL_EN}"\n'
    )


def _say(progress: Progress, step: str) -> None:
    if progress:
        progress(step, SAID.index(step), len(SAID))
