"""The fast part of the golden net (golden_net.py): moves of code change no number and no word. The whole: make net."""

import golden_net
import pytest
from made_here import page_of

from onexmodel.report import REPORTS
from onexmodel.report.make import convert
from onexmodel.report.page.blocks import Block


def here(names, place, lang, chosen, folder):
    """The pages made in this process, in half the time."""
    assert place == "example"
    given = {"data": place, "province": "", "lang": lang, "internal": True, "scenario": [chosen]}
    return {name: page_of(name, given) for name in names}


@pytest.fixture(scope="module")
def differing():
    with (
        pytest.MonkeyPatch.context() as patched
    ):  # a third of the time of a page, and no word of it
        patched.setattr(convert, "font_face", lambda *_: Block(""))
        return golden_net.differences(golden_net.FAST, here)


def test_nothing_said_or_computed_has_changed_unasked(differing):
    assert not differing, (
        f"{differing[:12]}: meant? then make net-keep, and name the numbers in CHANGELOG.md (texts in build/golden)"
    )


def test_the_net_is_as_wide_as_it_says():
    kept = golden_net.json.loads(golden_net.KEPT.read_text(encoding="utf-8"))
    reports = [key for key in kept if key.endswith(" words")]
    assert len(reports) == len(golden_net.PLACES) * len(golden_net.SCENARIOS) * 2 * len(REPORTS)
    assert {f"command {name}" for name in golden_net.COMMANDS | golden_net.NATIONAL} <= set(kept)


def test_words_are_what_a_reader_meets():
    page = '<html><head><title>x</title><style>a{}</style></head><body><p>缺口<b>852.4</b>万元</p><svg aria-label="图"></svg><script>1</script>onexmodel 0.1.0 7f3a-91c2-e0b4</body></html>'
    assert golden_net.visible(page) == "缺口852.4万元\n[图]\nonexmodel ·"
