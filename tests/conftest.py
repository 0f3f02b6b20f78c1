"""Shared: the published cases by id."""

import json
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases" / "published"


@pytest.fixture
def case():
    """case("c01") → the whole file of that case."""
    def read(start: str) -> dict:
        return json.loads(next(CASES.glob(f"{start}_*.json")).read_text(encoding="utf-8"))
    return read
