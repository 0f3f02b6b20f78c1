"""A folder of CSV (UTF-8 with or without BOM, GB18030; English or Chinese names) → Tables, or every fault at once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import DataError, Fault, nearest
from ..law.yamlfile import read_yaml
from . import codes
from .schema import CORE, Column, load_schema
from .tables import Origin, Tables

_NUMERIC = ("int", "float", "money", "share", "hours")
_KEYS = {"provinces": ("province",), "colleges": ("college",), "organisations": ("organisation",),
         "certificates": ("certificate",), "offerings": ("college", "certificate", "level", "year"),
         "pay_pools": ("college", "year"), "components": ("certificate", "level", "component", "province", "college")}
_REFERENCES = {("colleges", "province"): "provinces", ("certificates", "organisation"): "organisations",
               ("components", "certificate"): "certificates", ("ingredients", "certificate"): "certificates",
               ("offerings", "college"): "colleges", ("offerings", "certificate"): "certificates",
               ("fees", "province"): "provinces", ("fees", "certificate"): "certificates", ("pay_pools", "college"): "colleges"}


def read_tables(path: Path | str, without: tuple[str, ...] = ()) -> Tables:
    """Read a data folder. Raises DataError listing every fault with file, row and column. Tables named in `without` are
    hashed but not parsed (a report on fees needs no payments); they come out empty."""
    folder = Path(path)
    if not folder.is_dir():
        raise DataError(Fault(str(path), "没有这个数据文件夹", do="给出一个放有 CSV 表的文件夹"))
    schema = load_schema()
    faults: list[Fault] = []
    frames, origins, digest = {}, {}, hashlib.sha256()
    for table, columns in schema.items():
        file = _find(folder, table, next(iter(columns.values())).sheet)
        if file is None:
            if table in CORE:
                faults.append(Fault(folder.name, f"缺少表「{table}.csv」", do="补上这张表"))
            frames[table] = _empty(columns)
            continue
        digest.update(table.encode() + file.read_bytes())
        if table in without:
            frames[table] = _empty(columns)
            continue
        frames[table], origins[table] = _read_one(file, columns, faults)
    faults += _unknown_files(folder, schema)
    if not faults:
        faults += _key_faults(frames, origins)
    if any(fault.level == "error" for fault in faults):
        raise DataError([fault for fault in faults if fault.level == "error"])
    about = _about(folder)
    return Tables(frames, origins, digest.hexdigest(), about.get("title") or {}, about.get("label") or {},
                  about.get("status") or "observed", tuple(faults))


def _find(folder: Path, table: str, sheet: str) -> Path | None:
    return next((folder / f"{name}.csv" for name in (table, sheet) if (folder / f"{name}.csv").exists()), None)


def _unknown_files(folder: Path, schema) -> list[Fault]:
    names = [name for table, columns in schema.items() for name in (table, next(iter(columns.values())).sheet)]
    return [Fault(file.name, "不认识的表，未读入", nearest=nearest(file.stem, names), level="warning")
            for file in sorted(folder.glob("*.csv")) if file.stem not in names]


def _about(folder: Path) -> dict:
    file = folder / "dataset.yaml"
    return dict(read_yaml(file).data) if file.exists() else {}


def _empty(columns: dict[str, Column]) -> pd.DataFrame:
    return pd.DataFrame({name: _typed_empty(column) for name, column in columns.items()})


def _typed_empty(column: Column) -> pd.Series:
    if column.type in _NUMERIC:
        return pd.Series([], dtype=float)
    if column.type == "date":
        return pd.Series([], dtype="datetime64[us]")
    return pd.Series([], dtype=bool if column.type == "bool" else object)


def _read_one(file: Path, columns: dict[str, Column], faults: list[Fault]) -> tuple[pd.DataFrame, Origin]:
    raw = file.read_bytes()
    encoding = "utf-8-sig"
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = "gb18030"
    text = pd.read_csv(file, dtype=str, keep_default_na=False, encoding=encoding)
    by_header = {column.header: name for name, column in columns.items()} | {name: name for name in columns}
    names = {header: by_header.get(str(header).strip()) for header in text.columns}
    for header, name in names.items():
        if name is None:
            faults.append(Fault(file.name, f"不认识的列「{header}」", nearest=nearest(header, by_header), do="改名或删去"))
    positions = {name: i for i, name in enumerate(names.values()) if name}
    text = text.rename(columns={header: name for header, name in names.items() if name})
    origin = Origin(file.name, 2, positions)
    frame = {}
    for name, column in columns.items():
        if name in positions:
            frame[name] = _typed(text[name], column, origin, faults)
        elif column.need == "R":
            faults.append(Fault(file.name, f"缺少列「{column.header}」（{name}）", do="补上这一列"))
        else:
            frame[name] = _typed(pd.Series([""] * len(text), dtype=object), column, origin, faults)
    return pd.DataFrame(frame), origin


def _typed(values: pd.Series, column: Column, origin: Origin, faults: list[Fault]) -> pd.Series:
    if column.type not in _NUMERIC:
        values = _by_word(values, str.strip)
    blank = values == ""
    if column.need == "R" and column.column not in ("pass_rate", "special_case", "priced_by") and blank.any():
        faults += [Fault(origin.address(int(i), column.header), "不能为空", do="填上；确实没有请写明")
                   for i in np.flatnonzero(blank)]
    if column.type in _NUMERIC:
        return _number(values, blank, column, origin, faults)
    if column.type == "date":
        dates = pd.to_datetime(values.where(~blank, None), format="%Y-%m-%d", errors="coerce")
        faults += [Fault(origin.address(int(i), column.header), f"「{values.iloc[i]}」不是日期", do="写成 YYYY-MM-DD")
                   for i in np.flatnonzero(dates.isna() & ~blank)]
        return dates
    if column.type == "bool":
        lower = values.str.lower()
        faults += [Fault(origin.address(int(i), column.header), f"「{values.iloc[i]}」应为 是 或 否")
                   for i in np.flatnonzero(~lower.isin((*codes.TRUE, *codes.FALSE)))]
        return lower.isin(codes.TRUE)
    known = codes.BY_COLUMN.get(column.column)
    if known and column.type in ("enum", "text"):
        coded = _by_word(values, lambda word: known.get(word, word))
        if column.column not in codes.FREE:
            wrong = np.flatnonzero(~coded.isin(known.values()) & ~blank)
            faults += [Fault(origin.address(int(i), column.header), f"「{values.iloc[i]}」不在代码表中",
                             nearest=nearest(values.iloc[i], known), do=f"从 {'、'.join(known)} 中选") for i in wrong]
        return coded.astype(object)
    return values.astype(object)


def _by_word(values: pd.Series, change) -> pd.Series:
    """The column with each different word changed once."""
    codes, words = pd.factorize(values, sort=False)
    return pd.Series(np.array([change(word) for word in words], dtype=object)[codes] if len(words) else values, index=values.index, dtype=object)


def _plain_numbers(values: pd.Series, blank: pd.Series) -> pd.Series:
    """Numbers as Python reads them (fast for clean columns), nan for blanks and for whatever is not one."""
    words = np.where(blank.to_numpy(bool), "nan", values.to_numpy(object))
    try:
        if any("_" in word for word in words):  # Python would read 1_000
            raise ValueError
        return pd.Series(words.astype(float), index=values.index)
    except ValueError:
        return pd.to_numeric(values, errors="coerce").astype(float)


def _number(values, blank, column, origin, faults) -> pd.Series:
    numbers = _plain_numbers(values, blank)
    odd = np.flatnonzero(numbers.isna() & ~blank)  # only what is not a plain number is looked at letter by letter
    for i in odd:
        word = values.iloc[i].strip().replace(",", "")
        share = word.endswith("%")
        number = pd.to_numeric(word.rstrip("%"), errors="coerce") if word else np.nan
        numbers.iloc[i] = number / 100 if share else number
    blank = blank | (values.str.strip() == "") if len(odd) else blank
    faults += [Fault(origin.address(int(i), column.header), f"「{values.iloc[i]}」不是数", do="只填数字")
               for i in np.flatnonzero((numbers.isna() | np.isinf(numbers)) & ~blank)]
    low = 0.0 if column.column not in ("amount",) else -np.inf
    high = 1.0 if column.type == "share" and column.column != "fiscal_capacity" else np.inf
    faults += [Fault(origin.address(int(i), column.header), f"{values.iloc[i]} 超出允许范围", do=f"规则：{column.rule}")
               for i in np.flatnonzero((numbers < low) | (numbers > high))]
    if column.rule.startswith(">0"):
        faults += [Fault(origin.address(int(i), column.header), "应大于 0") for i in np.flatnonzero(numbers == 0)]
    return numbers


def _key_faults(frames, origins) -> list[Fault]:
    faults = []
    for table, keys in _KEYS.items():
        again = frames[table].duplicated(list(keys))
        faults += [Fault(origins[table].address(int(i), keys[0]), "与前面的行重复（" + "、".join(keys) + "）", do="只留一行")
                   for i in np.flatnonzero(again)]
    for (table, column), target in _REFERENCES.items():
        known = set(frames[target][column])
        values = frames[table][column]
        faults += [Fault(origins[table].address(int(i), column), f"「{values.iloc[i]}」在 {target} 表中没有",
                         nearest=nearest(values.iloc[i], known)) for i in np.flatnonzero(~values.isin(known))]
    return faults
