"""Every package the pins install has a licence on the list, and a check that nobody answered is not called clean."""

from email.message import Message

import pytest
from supply import RULES, is_allowed, licence_of, licences, package, pinned, tell


def test_licences_of_what_is_installed_are_on_the_list():
    found = [one for one in map(package, pinned()) if one.version]
    assert len(found) > 60
    assert not {one.name: one.licence or "not stated" for one in found if not one.allowed}


def test_the_list_is_of_the_pins(capsys):
    names = pinned()
    assert {"pandas", "pydantic", "pyyaml", "hypothesis"} <= set(names) and len(names) > 100
    assert licences() == 0
    assert "pydantic" in capsys.readouterr().out


def stated(**fields) -> Message:
    made = Message()
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            made[name.replace("_", "-")] = one
    return made


@pytest.mark.parametrize(
    "found, licence, good",
    [
        (stated(License_Expression="MIT AND Zlib"), "MIT AND Zlib", True),
        (stated(License_Expression="GPL-3.0-only OR MIT"), "GPL-3.0-only OR MIT", True),
        (stated(License_Expression="MIT AND GPL-3.0-only"), "MIT AND GPL-3.0-only", False),
        (stated(License="Apache 2.0"), "Apache-2.0", True),
        (
            stated(License="UNKNOWN", Classifier=["License :: OSI Approved :: ISC License (ISCL)"]),
            "ISC",
            True,
        ),
        (stated(License="GPL\n text"), "GPL", False),
        (stated(Classifier=["Topic :: x"]), "", False),
    ],
)
def test_a_licence_is_read_from_what_a_package_states(found, licence, good):
    assert licence_of(found) == licence and is_allowed(licence) is good


def test_every_allowed_licence_says_what_it_asks():
    assert all(isinstance(why, str) and why for why in RULES["allowed"].values())
    assert set(RULES["words"].values()) <= set(RULES["allowed"])


def test_what_was_not_checked_is_said(capsys):
    fault = {"id": "X-1", "fix_versions": ["2.1"]}
    answers = [
        {"name": "a", "version": "1", "vulns": []},
        {"name": "b", "version": "2", "vulns": [fault]},
        {"name": "c", "skip_reason": "not found"},
    ]
    assert tell(answers) == 1
    said = capsys.readouterr().out
    assert "b 2: X-1, mended in 2.1" in said and "NOT CHECKED: c (not found)" in said
    assert "2 packages checked, 1 not, 1 known weaknesses" in said
    assert tell(answers[:1]) == 0
