"""The settlement ledger at a date: each assessed batch with its fee, what is payable, paid, owed, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ...data.checking.transfer import NOTICE
from ...data.tables import by_code, in_force
from ...errors import Fault, ParameterError
from ...rules import settlement as s
from ...rules.numbers import ratio
from ..places.local import LOCAL, chosen
from ..places.names import known_words

NOTICE_DAY = pd.Timestamp("2020-08-25")  # 教财厅函〔2020〕12号
CELL = ["province", "certificate", "level"]


@dataclass(frozen=True)
class Ledger:
    """`batches`: one row an assessed batch up to the date, fen in *_fen columns, `due`: is it to be settled by a date of the notices,
    `due_by`: the first such date (NaT where none)."""

    batches: pd.DataFrame
    at: pd.Timestamp

    @property
    def payable(self) -> int:
        """Fen."""
        return int(self.batches["payable_fen"].sum())

    @property
    def arrears(self) -> int:
        """Fen."""
        return int(self.batches["arrears_fen"].sum())

    @property
    def rate(self) -> float:
        """Share of what is payable that is paid."""
        return float(
            s.settlement_rate(
                self.batches["payable_fen"].to_numpy(), self.batches["paid_fen"].to_numpy()
            )
        )

    def ages(self, rows=None) -> np.ndarray:
        """(buckets,) fen."""
        batches = self.batches if rows is None else self.batches[rows]
        return s.ageing(batches["arrears_fen"].to_numpy(), batches["age_days"].to_numpy())


def fen(yuan) -> np.ndarray:
    """Yuan to whole fen; missing counts as nothing."""
    return np.rint(np.nan_to_num(np.asarray(yuan, float)) * 100).astype(np.int64)


def settlement_ledger(tables, view: Mapping, at: date | pd.Timestamp) -> Ledger:
    """The ledger as it stood at the end of the day `at`. `view`: parameter name → value. Raises ParameterError where a reading needs a
    day that nobody supplied."""
    day = pd.Timestamp(at)
    batches = tables["assessments"]
    batches = batches[batches["assessed_on"] <= day].reset_index(drop=True)
    payments = tables["payments"]
    payments = payments[payments["paid_on"] <= day]
    place = by_code(tables["colleges"], "college")
    made = batches.assign(
        province=batches["college"].map(place["province"]),
        tier=batches["college"].map(place["tier"]),
        ownership=batches["college"].map(place["ownership"]),
    )
    standard, special, first = _fees_on_day(made, tables["fees"])
    matched = payments[payments["assessment"] != ""]
    paid = matched.assign(fen=fen(matched["amount"])).groupby("assessment")["fen"].sum()
    paid = paid.reindex(made["assessment"]).fillna(0).to_numpy(np.int64)
    lines = _bill_lines(matched, made["assessment"])
    invoiced_rate = (
        ratio(
            *(
                np.bincount(lines["at"], lines[name], len(made))
                for name in ("invoiced", "invoiced_sittings")
            )
        )
        / 100
    )
    rate, basis = s.rate_and_basis(
        standard,
        special,
        made["contract_fee"].to_numpy(float),
        first,
        invoiced_rate,
        view["settlement.pre_standard"],
    )
    heads = s.counted_sittings(
        made["sittings"].to_numpy(float),
        made["registered"].to_numpy(float),
        made["retakes"].fillna(0).to_numpy(float),
        _retake_share(tables, made, view),
        view["settlement.counted"],
    )
    payable = s.payable_fen(rate, heads)
    fee_fen = np.nan_to_num(rate) * 100
    count, invoiced = _bills(lines, heads, paid)
    age = (day - made["assessed_on"]).dt.days.to_numpy()
    made = made.assign(
        rate=rate,
        basis=[s.BASES[int(code)] for code in basis],
        counted=heads,
        payable_fen=payable,
        paid_fen=paid,
        arrears_fen=s.arrears(payable, paid),
        overpaid_fen=s.overpaid(payable, paid),
        age_days=age,
        bucket=[s.BUCKETS[int(code)] for code in s.age_bucket(age)],
        invoiced_sittings=count,
        invoiced_fen=fen(invoiced / 100),
        due_by=_due_by(made["assessed_on"], view),
    )
    made["due"] = made["due_by"].notna()
    return Ledger(made.assign(**_exceptions(made, fee_fen)), day)


def _due_by(assessed_on: pd.Series, view: Mapping) -> pd.Series:
    """The date by which each batch is to be settled: the deadline of C2, else (settlement.winddown) that of C15; NaT where neither."""
    deadline, last = (
        pd.Timestamp(str(view[name])) for name in ("settlement.deadline", "settlement.last_sitting")
    )
    first = s.in_settlement_scope(assessed_on, deadline, NOTICE_DAY, view["settlement.scope"])
    second = s.in_transfer_scope(
        assessed_on, last, _transfer_notice_day(view), view["settlement.winddown"]
    )
    never = pd.Series(pd.NaT, index=assessed_on.index, dtype=assessed_on.dtype)
    return never.mask(second, last).mask(first, deadline)


def _transfer_notice_day(view: Mapping) -> pd.Timestamp:
    """The day the transfer notice was issued, asked for only by the reading that uses it. Raises ParameterError where it is missing there."""
    day = view["settlement.transfer_notice_day"]
    if day is None and view["settlement.winddown"] == "before_notice":
        raise ParameterError(
            Fault(
                "参数 settlement.transfer_notice_day",
                f"移交通知（{NOTICE}）的印发日没有取值，而所取的「移交时的结算」（印发前考核的须结清）要用到它",
                do="按文件填写：写入情景文件，或用 --set settlement.transfer_notice_day=年-月-日",
                code="required_day",
            )
        )
    return pd.NaT if day is None else pd.Timestamp(str(day))


def _exceptions(made: pd.DataFrame, fee_fen) -> dict[str, np.ndarray]:
    """Price, quantity and payment exception of each batch, whole fen, which add to paid − payable wherever something was billed or paid.
    A batch paid without a bill is taken as billed what is payable (no price or quantity exception); one neither billed nor paid has none:
    what it owes is arrears alone. A fraction of a fen (resits at a share of the fee) falls to the quantity."""
    count, payable, paid = (
        made[name].to_numpy() for name in ("invoiced_sittings", "payable_fen", "paid_fen")
    )
    billed = ~np.isnan(count)
    invoiced = np.where(billed, made["invoiced_fen"].to_numpy(), np.where(paid != 0, payable, 0))
    price = np.where(
        billed, np.rint(s.price_exception(invoiced, fee_fen, np.nan_to_num(count))), 0
    ).astype(np.int64)
    owed = np.where(billed | (paid != 0), payable, 0)
    quantity = np.where(
        billed,
        np.rint(
            s.quantity_exception(fee_fen, np.nan_to_num(count), made["counted"].to_numpy(float))
        ),
        0,
    ).astype(np.int64)
    rest = invoiced - owed - price - quantity
    quantity = quantity + np.where(np.abs(rest) <= 1, rest, 0)
    return {
        "price_exception_fen": price,
        "quantity_exception_fen": quantity,
        "payment_exception_fen": np.where(
            billed | (paid != 0), s.payment_exception(paid, invoiced), 0
        ),
    }


def _bill_lines(payments: pd.DataFrame, batches: pd.Series) -> pd.DataFrame:
    """at (position in `batches`), invoiced_sittings, invoiced (fen): the payment lines that state a bill (sittings and amount), the largest
    of a batch first."""
    lines = payments[
        payments["invoiced_sittings"].notna()
        & payments["invoiced"].notna()
        & payments["assessment"].isin(batches)
    ]
    lines = pd.DataFrame(
        {
            "at": lines["assessment"]
            .map(pd.Series(np.arange(len(batches)), index=batches.to_numpy()))
            .astype(int),
            "invoiced_sittings": lines["invoiced_sittings"].astype(float),
            "invoiced": fen(lines["invoiced"]),
        }
    )
    return lines.sort_values(
        ["at", "invoiced", "invoiced_sittings"],
        ascending=[True, False, False],
        kind="stable",
        ignore_index=True,
    )


def _bills(lines: pd.DataFrame, counted, paid) -> tuple[np.ndarray, np.ndarray]:
    """(sittings, fen) billed for each batch, nan where no line states a bill. Several bills of a batch are summed. Every payment line
    states the bill it pays, so a bill paid in two parts stands twice: of a batch's lines, the largest first, as many count as leave the
    smallest differences (billed − counted sittings at the rate billed, and paid − billed), or each differing line once where that
    leaves less; where two ways leave the same, the one with more lines."""
    at, count = lines["at"].to_numpy(), len(paid)
    ways = (
        lines.groupby("at")[["invoiced_sittings", "invoiced"]]
        .cumsum()
        .assign(at=at, lines=lines.groupby("at").cumcount() + 1)
    )
    differing = (
        lines.drop_duplicates()
        .groupby("at")[["invoiced_sittings", "invoiced"]]
        .agg("sum")
        .assign(lines=0)
        .reset_index()
    )
    ways = pd.concat([ways, differing], ignore_index=True)
    at_way, rate = (
        ways["at"].to_numpy(),
        np.nan_to_num(
            ratio(
                *(np.bincount(at, lines[name], count) for name in ("invoiced", "invoiced_sittings"))
            )
        ),
    )
    left = np.abs(ways["invoiced"] - (rate * counted)[at_way]) + np.abs(
        s.payment_exception(paid[at_way], ways["invoiced"])
    )
    best = ways.assign(left=np.rint(left)).sort_values(
        ["at", "left", "lines"], ascending=[True, True, False], kind="stable"
    )
    best = by_code(best, "at").reindex(range(count))
    return best["invoiced_sittings"].to_numpy(float), best["invoiced"].to_numpy(float)


def _retake_share(tables, made: pd.DataFrame, view: Mapping):
    """The share of the fee a resit pays: one number, or one a batch where it differs from place to place."""
    share, local = (
        view["fees.retake_fee_share"],
        view.get(LOCAL, {}).get("fees.retake_fee_share", ()),
    )
    if local:
        certificates, words = (
            by_code(tables["certificates"], "certificate"),
            known_words(tables),
        )
        rows = made.assign(organisation=made["certificate"].map(certificates["organisation"]))
        for where, value in local:
            share = np.where(chosen(rows.__getitem__, words, where, len(rows)), value, share)
    return share


def _fees_on_day(
    batches: pd.DataFrame, fees: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(standard in force, special case in force, first published standard) per batch, nan where there is none. Of several rows in
    force on a day the one that began last holds, wherever it stands in the file."""
    keyed = batches[[*CELL, "assessed_on"]].assign(at=np.arange(len(batches)))
    joined = keyed.merge(fees.sort_values("valid_from", kind="stable"), on=CELL, how="inner")
    day = joined["assessed_on"]
    held = in_force(joined, day)
    published = joined[joined["published_fee"].notna()]
    standard = (
        published[held[published.index]]
        .drop_duplicates("at", keep="last")
        .set_index("at")["published_fee"]
    )
    case = (
        joined["special_case"].astype(bool)
        & (joined["special_document"] != "")
        & joined["special_fee"].notna()
    )
    running = (joined["special_from"] <= day) & (
        joined["special_to"].isna() | (day < joined["special_to"])
    )
    special = (
        joined[held & case & running]
        .drop_duplicates("at", keep="last")
        .set_index("at")["special_fee"]
    )
    first = by_code(published, "at")["published_fee"]
    return tuple(
        one.reindex(range(len(batches))).to_numpy(float) for one in (standard, special, first)
    )


def burn_down(tables, view: Mapping, month_ends) -> pd.DataFrame:
    """Arrears and payable at each month end, fen."""
    rows = []
    for day in month_ends:
        ledger = settlement_ledger(tables, view, day)
        rows.append((ledger.at, ledger.payable, ledger.arrears, ledger.rate))
    return pd.DataFrame(rows, columns=["at", "payable_fen", "arrears_fen", "settlement_rate"])
