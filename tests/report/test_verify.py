"""A report can be verified by whoever holds the data: same, or which number or sentence differs and why."""

import importlib
import json
import re
import shutil

import pytest

from onexmodel.errors import ReportError
from onexmodel.places import shipped
from onexmodel.report.execute import make_report
from onexmodel.report.verify import again, fingerprint, read_record, verify, visible_text

module = importlib.import_module("onexmodel.report.verify")
GIVEN = {"data": "example", "province": "", "log2_draws": 1}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return make_report("performance_pay", GIVEN, tmp_path_factory.mktemp("mailed"))


@pytest.fixture(scope="module", autouse=True)
def run_once():
    """The same run asked for again is made once: what these tests look at is how its page is held against the file."""
    made, real = {}, module.again

    def once(record, data, out, settings=None, name="again"):
        key = json.dumps([record, str(data), settings], sort_keys=True)
        if key not in made:
            made[key] = real(record, data, out, settings, name).read_bytes()
        path = out / f"{name}.html"
        path.write_bytes(made[key])
        return path
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "again", once)
        yield


@pytest.fixture()
def copy_of_data(tmp_path):
    return shutil.copytree(shipped("data", "example"), tmp_path / "data")


def test_untouched_report_is_verified(report):
    verdict = verify(report, "example")
    assert verdict.same and fingerprint(report.read_text(encoding="utf-8")) in verdict.sentences[0]


def test_one_changed_data_cell_is_named(report, copy_of_data):
    table = copy_of_data / "pay_pools.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("12000000", "12000001"), encoding="utf-8")
    verdict = verify(report, str(copy_of_data))
    assert not verdict.same and verdict.sentences[0].startswith("数据改变了")
    assert any(line.startswith("pool：报告") for line in verdict.sentences)


@pytest.mark.parametrize("where", ["text", "alternative"])
def test_one_digit_changed_in_the_file_is_named(report, tmp_path, where):
    page = report.read_text(encoding="utf-8")
    pattern = r'(<p class="lead">[^<]*?)(\d)' if where == "text" else r'(<svg [^>]*aria-label="[^"]*?)(\d)'
    bad = tmp_path / "bad.html"
    bad.write_text(re.sub(pattern, lambda m: m.group(1) + str((int(m.group(2)) + 1) % 10), page, count=1), encoding="utf-8")
    verdict = verify(bad, "example")
    assert not verdict.same and "文件在生成之后被改动" in verdict.sentences[0]
    assert any("报告写「" in line for line in verdict.sentences)


def test_a_changed_scenario_line_is_named(tmp_path):
    path = make_report("fee_cap", {**GIVEN, "scenario": ["cap_plus_10"]}, tmp_path)
    bad = tmp_path / "bad.html"
    bad.write_text(path.read_text(encoding="utf-8").replace("scale: 1.10", "scale: 1.11", 1), encoding="utf-8")
    verdict = verify(bad, "example")
    assert not verdict.same and any("情景 cap_plus_10 的文本与其指纹不符" in line for line in verdict.sentences)


def test_rerun_changes_what_it_was_told(report, tmp_path):
    record = read_record(report.read_text(encoding="utf-8"), "x")
    path = again(record, "example", tmp_path, {"pay.elasticity": "0.8"}, "variant")
    changed = read_record(path.read_text(encoding="utf-8"), "x")
    assert changed["settings"] == {"pay.elasticity": "0.8"}
    assert changed["results"]["uplift_elasticity"] > record["results"]["uplift_elasticity"]


def test_a_page_without_a_record_is_refused(tmp_path):
    page = tmp_path / "x.html"
    page.write_text("<html></html>", encoding="utf-8")
    with pytest.raises(ReportError, match="没有运行记录"):
        verify(page, "example")


def test_circulated_notes_hold_no_value_of_a_single_college(report):
    page = report.read_text(encoding="utf-8")
    notes = "".join(re.findall(r'<div class="trace".*?</div>', page, flags=re.S))
    assert "流转版不列" in notes and "12 000 000" not in notes.replace("\u202f", " ")
    assert "pay_pools.csv 第" in notes  # where it stands is shown, what stands there is not


def test_visible_text_includes_alternatives_and_pictures():
    words = visible_text('<title>t</title><p>甲 <b>1</b></p><svg aria-label="图 2"><path/></svg><script>no</script>')
    assert {"t", "甲", "1", "图 2"} <= set(words) and any(word.startswith("图形") for word in words) and "no" not in words
