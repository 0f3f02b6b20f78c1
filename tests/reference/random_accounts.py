"""Small random ledgers that visit every branch: standards that end, special cases, batches before any standard, refunds, several bills."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

FIRST, LAST = date(2020, 3, 1), date(2022, 3, 1)
PAID = (
    (1.0, 0.0),
    (0.9, 0.0),
    (0.5, 0.0),
    (1.0, 10.01),
)  # share of a bill that is paid, and yuan on top; of several bills each is paid: a line
# of payment states its bill, and unpaid ones could as well be one bill stated twice
PLACES, CERTIFICATES, LEVELS = ("S01", "S02"), ("K1", "K2", "K3"), ("junior", "advanced")


def _pick(rng, *options):
    return options[int(rng.integers(len(options)))]


def _day(rng, low=FIRST, high=LAST) -> date:
    return low + timedelta(days=int(rng.integers((high - low).days)))


def random_accounts(seed: int) -> dict[str, list[dict]]:
    """Tables as lists of dicts; a missing number or day is None. Prices are of even fen, so that half of one is never half a fen.
    Assessments fall on the very days on which fees begin and end, too."""
    rng = np.random.default_rng(seed)
    colleges = [
        {
            "college": f"X{i}",
            "province": _pick(rng, *PLACES),
            "tier": "higher",
            "ownership": "public",
        }
        for i in range(6)
    ]
    fees = []
    for province in PLACES:
        for certificate in CERTIFICATES:
            for level in LEVELS:
                start = _day(rng, date(2020, 6, 1), date(2021, 6, 1))
                for _ in range(_pick(rng, 0, 1, 2, 2)):
                    end = (
                        start + timedelta(days=int(rng.integers(60, 300)))
                        if rng.random() < 0.7
                        else None
                    )
                    special = rng.random() < 0.4
                    begins = _pick(rng, start, start + timedelta(days=20), None)
                    fees.append(
                        {
                            "province": province,
                            "certificate": certificate,
                            "level": level,
                            "given_proposal": None,
                            "verified_cost": None,
                            "published_fee": _pick(
                                rng,
                                None,
                                float(rng.integers(100, 500)),
                                float(rng.integers(5_000, 25_000)) / 50,
                            ),
                            "stage": "published",
                            "document": "文",
                            "special_case": special,
                            "special_fee": float(rng.integers(80, 600)) if special else None,
                            "special_document": _pick(rng, "", "审", "审") if special else "",
                            "special_from": begins if special else None,
                            "special_to": _pick(rng, None, start + timedelta(days=50))
                            if special
                            else None,
                            "valid_from": start,
                            "valid_to": end,
                        }
                    )
                    if end is None:
                        break
                    start = end + timedelta(days=int(_pick(rng, 0, 40)))
    edges = [
        row[name]
        for row in fees
        for name in ("valid_from", "valid_to", "special_from", "special_to")
        if row[name] is not None
    ]
    assessments, payments = [], []
    for number in range(60):
        sat = int(rng.integers(0, 120))
        priced = (
            _pick(rng, *fees)
            if rng.random() < 0.6
            else {"certificate": _pick(rng, *CERTIFICATES), "level": _pick(rng, *LEVELS)}
        )
        day = _pick(rng, *edges) if rng.random() < 0.4 else _day(rng)
        batch = {
            "assessment": f"A{number}",
            "college": f"X{rng.integers(6)}",
            "certificate": priced["certificate"],
            "level": priced["level"],
            "assessed_on": day,
            "registered": sat + int(rng.integers(0, 9)),
            "sittings": sat,
            "retakes": _pick(rng, None, 0, int(rng.integers(0, sat + 1))),
            "passes": 0,
            "contract_fee": _pick(rng, None, None, float(rng.integers(80, 500)), 333.34),
            "sessions": None,
            "assessor_hours": None,
        }
        assessments.append(batch)
        fee, name = (
            _pick(rng, 200.0, 355.56, priced.get("published_fee") or 120.0),
            batch["assessment"],
        )
        whole = max(
            0, sat + int(_pick(rng, 0, 0, 2, -3))
        )  # what is billed, in one bill or in two or three unequal ones
        parts = (
            [whole]
            if rng.random() < 0.5
            else [whole - whole // 3, whole // 3]
            if rng.random() < 0.7
            else [whole - whole // 2, whole // 2 - whole // 5, whole // 5]
        )
        if rng.random() < 0.3:
            parts = []
        amounts = [
            (heads, round(heads * fee, 2), round(float(heads * fee * share) + more, 2))
            for heads in parts
            for share, more in [_pick(rng, *(PAID if len(parts) == 1 else PAID[:1]))]
        ]
        if rng.random() < 0.3 and len(parts) < 2:
            amounts.append(
                (None, None, float(_pick(rng, -50.0, 75.5, 1000.0)))
            )  # paid, or paid back, without a bill
        for part, (heads, invoiced, amount) in enumerate(amounts):
            payments.append(
                {
                    "voucher": f"V{number}-{part}",
                    "college": batch["college"],
                    "assessment": "" if heads is None and rng.random() < 0.2 else name,
                    "payee": "O1",
                    "invoiced_sittings": heads,
                    "invoiced": invoiced,
                    "amount": amount,
                    "paid_on": day + timedelta(days=int(rng.integers(-10, 60))),
                    "payer": "college",
                    "source_of_funds": "tuition",
                    "economic_code": "30227",
                }
            )
    return {"colleges": colleges, "fees": fees, "assessments": assessments, "payments": payments}
