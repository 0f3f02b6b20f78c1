"""A report as PDF: by the browser that is there, or a sentence; on paper short, or all of it."""

import shutil

import pytest

from onexmodel.cli import main
from onexmodel.errors import ReportError
from onexmodel.report.make import pdf

GIVEN = ("report", "performance_pay", "--data", "example", "--internal", "--draws", "2")
browser = pytest.mark.skipif(
    not any(shutil.which(name) for name in pdf.BROWSERS), reason="needs Chromium, Chrome or Edge"
)


def test_without_a_browser_it_says_how_and_makes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    assert main([*GIVEN, "--pdf", "--out", str(tmp_path / "out")]) == 1
    assert "另存为 PDF" in capsys.readouterr().err
    assert list((tmp_path / "out").glob("*")) == []


def test_a_browser_that_writes_nothing_is_a_sentence(tmp_path):
    page = tmp_path / "a.html"
    page.write_text("<p>a</p>", encoding="utf-8")
    with pytest.raises(ReportError, match="没有写出文件"):
        pdf.write_pdf(page, shutil.which("true") or "/bin/true")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


@browser
def test_short_and_full(tmp_path):
    sizes = {}
    for printed in ("short", "full"):
        out = tmp_path / printed
        assert main([*GIVEN, "--pdf", "--print", printed, "--out", str(out)]) == 0
        made = (out / "performance_pay.pdf").read_bytes()
        assert made.startswith(b"%PDF")
        sizes[printed] = made.count(b"/Type /Page\n")
        page = (out / "performance_pay.html").read_text(encoding="utf-8")
        assert ('data-print="full"' in page) == (printed == "full")
    assert 4 < sizes["short"] <= 12 and sizes["full"] > 2 * sizes["short"]


def test_a_pdf_tells_a_fixed_moment_and_keeps_its_length():
    info = b"/CreationDate (D:20261201091017+00'00')\n/ModDate (D:20261201091017+00'00')>>"
    made = pdf.undated(info)
    assert made == info.replace(b"20261201091017", b"20200101000000")
