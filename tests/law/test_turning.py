"""Signs in a scenario that turn the direction of their neighbours are told with file and line, and shown by their names."""

import pytest

from onexmodel.cli import main
from onexmodel.law import load_law, read_scenario
from onexmodel.law.compose import compose
from onexmodel.law.turning import turned
from onexmodel.report.make.convert import Content
from onexmodel.report.page.blocks import in_line

TEXT = "title: {{zh: 试{0}一, en: try}}\nauthor: t\nchanges:\n  - {{parameter: pay.elasticity, value: 0.4, rationale: 甲{0}}}\n"


@pytest.mark.parametrize("sign", [*"\u202e\u2067\u2069\u200f\u061c"])
def test_a_scenario_s_signs_are_notes_with_their_lines(sign, tmp_path, capsys):
    path = tmp_path / "s.yaml"
    path.write_text(TEXT.format(sign), encoding="utf-8")
    notes = compose(load_law(), [read_scenario(path)]).notes
    assert [note.split("含")[0] for note in notes] == ["s.yaml 第 1 行", "s.yaml 第 4 行"]
    assert all(f"U+{ord(sign):04X}" in note for note in notes)
    assert main(["scenarios", str(path)]) == 0
    out, err = capsys.readouterr()
    assert (
        sign not in out + err
        and f"[U+{ord(sign):04X}]" in out
        and err.count("提示：s.yaml 第") == 2
    )


def test_a_sign_that_yaml_writes_by_its_number_is_seen_too():
    text = 'title: "a\\u202Eb"\nauthor: "\\U00002067"\nx: "\\u4e00"\n'
    assert [note[:14] for note in turned("s.yaml", text)] == [
        "s.yaml 第 1 行含改",
        "s.yaml 第 2 行含改",
    ]
    assert turned("s.yaml", TEXT.format("")) == ()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a\u202e12", "a[U+202E]12"),
        ("שלום 12", "\u2068שלום\u2069 12"),
        ("مرحبا عالم 12 مرحبا", "\u2068مرحبا عالم\u2069 12 \u2068مرحبا\u2069"),
        ("广东 1\u202f234\r\n\x00", "广东 1\u202f234\n�"),
    ],
)
def test_a_page_names_what_turns_and_keeps_apart_what_is_written_leftward(text, made):
    assert in_line(text) == made
    content = Content()
    content.front(text, text, [{"kind": "data", "text": text}], text)
    content.add(text)
    assert content.title == content.meta == content.bands[0]["text"] == made
    assert [part.html for part in content.sections[0].parts] == [made, made]
