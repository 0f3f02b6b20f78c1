"""Provinces by whatever name they are written: 广东, 广东省, Guangdong, 44; colleges, certificates and organisations by code or name."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ..errors import Fault
from .tables import Origin, among

SUFFIXES = ("", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "生产建设兵团")
COLUMNS = (
    ("colleges", "province"),
    ("components", "province"),
    ("ingredients", "province"),
    ("fees", "province"),
    ("funding", "owner"),
)
NAMED = {
    "colleges": ("college", "院校", ("college", "owner")),
    "certificates": ("certificate", "证书", ("certificate",)),
    "organisations": ("organisation", "培训评价组织", ("organisation", "payee")),
}  # table with a column `name` → its code, what it holds, columns of other tables that name one of them


def province_names(provinces: pd.DataFrame) -> dict[str, str]:
    """Every way a province of the table is written → its code."""
    names: dict[str, str] = {}
    for code, zh, en in zip(
        provinces["province"], provinces["name_zh"], provinces["name_en"], strict=True
    ):
        names |= {code: code} | ({zh + suffix: code for suffix in SUFFIXES} if zh else {})
        names |= {en: code} if en else {}
    return names


def single_names(frame: pd.DataFrame, key: str) -> dict[str, str]:
    """Name → code of a table's rows, and each code → itself. A name that two rows share stands for neither."""
    single = frame[(frame["name"] != "") & ~frame["name"].duplicated(keep=False)]
    names = dict(zip(single["name"], single[key], strict=True))
    return names | {code: code for code in frame[key]}


def codes_of_places(
    frames: dict[str, pd.DataFrame], origins: Mapping[str, Origin], faults: list[Fault]
) -> None:
    """Names where codes belong become the codes of the set's own tables; each kind of name is noted once a table."""
    names = province_names(frames["provinces"])
    for table, column in COLUMNS:
        _coded(frames, origins, faults, table, column, names, "省级")
    for home, (key, what, columns) in NAMED.items():
        names = single_names(frames[home], key)
        for table in frames:
            for column in columns:
                if table != home and column in frames[table]:
                    _coded(frames, origins, faults, table, column, names, what)


def _coded(frames, origins, faults, table: str, column: str, names, what: str) -> None:
    """One column: names to codes, with a note."""
    if table not in origins or column not in origins[table].columns:
        return
    values, codes = frames[table][column], set(names.values())
    words = [word for word in pd.unique(values).tolist() if word not in codes and word in names]
    if not words:
        return
    named = int(among(values, words).sum())
    faults.append(
        Fault(
            f"{origins[table].sheet_name}「{origins[table].headers[column]}」",
            f"{'、'.join(words)} 已读作{what}代码（{named} 处）",
            level="note",
            code="province_name",
        )
    )
    known = {word: names[word] for word in words}
    frames[table] = frames[table].assign(**{column: values.map(lambda word: known.get(word, word))})
