"""What is said about the set itself: label, register of sources, caps, which source may pay what, measures to try."""

from __future__ import annotations

import pandas as pd

from ...places import package_file

LABEL_EN = (
    "Simulated data: colleges, certificates, fees, funds and settlements are fictional; only the number of higher "
    "vocational colleges and their students are calibrated to published statistics. Results say nothing about any "
    "real province"
)
# 元/人次, assumptions, never official amounts
CAPS = {"paper": 120, "computer": 150, "practical": 360, "special_practical": 480}
BARRED = {
    ("tuition", "performance_pay"),
    ("social_capital", "assessment"),
    ("social_capital", "teacher_training"),
    ("social_capital", "performance_pay"),
}
SOURCES = (
    "central_award",
    "local_appropriation",
    "per_student_appropriation",
    "tuition",
    "other_income",
    "reallocation",
    "social_capital",
)
USES = ("assessment", "training", "teacher_training", "performance_pay")


def caps() -> pd.DataFrame:
    """The caps table: assumed amounts, the same at every level."""
    return pd.DataFrame(
        [
            {
                "form": form,
                "level": "all",
                "cap": cap,
                "valid_from": "2020-07-01",
                "valid_to": "",
                "source": "SIM-CAP",
            }
            for form, cap in CAPS.items()
        ]
    )


def eligibility() -> pd.DataFrame:
    """Which source may pay which use."""
    return pd.DataFrame(
        [
            {
                "source_of_funds": source,
                "use": use,
                "allowed": "no" if (source, use) in BARRED else "yes",
                "source": "NAT",
            }
            for source in SOURCES
            for use in USES
        ]
    )


def register(name: str) -> pd.DataFrame:
    """sources: what is assumed, what is simulated (its quote is the set's label), what is published. levers: cost-reduction measures to try,
    every cut an assumption; forms of a list are joined by 、."""
    return pd.read_csv(package_file("data", "synthetic", f"{name}.csv"), keep_default_na=False)
