"""reports/sample: what a visitor opens first is what this version says."""

from pathlib import Path

import pytest

from onexmodel.report.make.verify import verify

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_committed_sample_is_what_this_version_says(lang):
    verdict = verify(SAMPLE / lang / "fee_cap.html", "national")
    assert verdict.same, "\n".join([*verdict.sentences, "make sample"])
