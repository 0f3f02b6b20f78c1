"""Shared: the published cases by id; property tests that find the same examples on every machine."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

CASES = Path(__file__).parent / "cases" / "published"

settings.register_profile("same", derandomize=True)  # a red build means a change, not luck
settings.register_profile("search", max_examples=1000)  # ONEX_HYPOTHESIS=search: look for new counterexamples
settings.load_profile(os.environ.get("ONEX_HYPOTHESIS", "same"))


@pytest.fixture
def case():
    """case("c01") → the whole file of that case."""
    def read(start: str) -> dict:
        return json.loads(next(CASES.glob(f"{start}_*.json")).read_text(encoding="utf-8"))
    return read
