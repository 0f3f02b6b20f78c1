"""Step 11: defects on request, each written to the truth file, so that the checker's recall can be measured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

COLUMNS = ["kind", "table", "row", "column", "key", "original", "written"]
EACH = 12  # defects of a kind, fewer where the table has fewer rows
FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
KEYS = {
    "payments": ("college", "voucher"),
    "assessments": ("assessment",),
    "colleges": ("college",),
    "offerings": ("college", "certificate", "level", "year"),
    "funding": ("owner", "source_of_funds"),
    "ingredients": ("certificate", "level", "component", "item", "sub_item"),
}
FIRST_ROW = 2  # rows are counted as in Excel, the header being row 1


class _Folder:
    """The tables of a folder as text, the rows already spoiled, and what was done."""

    def __init__(self, folder: Path, rng: np.random.Generator):
        self.rng, self.truth, self.used = rng, [], {name: set() for name in KEYS}
        self.tables = {
            name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
            for name in KEYS
        }

    def pick(self, table: str, mask) -> list[int]:
        free = [int(i) for i in np.flatnonzero(mask) if int(i) not in self.used[table]]
        chosen = sorted(self.rng.choice(free, min(EACH, len(free)), replace=False).tolist())
        self.used[table].update(chosen)
        return chosen

    def write(self, kind: str, table: str, row: int, column: str, value: str) -> None:
        before = self.tables[table].at[row, column]
        self.tables[table].at[row, column] = value
        self._note(kind, table, row, column, before, value)

    def append(self, kind: str, table: str, row: pd.Series, column: str, was: str) -> None:
        frame = self.tables[table]
        self.tables[table] = pd.concat([frame, row.to_frame().T], ignore_index=True)
        self.used[table].add(len(frame))
        self._note(kind, table, len(frame), column, was, row[column])

    def _note(self, kind, table, row, column, before, value) -> None:
        key = "/".join(
            part for part in (self.tables[table].at[row, name] for name in KEYS[table]) if part
        )
        self.truth.append(
            dict(
                zip(
                    COLUMNS, (kind, table, row + FIRST_ROW, column, key, before, value), strict=True
                )
            )
        )


def spoil(folder: Path, rng: np.random.Generator) -> pd.DataFrame:
    """Put defects into the CSVs of a written folder; the truth: one line a cell with its row, what it was and what it is."""
    work = _Folder(folder, rng)
    for step in (
        _swapped_dates,
        _duplicated_vouchers,
        _ten_thousands,
        _full_width,
        _missing,
        _charged_twice,
    ):
        step(work)
    for name, frame in work.tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    return pd.DataFrame(work.truth, columns=COLUMNS)


def _duplicated_vouchers(work: _Folder) -> None:
    for row in work.pick("payments", work.tables["payments"]["amount"] != ""):
        line = work.tables["payments"].loc[row]
        work.append("duplicated_voucher", "payments", line, "voucher", line["voucher"])


def _swapped_dates(work: _Folder) -> None:
    """Assessment day and payment day exchanged: the payment then stands before the assessment."""
    payments, batches = work.tables["payments"], work.tables["assessments"]
    at = pd.Series(batches.index, index=batches["assessment"])
    single = (payments["assessment"] != "") & ~payments["assessment"].duplicated(keep=False)
    later = single & (
        payments["paid_on"]
        > payments["assessment"].map(batches.set_index("assessment")["assessed_on"])
    )
    for row in work.pick("payments", later):
        batch = int(at[payments.at[row, "assessment"]])
        work.used["assessments"].add(batch)
        paid, assessed = payments.at[row, "paid_on"], batches.at[batch, "assessed_on"]
        work.write("swapped_dates", "payments", row, "paid_on", assessed)
        work.write("swapped_dates", "assessments", batch, "assessed_on", paid)


def _ten_thousands(work: _Folder) -> None:
    for table, column in (("payments", "amount"), ("funding", "limit")):
        values = pd.to_numeric(work.tables[table][column])
        for row in work.pick(table, values > 1000):
            work.write("wan_for_yuan", table, row, column, f"{values[row] / 10000:.4f}")


def _full_width(work: _Folder) -> None:
    for table, column in (("payments", "amount"), ("offerings", "candidates")):
        for row in work.pick(table, ~work.tables[table][column].str.startswith("-")):
            work.write(
                "full_width_digits",
                table,
                row,
                column,
                work.tables[table].at[row, column].translate(FULL_WIDTH),
            )


def _missing(work: _Folder) -> None:
    for table, column in (
        ("offerings", "class_size"),
        ("colleges", "ownership"),
        ("assessments", "sittings"),
    ):
        for row in work.pick(table, work.tables[table][column] != ""):
            work.write("missing_cell", table, row, column, "")


def _charged_twice(work: _Folder) -> None:
    rows = work.tables["ingredients"]
    once = (
        (rows["phase"] == "assessment")
        & (rows["borne_by"] == "organisation")
        & (rows["item"] != "question_bank")
    )
    for row in work.pick("ingredients", once & (rows["college"] == "")):
        line = work.tables["ingredients"].loc[row].copy()
        line["borne_by"] = "college"
        work.append("item_charged_twice", "ingredients", line, "borne_by", "organisation")
