"""The mutants themselves: what each kind changes, that only that is changed, and that the kept list speaks of today's code."""

from pathlib import Path

import pytest
from mutant_operators import mutants_of
from mutant_runs import ROOT, reach

SURVIVORS = Path(__file__).with_name("survivors.yaml")


def changes(text: str, kind: str) -> set[str]:
    return {one.after for one in mutants_of("f.py", text) if one.kind == kind and one.differs(text)}


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("comparison", "a = b < c", {"a = b <= c", "a = b >= c"}),
        ("comparison", "a = b is not c", {"a = b is c"}),
        ("arithmetic", "a = b * c", {"a = b / c"}),
        ("arithmetic", "a = 一 + c", {"a = 一 - c"}),
        ("arithmetic", 'a = "x" + c', set()),
        ("drop a term", "a = b - c", {"a = (b)"}),
        ("constant", "a = True", {"a = False"}),
        ("constant", "a = 3", {"a = 4", "a = 0"}),
        ("boolean", "a = b and c", {"a = b or c"}),
        ("drop a condition", "a = b or c", {"a = (b)", "a = (c)"}),
        ("sign", "a = -b", {"a = (b)"}),
        ("branch", "a = np.where(b, c, d)", {"a = (c)", "a = (d)"}),
        ("branch", "a = b if c else d", {"a = (b)", "a = (d)"}),
        ("function", "a = np.minimum(b, c)", {"a = np.maximum(b, c)"}),
        ("drop a bound", "a = np.minimum(b, c)", {"a = (b)", "a = (c)"}),
        ("unwrap", "a = np.abs(b)", {"a = (b)"}),
        ("negate", "if a: b = 1", {"if not (a): b = 1"}),
        ("drop a statement", "a += 1", {"pass"}),
        ("drop a statement", "a.sort()", {"pass"}),
        ("constant", 'def f(a: "x[3]"): raise ValueError(3)', set()),
    ],
)
def test_what_a_kind_changes(kind, before, after):
    assert changes(before, kind) == after


def test_only_that_is_changed():
    text = 'x = 1  # 注\n\n\ndef f(a):\n    """Doc."""\n    return (a +\n            2)\n'
    for one in mutants_of("f.py", text):
        made = one.source(text)
        assert made.encode()[: one.start] == text.encode()[: one.start]
        assert made.endswith(text.encode()[one.end :].decode()) and made != text
    assert {one.function for one in mutants_of("f.py", text)} == {0, 4}


def test_known_survivors_are_mutants_of_the_code_as_it_is():
    """A line that has changed takes its entries with it; every entry says why."""
    from yaml import safe_load

    kept = safe_load(SURVIVORS.read_text(encoding="utf-8"))
    now = {
        one.key
        for name in sorted({one["file"] for one in kept})
        for one in mutants_of(name, (ROOT / name).read_text(encoding="utf-8"))
    }
    gone = [one for one in kept if (one["file"], one["before"], one["after"]) not in now]
    assert not gone
    assert all(one["why"].split(":")[0] in ("equivalent", "cosmetic", "elsewhere") for one in kept)


def test_only_files_that_reach_a_mutant_are_run_on_it():
    text = "LIMIT = 3\n\n\n@cached\ndef a(x):\n    return x + LIMIT\n"
    base = {
        "seconds": {"tests/f.py": 1.0, "tests/g.py": 1.0},
        "called": {"tests/f.py": [["onexmodel/rules/f.py", 4]], "": [["onexmodel/rules/f.py", 4]]},
    }
    one, *_, last = mutants_of("onexmodel/rules/f.py", text)
    assert reach(one, base) == {"tests/f.py", "tests/g.py"}  # a constant: everybody's
    assert reach(last, base) == {"tests/f.py"}
