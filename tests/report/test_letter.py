"""The one page for the file (--docx): a letter in Chinese, a memo in English, of the report's own sentences and numbers; one sheet, the same
bytes each time, nobody's words as anything but words."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import nbformat
import pandas as pd
import pytest
from docx import Document
from fontTools.ttLib import TTFont
from IPython.core.formatters import DisplayFormatter
from lxml import etree
from made_here import Made
from matplotlib import get_data_path

from onexmodel.cli import main
from onexmodel.errors import ReportError
from onexmodel.law import load_law
from onexmodel.report import REPORTS, open_report
from onexmodel.report.annex.sources import documents
from onexmodel.report.letter import paper
from onexmodel.report.letter.parts import parts
from onexmodel.report.make import execute
from onexmodel.report.make.convert import letter_of
from onexmodel.report.make.fingerprint import fingerprint, visible_text
from onexmodel.report.make.gate import PageOptions
from onexmodel.report.page.printed import BLANK, alone

pytestmark = pytest.mark.usefixtures("sketched", "fontless")
GIVEN = {"data": "example", "province": "", "internal": True, "date": "2026-12-01", "log2_draws": 7}
LETTER = PageOptions(docx=True)
EACH = [(name, lang) for name in REPORTS for lang in ("zh", "en")]
DAY = paper.datetime(2020, 1, 1)
SAID = {
    "report": "fee_cap",
    "language": "zh",
    "kicker": "某事 · 测算",
    "title": "题目",
    "lead": "结论。",
    "also": [],
    "keys": [],
    "who": [],
    "advice": [],
    "requests": [],
    "requests_note": "",
    "documents": ["某函〔2020〕1号"],
    "place": "甲省",
    "year": 2021,
    "marks": [],
    "label": "",
    "simulated": False,
    "issuer": "",
    "date": "",
}


def notebook(key):
    """The cells of a report that its letter is made of, and its sources, as executed."""
    report = open_report(key[0], {**GIVEN, "lang": key[1]})
    found = nbformat.v4.new_notebook()
    for block in (report.front(), report.decision(), report.sources(), report.record()):
        data, _ = DisplayFormatter().format(block)
        output = nbformat.v4.new_output("execute_result", data, execution_count=1)
        found.cells.append(nbformat.v4.new_code_cell("a cell", outputs=[output]))
    return found


@pytest.fixture(scope="module")
def notebooks(sketched, fontless):
    """(report, language) → its notebook, executed."""
    return Made(notebook)


@pytest.fixture(scope="module")
def made(notebooks, tmp_path_factory):
    """(report, language) → the folder into which make_report has put it."""

    def make(key):
        out = tmp_path_factory.mktemp("_".join(key))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(execute, "execute", lambda *_: notebooks[key])
            execute.make_report(key[0], {**GIVEN, "lang": key[1]}, out, options=LETTER)
        return out

    return Made(make)


def lines(file) -> list[str]:
    """The paragraphs of a letter."""
    return [one.text for one in Document(file).paragraphs]


def written(said=SAID, to="", **other) -> list[str]:
    """The paragraphs of a letter of what is said, as the file has them."""
    found = parts(said | other, to, "a.html", "1-2-3")
    return lines(BytesIO(paper.document(found, said["language"], DAY)))


@pytest.mark.parametrize(("name", "lang"), EACH)
def test_every_number_and_sentence_of_the_letter_stands_on_the_page(name, lang, made, notebooks):
    page = (made[name, lang] / f"{name}.html").read_text(encoding="utf-8")
    shown = BLANK.sub("", "".join(visible_text(page)))
    said = letter_of(notebooks[name, lang])
    letter = "\n".join(lines(made[name, lang] / f"{name}.docx"))
    assert fingerprint(page) in letter and f"{name}.html" in letter
    own = letter.replace(f"{name}.html", "").replace(fingerprint(page), "")
    numbers = re.findall(r"\d+(?:\.\d+)?", re.sub(r"^\d\. ", "", own, flags=re.M))
    assert len(numbers) > 20
    apart = "\n".join(visible_text(page))
    assert [one for one in numbers if not re.search(alone(one), apart)] == []
    kept = [said["lead"], *said["also"], *said["requests"], said["title"], said["label"]]
    kept += [text for pair in (*said["who"], *said["advice"][:2]) for text in pair]
    kept += [cell for key in said["keys"] for cell in key]
    for text in filter(None, kept):
        text = BLANK.sub("", text)
        assert text in shown and text.casefold() in BLANK.sub("", letter).casefold(), text


@pytest.mark.parametrize(("name", "lang"), EACH)
def test_it_has_every_part_in_its_order_and_none_empty(name, lang, made, notebooks):
    said, found = letter_of(notebooks[name, lang]), lines(made[name, lang] / f"{name}.docx")
    labels = [label for label, _ in (*said["who"], *said["advice"][:2])]
    first, last = {
        "zh": (
            ["根据", "测算结论", "关键数字"],
            ["拟请示事项", "模拟数据", "不是法律意见", "附件"],
        ),
        "en": (["Under", "Conclusion", "Key figures"], ["Decisions", "imulated", "legal advice"]),
    }[lang]
    last = last if said["requests"] else last[1:]  # data_quality asks for nothing
    text, at = "\n".join(found[4 if lang == "en" else 2 :]), 0
    for part in [*first, *labels, *last]:
        at = text.find(part, at)
        assert at >= 0, part
    assert all(one.strip() for one in found)
    assert len(said["keys"]) == 3
    assert 1 < len(said["requests"]) < 5 or name == "data_quality"
    assert len(labels) == 3  # who bears it, the recommendation, what would overturn it
    assert "2026年12月1日" in found[-1] if lang == "zh" else "Date: 1 December 2026" in found


def test_the_page_is_the_same_with_and_without_it(made, notebooks, monkeypatch, tmp_path):
    monkeypatch.setattr(execute, "execute", lambda *_: notebooks["fee_cap", "zh"])
    execute.make_report("fee_cap", GIVEN, tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["fee_cap.html", "fee_cap.json"]
    for one in tmp_path.iterdir():
        assert one.read_bytes() == (made["fee_cap", "zh"] / one.name).read_bytes()


def test_two_runs_have_the_same_bytes_and_no_day_of_their_own(
    made, notebooks, monkeypatch, tmp_path
):
    monkeypatch.setattr(execute, "execute", lambda *_: notebooks["fee_cap", "zh"])
    execute.make_report("fee_cap", GIVEN, tmp_path, options=LETTER)
    first, second = (
        (folder / "fee_cap.docx").read_bytes() for folder in (made["fee_cap", "zh"], tmp_path)
    )
    assert first == second
    with ZipFile(BytesIO(first)) as opened:
        assert {one.date_time for one in opened.infolist()} == {DAY.timetuple()[:6]}
    known = Document(BytesIO(first)).core_properties
    assert known.created == known.modified and known.created.year == 2020
    assert (known.author, known.last_modified_by, known.comments) == ("", "", "")


ORDER = {  # of the children of w:pPr and w:rPr, as the standard has them (ECMA-376, CT_PPrBase and EG_RPrBase), of those that are used
    "pPr": ["pStyle", "spacing", "ind", "jc"],
    "rPr": ["rFonts", "b", "spacing", "sz", "lang"],
}


def in_order(body) -> None:
    """Properties stand as the standard wants them; Word repairs, or refuses, a file where they do not."""
    for kind, order in ORDER.items():
        for one in body.iter(f"{{*}}{kind}"):
            names = [etree.QName(child).localname for child in one]
            assert names == sorted(names, key=order.index), names


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_its_parts_are_valid_and_set_in_the_faces_of_official_documents(lang, made):
    path = made["performance_pay", lang] / "performance_pay.docx"
    with ZipFile(path) as opened:
        trees = {
            one: etree.fromstring(opened.read(one))
            for one in opened.namelist()
            if one.endswith((".xml", ".rels"))
        }
    body = trees["word/document.xml"]
    in_order(body)
    section = Document(path).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    faces = {one.get(paper.qn("w:eastAsia")) for one in body.iter("{*}rFonts")}
    assert faces == ({"方正小标宋简体", "仿宋", "黑体"} if lang == "zh" else {"FangSong"})
    names = trees["word/fontTable.xml"].iter("{*}altName")
    others = {"zh": ["FangSong", "SimHei", "宋体"], "en": ["仿宋"]}[lang]
    assert [one.get(paper.qn("w:val")) for one in names] == others


def test_type_is_as_large_as_the_page_allows():
    few = Document(BytesIO(paper.document(parts(SAID, "", "a.html", "1"), "zh", DAY)))
    body = next(one for one in few.paragraphs if one.text.startswith("根据"))
    assert (body.runs[0].font.size.pt, body.paragraph_format.line_spacing.pt) == (16, 29)
    assert round(few.sections[0].top_margin.mm) == 37
    title = next(one for one in few.paragraphs if one.text.startswith("关于"))
    assert title.runs[0].font.size.pt == 22 and title.alignment == paper.ALIGN.CENTER
    sizes = [
        Document(
            BytesIO(
                paper.document([paper.Part("title", "题"), paper.Part("body", "字" * n)], "zh", DAY)
            )
        )
        .styles["Normal"]
        .font.size.pt
        for n in (100, 700, 1100, 1600)
    ]
    assert sizes == sorted(sizes, reverse=True) and len({*sizes}) == 4


def pages_in_a_wider_face(file: bytes) -> float:
    """How many pages a memo takes in DejaVu Serif, which a machine without Times (and its likes) has: line by line, as words fill them."""
    made, faces = Document(BytesIO(file)), {}
    for bold, name in ((False, "DejaVuSerif"), (True, "DejaVuSerif-Bold")):
        font = TTFont(Path(get_data_path()) / "fonts" / "ttf" / f"{name}.ttf")
        faces[bold] = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    section, height = made.sections[0], 0.0
    across = (
        section.page_width - section.left_margin - section.right_margin
    ) / 12700  # EMU in a pt
    room = (section.page_height - section.top_margin - section.bottom_margin) / 12700
    for one in made.paragraphs:
        form, lines = one.paragraph_format, 1
        indent = form.left_indent.pt if form.left_indent else 0
        at, word = (form.first_line_indent.pt if form.first_line_indent else 0), 0.0
        for run in one.runs:
            names, widths, em = faces[bool(run.bold)]
            for sign in f"{run.text}":
                wide = widths[names[ord(sign)]][0] / em if ord(sign) in names else 1.0
                word += wide * run.font.size.pt
                if at + word > across - indent:
                    lines, at = lines + 1, 0.0
                if sign == " ":
                    at, word = at + word, 0.0
        height += lines * form.line_spacing.pt + form.space_before.pt + form.space_after.pt
    return height / room


@pytest.mark.parametrize("times", [9, 12, 15, 18])
def test_an_english_memo_is_one_page_in_a_wider_face_as_well(times):
    """Set for Times to the last line, most ran to two pages on a machine that has none."""
    sentence = (
        "Against current law college outlay is up by about CNY 4.0 million (3.1 to 5.1) under 'caps up 10%', colleges save"
        " about CNY 3.1 million, pay about CNY 5.3 million and lose about CNY 2.2 million, which lower fees must cover. "
    )
    said = SAID | {"language": "en", "lead": sentence * (times // 3), "label": sentence}
    said |= {"requests": [sentence] * 3, "advice": [["Recommendation", sentence * (times // 3)]]}
    file = paper.document(parts(said, "Department of Education", "a.html", "1"), "en", DAY)
    assert 0.5 < pages_in_a_wider_face(file) <= 1


def test_what_is_not_there_leaves_neither_head_nor_number():
    found = written()
    assert found[:2] == ["关于1+X证书考核成本上限与费用标准的报告", "（主送单位）："]
    assert [one for one in found if "、" in one[:3]] == ["一、测算结论。结论。"]
    assert found[-2:] == ["＿＿＿＿＿＿＿＿＿＿", "＿＿＿＿年＿＿月＿＿日"]
    assert "请批示" not in "".join(found) and "数据性质" not in "".join(found)
    assert "关于某事的报告" in written(report="another")
    english = written(SAID | {"language": "en"})
    assert "From: ____________________" in english and "To: (addressee)" in english


def test_what_is_asked_for_is_a_request_unless_it_looks_back():
    asked = {
        "requests": ["拟同意甲。", "请明确乙。"],
        "advice": [["建议", "做甲。"], ["何时应改变", "乙"]],
    }
    found = written(**asked, to="省教育厅", issuer="甲校", date="2026-12-01", label="模拟数据：甲")
    assert found[:2] == ["关于1+X证书考核成本上限与费用标准的请示", "省教育厅："]
    assert (
        "二、建议。做甲。" in found
        and "三、何时应改变。乙。" in found
        and "妥否，请批示。" in found
    )
    at = found.index("四、拟请示事项。")
    assert found[at + 1 : at + 3] == ["（一）拟同意甲。", "（二）请明确乙。"]
    assert found[-2:] == ["甲校", "2026年12月1日"]
    back = written(**asked, requests_note="现时不据以办理。")
    assert "四、拟请示事项。现时不据以办理。" in back and "妥否，请批示。" not in back


HOSTILE = '</w:t><w:br/>&amp;"{{ 7*7 }}\u202e1\r2\t3\x0b\x07\ufffe=cmd'


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_of_others_are_words(lang):
    said = SAID | {"language": lang, "title": HOSTILE, "issuer": HOSTILE, "place": HOSTILE}
    found = written(said, to=HOSTILE)
    as_text = '</w:t><w:br/>&amp;"{{ 7*7 }}[U+202E]1 2 3 �'
    assert sum(as_text in one for one in found) == 4
    assert not any(one in "".join(found) for one in "\u202e\r\t\x07\ufffe")


def test_digits_are_set_apart_for_the_eye_and_copied_whole():
    file = paper.document(
        [paper.Part("title", "题"), paper.Part("body", "共1\u202f234\u202f567元")], "zh", DAY
    )
    paragraph = Document(BytesIO(file)).paragraphs[1]
    assert paragraph.text == "共1234567元"
    in_order(paragraph._element)
    apart = [
        one.text
        for one in paragraph.runs
        if one._element.rPr.find(paper.qn("w:spacing")) is not None
    ]
    assert apart == ["1", "4"]


def test_more_than_a_page_is_refused_and_nothing_is_made(notebooks, monkeypatch, tmp_path):
    monkeypatch.setattr(execute, "execute", lambda *_: notebooks["fee_cap", "zh"])
    long = PageOptions(docx=True, addressee="长" * 3000)
    with pytest.raises(ReportError, match="呈报件（--docx）：字数太多，一页放不下"):
        execute.make_report("fee_cap", GIVEN, tmp_path, options=long)
    assert [*tmp_path.iterdir()] == []


def test_a_report_without_a_front_page_has_none(notebooks, monkeypatch, tmp_path):
    monkeypatch.setattr(execute, "execute", lambda *_: notebooks["fee_cap", "zh"])
    monkeypatch.setattr(execute, "letter_of", lambda notebook: {"requests": []})
    with pytest.raises(ReportError, match="没有首页摘要"):
        execute.make_report("fee_cap", GIVEN, tmp_path, options=LETTER)
    assert [*tmp_path.iterdir()] == []


def test_documents_are_the_nation_s_and_the_province_s_own():
    names = pd.DataFrame({"province": ["44", "32"], "name_zh": ["广东", "江苏"]})
    study = SimpleNamespace(composition=SimpleNamespace(law=load_law()))

    def found(year: int, *provinces: str, names=names) -> list[str]:
        study.year, study.provinces, study.tables = year, provinces, {"provinces": names}
        return documents(study, "fee_cap", ("fees.",))

    nation = ["教财厅函〔2020〕12号", "教职成厅函〔2020〕11号"]
    assert found(2021) == found(2021, "32") == found(2021, "44", "32") == nation
    assert found(2021, names=names[1:]) == nation  # of data that do not know the issuer's province
    assert found(2021, "44") == found(2021, names=names[:1])
    assert found(2021, "44") == [nation[0], "粤教职函〔2020〕31号", nation[1]]
    assert "人社厅函〔2025〕154号" in found(2025) and found(2019) == []
    # whatever an issuer is called: the level says it, not the English word Ministry
    law = load_law()
    other = {name: {**one, "issuer": "某厅"} for name, one in law.sources.items()}
    study.composition.law = replace(law, sources=other)
    assert found(2021, "44") == [nation[0], "粤教职函〔2020〕31号", nation[1]]
    assert found(2021, "32") == nation


def test_the_command_puts_it_beside_the_page(tmp_path, capsys):
    given = ["report", "performance_pay", "--data", "example", "--internal", "--draws", "2"]
    assert main([*given, "--to", "省教育厅"]) == 2
    assert "--to" in capsys.readouterr().err
    assert main([*given, "--docx", "--to", "省教育厅", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[1] == str(tmp_path / "performance_pay.docx")
    assert "省教育厅：" in lines(told[1])


FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{}/fonts/ttf</dir>
<match target="pattern"><test name="family"><string>Times New Roman</string></test>
<edit name="family" mode="assign" binding="same"><string>STIXGeneral</string></edit></match></fontconfig>"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "letters", [EACH[::7], pytest.param(EACH, marks=pytest.mark.thorough)], ids=["some", "each"]
)
def test_each_is_one_page_in_libreoffice(letters, made, tmp_path):
    office, info = shutil.which("soffice"), shutil.which("pdfinfo")
    if not office or not info:
        pytest.skip("needs LibreOffice (soffice) and pdfinfo")
    fonts = tmp_path / "fonts.conf"  # a face of the measures of Times New Roman, wherever this runs
    fonts.write_text(FONTS.format(get_data_path()), encoding="utf-8")
    files = [
        shutil.copy(made[key] / f"{key[0]}.docx", tmp_path / f"{'_'.join(key)}.docx")
        for key in letters
    ]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, *map(str, files)],
        check=True,
        capture_output=True,
        timeout=300,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    pages = sorted(tmp_path.glob("*.pdf"))
    if not pages:
        pytest.skip("LibreOffice is here without Writer")
    assert len(pages) == len(letters)
    for one in pages:
        told = subprocess.run([info, str(one)], check=True, capture_output=True, text=True).stdout
        assert re.search(r"Pages:\s+1\n", told), one.name
