"""Shared: the published cases by id; property tests that find the same examples on every machine."""

import json
import os
import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from onexmodel.data import read
from onexmodel.data.reading.parse_cache import FOLDER
from onexmodel.places import made_data, shipped

CAPS = "title: {{zh: 试, en: try}}\nauthor: t\nchanges:\n  - {{parameter: fees.cap.{form}, scale: {scale}, rationale: 试{dates}}}\n"
CASES = Path(__file__).parent / "cases" / "published"
SLOW = (
    "analysis",
    "browser",
    "report",
    "data/test_round_trip.py",
    "data/test_synthetic.py",
    "engine/test_changes.py",
    "engine/test_derive.py",
    "engine/test_local.py",
    "packaging/test_wheel.py",
    "test_readme.py",
    "workbench",
)  # national data, studies, notebooks, a browser, a wheel, hundreds of runs: left out of `make check`

SAMPLED = {
    "test_a_report_that_is_not_whole_is_not_made_and_an_older_one_stays": 3,
    "test_report_asks_nothing_of_the_network": 2,
    "test_a_line_of_a_readme_does_what_it_says": 2,
    "test_spoiled_workbook_is_refused_in_these_words": 3,
    "test_the_front_box_warns_of_2026_and_the_basis_line_looks_back_before": 8,
    "test_headings_are_in_order_and_the_way_to_the_summary_stands_beside_the_text": 4,
    "test_language_is_said_and_every_figure_has_words": 4,
    "test_a_report_on_paper_is_short_and_begins_with_a_whole_summary": 4,
    "test_no_head_of_a_table_is_upright_on_paper": 4,
    "test_it_has_every_part_in_its_order_and_none_empty": 6,
    "test_every_number_and_sentence_of_the_letter_stands_on_the_page": 6,
    "test_a_click_on_a_note_mark_opens_its_tree_and_a_click_leads_back": 8,
    "test_junk_in_every_column": 16,
    "test_spoiled_folder_is_refused_in_these_words": 6,
    "test_so_it_is_in_guangdong": 12,
    "test_every_number_lies_inside_its_interval": 4,
    "test_every_part_of_every_scheme_is_made_and_read_alike": 14,
    "test_made_in_one_process_a_report_has_the_same_bytes": 4,
    "test_three_keys_no_sign_in_title_or_lead": 4,
    "test_no_end_is_finer_than_its_width_carries": 8,
    "test_every_noted_text_stands_on_the_page": 8,
    "test_every_number_of_a_table_and_of_the_front_box_is_noted": 5,
    "test_no_page_names_a_college_of_the_scheme": 8,
    "test_one_college_is_not_told_of_colleges": 3,
    "test_one_words_file_is_a_language": 4,
    "test_filled_workbook_is_checked_run_and_reported": 2,
    "test_one_province_is_the_run_with_the_value_everywhere_and_the_others_are_current_law": 3,
    "test_a_code_that_is_none_is_named_at_its_own_cell_alone": 6,
    "test_run_says_what_a_dated_change_does_in_its_years": 2,
    "test_page_does_not_overflow_sideways": 10,
    "test_opening_asks_nothing_of_the_network_and_reports_no_error": 6,
    "test_the_skip_link_leads_to_the_report": 3,
    "test_contents_on_a_phone_lead_to_each_section_and_back": 6,
    "test_a_note_mark_works_by_keyboard_alone": 3,
    "test_every_sheet_is_labelled_and_numbered": 10,
    "test_trees_are_printed_only_where_all_is_asked_for": 3,
    "test_words_stand_out_in_both_schemes_and_paper_is_light": 6,
    "test_no_head_of_a_table_is_upright_and_no_table_is_cut_beside_free_room": 10,
    "test_attacks_in_every_text_are_words": 8,
}  # tests of many like cases that take long: `make test` runs every n-th case, `make test-all` each of them

NOTEBOOKS_LATER = (
    "budget_and_settlement.ipynb",
    "cost_reduction.ipynb",
    "data_quality.ipynb",
    "funding_mix.ipynb",
    "performance_pay.ipynb",
    "province_comparison.ipynb",
    "scenario_compare.ipynb",
)  # on the national set: their cells are run by other tests on the example

LONGEST = (
    "report/test_comparison_report.py",
    "report/test_reports.py",
    "report/test_budget_report.py",
    "analysis/test_studies.py",
    "report/test_verify.py",
    "golden/test_golden.py",
    "report/test_fee_cap.py",
    "browser/test_pages.py",
    "report/test_scenario_compare.py",
    "report/test_letter.py",
    "report/test_left_out.py",
    "data/test_spoiled.py",
    "report/test_execute.py",
    "test_readme.py",
    "report/test_pay_and_cost.py",
    "engine/test_years.py",
    "report/test_cost_reduction.py",
    "engine/test_derive.py",
    "data/test_text_codes.py",
    "engine/test_few_colleges.py",
    "data/test_synthetic.py",
    "report/test_transfer.py",
    "fee_cap.ipynb",
    "test_cli.py",
    "report/test_printed.py",
    "report/test_inside.py",
    "analysis/test_montecarlo.py",
    "packaging/test_wheel.py",
    "report/test_pdf.py",
)  # begun first (`--no-loadscope-reorder`), since one process holds a file to its end: else one is left alone with the last

# a red build means a change, not luck: the same examples everywhere, and no deadline that a busy machine would miss
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile(
    "search", max_examples=1000, deadline=None
)  # ONEX_HYPOTHESIS=search: look for new counterexamples
settings.load_profile(os.environ.get("ONEX_HYPOTHESIS", "same"))


def pytest_collection_modifyitems(items):
    """Marks what is slow, and of like cases those that only `make test-all` runs; of the random data of the second implementation the first
    set is quick. The longest files come first."""
    here = Path(__file__).parent

    def below(item) -> str:
        """Its file below tests/; of a notebook's cells the notebook's."""
        path = item.path
        return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name

    order = {path: at for at, path in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(below(item), len(LONGEST)))
    seen = Counter()
    for item in items:
        name = item.name.partition("[")[0]
        if seen[name] % SAMPLED.get(name, 1) or item.path.name in NOTEBOOKS_LATER:
            item.add_marker(pytest.mark.thorough)
        seen[name] += 1
        path = below(item)
        later = item.name.startswith("test_product_equals_reference[") and not item.name.startswith(
            "test_product_equals_reference[0-"
        )
        if later or path.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@cache
def kept(folder: Path, without: tuple, last_sitting, check):
    """What reading a set that travels with the product finds: no test writes into one, and what was read is not written to either."""
    return check(folder, without, last_sitting)


@pytest.fixture(scope="module", autouse=True)
def shipped_sets_are_read_once(request):
    """A process reads the example and the national set once and every study looks at the same tables, so that one which changed them
    would be seen by the next. tests/data, which are about reading, read for themselves, as does what has been handed something parsed."""
    check, here = read.check_tables, request.path.relative_to(Path(__file__).parent).parts
    sets = {shipped("data", "example").resolve(), made_data("national").resolve()}

    def once(path, without=(), last_sitting=None, told=None):
        folder = Path(path).resolve()
        if FOLDER in os.environ or folder not in sets:
            return check(path, without, last_sitting)
        return kept(folder, tuple(without), last_sitting, check)

    with pytest.MonkeyPatch.context() as patched:
        if here[0] != "data":
            patched.setattr(read, "check_tables", once)
        yield


@pytest.fixture
def case():
    """case("c01") → the whole file of that case."""

    def read(start: str) -> dict:
        return json.loads(next(CASES.glob(f"{start}_*.json")).read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def one_province(tmp_path_factory):
    """The example with its six colleges in one province: enough for the response to be judged. Nobody writes into it."""
    folder = shutil.copytree(shipped("data", "example"), tmp_path_factory.mktemp("one") / "data")
    path = folder / "colleges.csv"
    path.write_text(
        re.sub(r",S0[23],", ",S01,", path.read_text(encoding="utf-8-sig")), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="session")
def six_counted(tmp_path_factory):
    """The example with six colleges that may all have an uplift, and a pay total each: enough for a circulated performance_pay. Nobody
    writes into it."""
    folder = shutil.copytree(shipped("data", "example"), tmp_path_factory.mktemp("six") / "data")
    colleges, pools = (folder / name for name in ("colleges.csv", "pay_pools.csv"))
    text = colleges.read_text(encoding="utf-8-sig")
    text = text.replace(",private,", ",public,").replace(",applied,", ",higher,")
    colleges.write_text(text, encoding="utf-8")
    text = pools.read_text(encoding="utf-8-sig").rstrip("\n")
    pools.write_text(f"{text}\nX6,2021,2000000,,,\n", encoding="utf-8")
    return str(folder)


@pytest.fixture(scope="session")
def two_years(tmp_path_factory):
    """The example with a second year, 2022, in which ten times as many are planned. Nobody writes into it."""
    folder = shutil.copytree(shipped("data", "example"), tmp_path_factory.mktemp("years") / "data")
    path = folder / "offerings.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text(
        "\n".join([head, *rows, *(re.sub(r",2021,(\d+),", r",2022,\g<1>0,", row) for row in rows)])
        + "\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def cap_scheme(tmp_path):
    """cap_scheme(scale, dates, form) → the path of a scenario that multiplies the caps of a form; dates as ", from: 2021-09-01"."""

    def write(scale: str = "1.2", dates: str = "", form: str = "practical") -> str:
        path = tmp_path / "s.yaml"
        path.write_text(CAPS.format(scale=scale, dates=dates, form=form), encoding="utf-8")
        return str(path)

    return write
