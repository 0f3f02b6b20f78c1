"""Observed, estimated or simulated: the shares table by table, the label that follows from the rows, and the refusal to add
observed and simulated rows unasked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...errors import Fault
from ..about import About
from ..schema import load_schema
from ..tables import KINDS, Tables

WORDS = {
    "observed": ("观测", "observed"),
    "estimated": ("估算", "estimated"),
    "simulated": ("模拟", "simulated"),
}
DOCUMENTS = "sources"  # a register of documents, not data: it enters no total


def shares(status: np.ndarray) -> dict[str, float]:
    """kind → share of the rows; empty where there is none."""
    return {kind: float((status == kind).mean()) for kind in KINDS} if len(status) else {}


def by_table(tables: Tables) -> dict[str, dict[str, float]]:
    """table → shares, for each table with rows."""
    if tables.status == KINDS[-1]:  # the set as a whole: no row is better
        whole = {kind: float(kind == tables.status) for kind in KINDS}
        return {
            table: whole
            for table, frame in tables.frames.items()
            if table != DOCUMENTS and len(frame)
        }
    found = {
        table: shares(tables.row_status(table)) for table in tables.frames if table != DOCUMENTS
    }
    return {table: share for table, share in found.items() if share}


def kinds(tables: Tables) -> set[str]:
    """Every kind that some row is of."""
    return {kind for share in by_table(tables).values() for kind in share if share[kind]}


def mixing(tables: Tables, about: About) -> list[Fault]:
    """Observed (or estimated) beside simulated rows: an error, or where it was asked for a warning that says the shares."""
    found = by_table(tables)
    if not any(share["simulated"] for share in found.values()) or all(
        share["simulated"] == 1 for share in found.values()
    ):
        return []
    schema = load_schema()
    said = "；".join(
        f"{next(iter(schema[table].values())).sheet} {percents(share, 0)}"
        for table, share in found.items()
    )
    if about.mixed:
        return [
            Fault(
                about.where,
                f"观测与模拟的行合在一起计算（已声明混合使用）：{said}",
                "结论须连同这些占比一起使用",
                level="warning",
                code="mixed",
                at=about.at,
            )
        ]
    return [
        Fault(
            about.where,
            f"观测与模拟的行不能合在一个总数里：{said}",
            f"把模拟的行换成自己的数，标记改为「观测」；确要合算，{about.ask}，报告会印出各占多少",
            code="mixed",
            at=about.at,
        )
    ]


def percents(share: Mapping[str, float], lang: int) -> str:
    """观测60.0%、模拟40.0%."""
    return ("、", ", ")[lang].join(
        f"{WORDS[kind][lang]}{' ' * lang}{_number(value)}{' ' * lang}%"
        for kind, value in share.items()
        if value
    )


def _number(value: float) -> str:
    """100, 0, else one decimal that is neither 0.0 nor 100.0: a few rows are not none."""
    return f"{100 * value:g}" if value in (0.0, 1.0) else f"{min(max(100 * value, 0.1), 99.9):.1f}"


def label_of(tables: Tables) -> dict[str, str]:
    """The set's label in both languages: as given where the whole set is simulated or estimated, else led by what the rows are."""
    given, found = tables.label, by_table(tables)
    if tables.status != "observed":
        zh, en = WORDS[tables.status]
        whole = given or {"zh": f"{zh}数据", "en": f"{en.capitalize()} data"}
        rest = [("simulated", _listed(found, "simulated"))] if tables.status == "estimated" else []
    else:
        whole, rest = given, [(kind, _listed(found, kind)) for kind in ("simulated", "estimated")]
    rest = [(kind, names) for kind, names in rest if names[0]]
    if not rest:
        return dict(whole)
    zh = f"含{'和'.join(WORDS[kind][0] for kind, _ in rest)}数据：" + "；".join(
        f"{names[0]}为{WORDS[kind][0]}" for kind, names in rest
    )
    en = f"Contains {' and '.join(kind for kind, _ in rest)} data: " + "; ".join(
        f"{names[1]} {kind}" for kind, names in rest
    )
    own = {lang: whole.get(lang) or whole.get("zh", "") for lang in ("zh", "en")}
    return {"zh": f"{zh}。{own['zh']}".rstrip("。"), "en": f"{en}. {own['en']}".rstrip(". ")}


def _listed(found, kind: str) -> tuple[str, str]:
    schema, zh, en = load_schema(), [], []
    for table, share in found.items():
        if share[kind]:
            zh.append(
                next(iter(schema[table].values())).sheet + ("" if share[kind] == 1 else "（部分）")
            )
            en.append(table.replace("_", " ") + ("" if share[kind] == 1 else " (part)"))
    return "、".join(zh), ", ".join(en)
