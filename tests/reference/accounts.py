"""A second, naive implementation of docs/method.md §7 (settlement) and of the index path of §3: loops over plain rows, exact fractions,
nothing shared with the product.

Rows are dicts; a missing number or day is None, a missing text "". Days are datetime.date, amounts in the rows yuan, results whole fen.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

AGES = ((30, "age_0_30"), (90, "age_31_90"), (180, "age_91_180"))


def exact(x) -> Fraction:
    """A number as it is written, so that 0.1 is a tenth."""
    return Fraction(str(x))


def in_fen(yuan: Fraction) -> int:
    """To the nearest fen; a half to the even one."""
    return round(yuan * 100)


def holds(start, end, day: date) -> bool:
    """From `start` on, until the day before `end`; without an end for good. Without a start it has not begun."""
    return start is not None and start <= day and (end is None or day < end)


def fee_on(fees: list[dict], batch: dict, province: str) -> tuple[Fraction | None, str]:
    """The approved fee on the batch's day: the published standard, or a special case with a document where that is the larger."""
    day, standard, special = batch["assessed_on"], None, None
    rows = [
        row
        for row in fees
        if (row["province"], row["certificate"], row["level"])
        == (province, batch["certificate"], batch["level"])
    ]
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        if not holds(row["valid_from"], row["valid_to"], day):
            continue
        if row["published_fee"] is not None:
            standard = exact(row["published_fee"])
        if (
            row["special_case"]
            and row["special_document"]
            and row["special_fee"] is not None
            and holds(row["special_from"], row["special_to"], day)
        ):
            special = exact(row["special_fee"])
    if special is not None and (standard is None or special > standard):
        return special, "special_case"
    return standard, "standard"


def first_published(fees: list[dict], batch: dict, province: str) -> Fraction | None:
    rows = [
        row
        for row in fees
        if (row["province"], row["certificate"], row["level"])
        == (province, batch["certificate"], batch["level"])
        and row["published_fee"] is not None
    ]
    return exact(min(rows, key=lambda row: row["valid_from"])["published_fee"]) if rows else None


def settled(tables: dict[str, list[dict]], law: dict, at: date) -> list[dict]:
    """One dict a batch assessed up to `at`: rate, basis, payable, paid, arrears, overpaid, age bucket, due, and the three exceptions."""
    home, made = {row["college"]: row["province"] for row in tables["colleges"]}, []
    for batch in tables["assessments"]:
        day = batch["assessed_on"]
        if day > at:
            continue
        province = home[batch["college"]]
        vouchers = [
            row
            for row in tables["payments"]
            if row["assessment"] == batch["assessment"] and row["paid_on"] <= at
        ]
        paid = sum(in_fen(exact(row["amount"])) for row in vouchers)
        bills = [
            row
            for row in vouchers
            if row["invoiced"] is not None and row["invoiced_sittings"] is not None
        ]
        invoiced, heads = (
            sum((exact(row["invoiced"]) for row in bills), Fraction(0)),
            sum(row["invoiced_sittings"] for row in bills),
        )
        rate, basis = fee_on(tables["fees"], batch, province)
        if rate is None:
            first, contract = (
                first_published(tables["fees"], batch, province),
                batch["contract_fee"],
            )
            contract = None if contract is None else exact(contract)
            if law["settlement.pre_standard"] == "first_published" and first is not None:
                rate, basis = first, "first_published"
            elif contract is not None:
                rate, basis = contract, "contract"
            elif heads:
                rate, basis = invoiced / heads, "invoice"
            else:
                basis = "none"
        again = batch["retakes"] or 0
        sat = (
            batch["registered"] if law["settlement.counted"] == "registered" else batch["sittings"]
        )
        counted = sat - again + exact(law["fees.retake_fee_share"]) * again
        payable, age = 0 if rate is None else in_fen(rate * counted), (at - day).days
        made.append(
            {
                "assessment": batch["assessment"],
                "rate": rate,
                "basis": basis,
                "counted": counted,
                "payable_fen": payable,
                "paid_fen": paid,
                "arrears_fen": max(0, payable - paid),
                "overpaid_fen": max(0, paid - payable),
                "bucket": next((name for last, name in AGES if age <= last), "age_over_180"),
                "due": day <= law["settlement.deadline"]
                if law["settlement.scope"] == "deadline"
                else day < date(2020, 8, 25),
                **_exceptions(rate, invoiced, heads, counted, payable, paid, bool(bills)),
            }
        )
    return made


def _exceptions(
    rate, invoiced: Fraction, heads: int, counted: Fraction, payable: int, paid: int, billed: bool
) -> dict[str, int]:
    """Price, quantity and payment, fen; they add to paid − payable. Nothing is an exception of a bill where there is no bill: what was
    paid without one is compared with what is payable, and where nothing was paid either there are arrears and no exception."""
    if not billed:
        return {
            "price_exception_fen": 0,
            "quantity_exception_fen": 0,
            "payment_exception_fen": paid - payable if paid else 0,
        }
    quantity = in_fen((rate or 0) * (heads - counted))
    return {
        "price_exception_fen": in_fen(invoiced) - payable - quantity,
        "quantity_exception_fen": quantity,
        "payment_exception_fen": paid - in_fen(invoiced),
    }


def rate_of(batches: list[dict]) -> Fraction | None:
    """Σ min(paid, payable) / Σ payable; a refund beyond what was paid counts as nothing paid."""
    payable = sum(one["payable_fen"] for one in batches)
    return (
        Fraction(sum(max(0, min(one["paid_fen"], one["payable_fen"])) for one in batches), payable)
        if payable
        else None
    )


def ages_of(batches: list[dict]) -> dict[str, int]:
    """Bucket → arrears, fen."""
    found = dict.fromkeys([name for _, name in AGES] + ["age_over_180"], 0)
    for one in batches:
        found[one["bucket"]] += one["arrears_fen"]
    return found


def price_signal(shares: dict[str, float], levels: dict[str, list[float]]) -> list[float]:
    """Σ share · (P_t/P_{t−1} − 1) of each year after the first; X comes off in the path."""
    years = len(next(iter(levels.values())))
    return [
        sum(share * (levels[part][t] / levels[part][t - 1] - 1) for part, share in shares.items())
        for t in range(1, years)
    ]


def index_path(signal: list[float], law: dict, rule: str) -> list[float]:
    """fee_index at the start and at the end of every year."""
    index, path, since = Fraction(1), [1.0], Fraction(1)
    x, band, collar = (exact(law[f"fees.adjust.{name}"]) for name in ("x", "dead_band", "collar"))
    for year, change in enumerate(signal, start=1):
        g = exact(change) - x
        since = since * (1 + g)
        if rule == "yearly":
            index = index * (1 + g)
        if rule == "accumulated" and year % law["fees.adjust.review_years"] == 0:
            grown = since - 1
            if grown >= band or grown <= -band:
                allowed = collar if grown > collar else -collar if grown < -collar else grown
                index, since = index * (1 + allowed), Fraction(1)
        path.append(float(index))
    return path
