"""Step 7: what was assessed in 2020 and how it was paid. Every number is drawn; nothing here is observed."""

from __future__ import annotations

import numpy as np
import pandas as pd

ASSESSED = 0.35  # of the next year's offerings were already assessed in 2020: assumption
MONTHS, MONTH_WEIGHT = (6, 7, 9, 10, 11, 12), (0.10, 0.07, 0.18, 0.22, 0.28, 0.15)
SHOWN_UNTIL = np.datetime64(
    "2021-06-30"
)  # the ledger is extracted on this day; later payments are not in it
WAIT_DAYS = 110.0  # mean days from assessment to payment at an ordinary college
SPEED = {
    "per_student_appropriation": 1.3,
    "tuition": 1.2,
    "local_appropriation": 0.8,
    "central_award": 0.6,
}
SOURCE_WEIGHT = (0.5, 0.2, 0.2, 0.1)
DECEMBER_LUMP = 0.4  # of what is still unpaid on 1 December is paid before the budget year closes
MISMATCHED, OVERPAID, REFUNDED, TWICE = 0.03, 0.01, 0.01, 0.15


def make_assessments(plans, colleges, components, guess, room, rng) -> pd.DataFrame:
    """One batch per assessed offering, with the contract fee agreed before there was a standard (元/人次)."""
    rows = plans[rng.random(len(plans)) < ASSESSED].reset_index(drop=True)
    count = len(rows)
    province = rows["college"].map(colleges.set_index("college")["province"])
    month = rng.choice(MONTHS, count, p=MONTH_WEIGHT)
    day = np.array([f"2020-{m:02d}-01" for m in month], "datetime64[D]") + rng.integers(
        0, 28, count
    )
    registered = np.maximum(5, np.round(rows["candidates"] * rng.uniform(0.5, 1.0, count))).astype(
        int
    )
    sittings = rng.binomial(registered, 0.95)
    cells = pd.DataFrame(
        {"province": province, "certificate": rows["certificate"], "level": rows["level"]}
    )
    practical = components.sort_values("session_capacity").drop_duplicates(["certificate", "level"])
    shape = cells.merge(practical, on=["certificate", "level"], how="left")
    sessions = np.ceil(sittings / shape["session_capacity"].to_numpy()).astype(int)
    return pd.DataFrame(
        {
            "assessment": [
                f"SIMA{str(d).replace('-', '')}-{i:06d}" for i, d in enumerate(day, start=1)
            ],
            "college": rows["college"],
            "certificate": rows["certificate"],
            "level": rows["level"],
            "assessed_on": day,
            "registered": registered,
            "sittings": sittings,
            "retakes": rng.binomial(sittings, 0.04),
            "passes": rng.binomial(sittings, rows["pass_rate"].fillna(0.75)),
            "contract_fee": _contract(cells, guess, room, rng),
            "sessions": sessions,
            "assessor_hours": sessions
            * shape["hours_per_session"].to_numpy()
            * np.ceil(shape["session_capacity"] / shape["candidates_per_assessor"]).to_numpy(),
        }
    )


def _contract(cells, guess, room, rng) -> np.ndarray:
    """Half the way from cost to cap, to ten yuan, one price per province, certificate and level."""
    key, first = pd.factorize(pd.MultiIndex.from_frame(cells))
    unit = np.array([guess[c] for _, c, _ in first])
    top = np.array([room[c, level] for _, c, level in first])
    price = (unit + np.maximum(0.0, 0.5 * (top - unit))) * np.exp(
        0.1 * rng.standard_normal(len(first))
    )
    return (np.round(np.minimum(price, top) / 10) * 10)[key]


def make_payments(assessments, colleges, certificates, fees, rng) -> pd.DataFrame:
    """Payment lines up to the day the ledger was extracted: an exponential wait whose rate depends on college and source,
    a December lump, some in two parts; 3 % of the lines mismatched, 1 % overpaid, 1 % refunded."""
    rows = assessments.sort_values(["college", "assessment"], kind="stable").reset_index(drop=True)
    speed = pd.Series(np.exp(0.5 * rng.standard_normal(len(colleges))), index=colleges["college"])
    source = rng.choice(list(SPEED), len(rows), p=SOURCE_WEIGHT)
    rows = rows.assign(
        source_of_funds=source,
        fee=_fee_on_the_day(rows, colleges, fees),
        payee=rows["certificate"].map(certificates.set_index("certificate")["organisation"]),
        rate=rows["college"].map(speed).to_numpy()
        * np.array([SPEED[name] for name in source])
        / WAIT_DAYS,
    )
    parts = rows.loc[
        np.repeat(np.arange(len(rows)), 1 + (rng.random(len(rows)) < TWICE))
    ].reset_index()
    share = 1.0 / parts.groupby("index")["index"].transform("size").to_numpy()
    parts["paid_on"] = _paid_on(parts, rng)
    parts["invoiced_sittings"] = parts["sittings"]
    parts["invoiced"] = parts["fee"] * parts["sittings"]
    parts["amount"] = parts["invoiced"] * share
    shown = (parts["paid_on"] <= SHOWN_UNTIL) & (parts["sittings"] > 0)
    lines = _irregular(parts[shown].reset_index(drop=True), rng)
    lines = lines.sort_values(["college", "paid_on", "amount"], kind="stable").reset_index(
        drop=True
    )
    number = lines.groupby("college").cumcount() + 1
    month = lines["paid_on"].dt.strftime("%Y-%m")
    lines["voucher"] = [f"{m}-记-{n:04d}" for m, n in zip(month, number, strict=True)]
    lines = lines.assign(
        payer="college",
        economic_code="30227",
        invoiced=lines["invoiced"].round(2),
        amount=lines["amount"].round(2),
    )
    return lines[
        [
            "voucher",
            "college",
            "assessment",
            "payee",
            "invoiced_sittings",
            "invoiced",
            "amount",
            "paid_on",
            "payer",
            "source_of_funds",
            "economic_code",
        ]
    ]


def _fee_on_the_day(rows, colleges, fees) -> np.ndarray:
    """The published fee in force on the assessment day, else the contract fee."""
    published = fees[fees["published_fee"].notna()][
        ["province", "certificate", "level", "published_fee", "valid_from"]
    ]
    joined = rows.assign(
        province=rows["college"].map(colleges.set_index("college")["province"])
    ).merge(published, on=["province", "certificate", "level"], how="left")
    held = pd.to_datetime(joined["valid_from"]) <= joined["assessed_on"]
    return np.where(held, joined["published_fee"], joined["contract_fee"])


def _paid_on(parts, rng) -> np.ndarray:
    assessed = parts["assessed_on"].to_numpy().astype("datetime64[D]")
    after = 3 + np.round(rng.exponential(1.0, len(parts)) / parts["rate"].to_numpy()).astype(int)
    paid = assessed + after.astype("timedelta64[D]")
    start = np.maximum(np.datetime64("2020-12-01"), assessed + np.timedelta64(1, "D"))
    room = (np.datetime64("2021-01-01") - start).astype(int)
    lump = (paid >= start) & (rng.random(len(parts)) < DECEMBER_LUMP) & (room > 0)
    late = np.floor(rng.beta(3, 1, len(parts)) * np.maximum(room, 1)).astype(int)
    inside = start + late.astype("timedelta64[D]")  # towards the end of the month
    return np.where(lump, np.minimum(inside, np.datetime64("2020-12-31")), paid).astype(
        "datetime64[ns]"
    )


def _irregular(lines, rng) -> pd.DataFrame:
    """Two thirds of the mismatched lines invoice other sittings than recorded; a third names no batch."""
    kind = rng.random(len(lines))
    other = kind < MISMATCHED * 2 / 3
    unmatched = (kind >= MISMATCHED * 2 / 3) & (kind < MISMATCHED)
    over = (kind >= MISMATCHED) & (kind < MISMATCHED + OVERPAID)
    refund = (kind >= MISMATCHED + OVERPAID) & (kind < MISMATCHED + OVERPAID + REFUNDED)
    lines = lines.copy()
    extra = rng.integers(1, 6, len(lines)) * other
    scale = (lines["sittings"] + extra) / lines["sittings"].clip(lower=1)
    lines["invoiced_sittings"] += extra
    lines["invoiced"] *= scale
    lines["amount"] *= scale * np.where(over, rng.uniform(1.05, 1.2, len(lines)), 1.0)
    lines.loc[unmatched, "assessment"] = ""
    back = lines[refund].copy()
    back["amount"] = -back["amount"] * rng.uniform(0.05, 0.3, len(back))
    back["paid_on"] = (back["paid_on"] + pd.Timedelta(days=20)).clip(
        upper=pd.Timestamp(SHOWN_UNTIL)
    )
    return pd.concat([lines, back.assign(invoiced_sittings=0, invoiced=0.0)], ignore_index=True)
