"""Shared: the published cases by id; property tests that find the same examples on every machine."""

import gc
import hashlib
import json
import os
import re
import shutil
from collections import Counter, OrderedDict
from functools import cache, lru_cache
from pathlib import Path

import pytest
from hypothesis import settings

from onexmodel.analysis import study
from onexmodel.data import read
from onexmodel.data.reading.parse_cache import FOLDER
from onexmodel.engine.compile import mid_year
from onexmodel.errors import DataError
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
    "test_every_page_and_figure_carries_the_label": 7,
    "test_english_report_has_english_words": 3,
    "test_executed_alone_a_report_has_the_same_bytes_and_is_never_saved_on_the_way": 2,
    "test_figures_and_tables_are_numbered_without_holes_whatever_stands": 3,
    "test_a_line_of_a_readme_does_what_it_says": 2,
    "test_spoiled_workbook_is_refused_in_these_words": 5,
    "test_the_front_box_warns_of_2026_and_the_basis_line_looks_back_before": 8,
    "test_headings_are_in_order_and_the_way_to_the_summary_stands_beside_the_text": 3,
    "test_language_is_said_and_every_figure_has_words": 4,
    "test_a_report_on_paper_is_short_and_begins_with_a_whole_summary": 4,
    "test_no_head_of_a_table_is_upright_on_paper": 3,
    "test_it_has_every_part_in_its_order_and_none_empty": 7,
    "test_every_number_and_sentence_of_the_letter_stands_on_the_page": 7,
    "test_a_click_on_a_note_mark_opens_its_tree_and_a_click_leads_back": 8,
    "test_junk_in_every_column": 16,
    "test_spoiled_folder_is_refused_in_these_words": 6,
    "test_so_it_is_in_guangdong": 12,
    "test_every_number_lies_inside_its_interval": 4,
    "test_every_part_of_every_scheme_is_made_and_read_alike": 14,
    "test_made_in_one_process_a_report_has_the_same_bytes": 8,
    "test_three_keys_no_sign_in_title_or_lead": 4,
    "test_no_end_is_finer_than_its_width_carries": 8,
    "test_every_noted_text_stands_on_the_page": 9,
    "test_every_number_of_a_table_and_of_the_front_box_is_noted": 9,
    "test_no_page_names_a_college_of_the_scheme": 8,
    "test_one_college_is_not_told_of_colleges": 3,
    "test_one_words_file_is_a_language": 4,
    "test_filled_workbook_is_checked_run_and_reported": 2,
    "test_one_province_is_the_run_with_the_value_everywhere_and_the_others_are_current_law": 3,
    "test_a_code_that_is_none_is_named_at_its_own_cell_alone": 6,
    "test_run_says_what_a_dated_change_does_in_its_years": 3,
    "test_a_scenario_that_sleeps_in_the_year_asked_is_said": 2,
    "test_a_record_names_no_place_on_disk": 3,
    "test_a_fault_stands_at_its_cell_of_the_form_and_is_said_once": 2,
    "test_an_empty_sheet_is_said_where_it_matters": 3,
    "test_kept_and_said": 2,
    "test_the_fast_way_says_the_same": 3,
    "test_a_number_that_makes_no_sense": 2,
    "test_no_draw_is_left_out_of_the_critical_cap": 2,
    "test_several_are_the_sum_of_each_and_all_are_the_nation": 2,
    "test_ten_thousands_for_yuan": 3,
    "test_a_part_filled_register_of_teachers_is_said_for_each_college": 2,
    "test_mixing_in_dataset_yaml_takes_the_same_words_for_yes_and_no": 3,
    "test_a_change_of_a_table_holds_where_its_dates_cover_the_first_of_july": 2,
    "test_ledger_equals_reference": 2,
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
    "test_chinese_is_drawn_with_the_embedded_font": 3,
    "test_without_caps_or_costs_fee_cap_is_about_the_fees_alone": 2,
    "test_each_sheet_says_unit_and_day_at_its_foot": 3,
    "test_print_leaves_no_text_under_the_labels": 3,
    "test_the_currency_stands_before_a_key_figure_and_in_no_unit": 3,
    "test_rows_above_the_header_of_a_csv": 3,
    "test_reading_raises_what_checking_finds": 3,
    "test_a_table_that_is_no_file_of_a_table": 2,
    "test_product_equals_reference": 2,
    "test_every_way_to_ask_gives_the_same_bill_and_gap": 2,
    "test_other_readings_are_the_answers_of_runs_that_take_them": 5,
}  # tests of many like cases that take long: `make test` runs every n-th case, `make test-all` each of them

NOTEBOOKS_LATER = (
    "budget_and_settlement.ipynb",
    "cost_reduction.ipynb",
    "data_quality.ipynb",
    "fee_cap.ipynb",
    "funding_mix.ipynb",
    "performance_pay.ipynb",
    "province_comparison.ipynb",
    "scenario_compare.ipynb",
)  # on the national set: their cells are run by other tests on the example

LONGEST = (
    "report/test_reports.py",
    "golden/test_golden.py",
    "report/test_comparison_report.py",
    "report/test_fee_cap.py",
    "analysis/test_studies.py",
    "report/test_verify.py",
    "report/test_left_out.py",
    "report/test_budget_report.py",
    "browser/test_pages.py",
    "report/test_execute.py",
    "report/test_scenario_compare.py",
    "workbench/test_form.py",
    "start.ipynb",
    "report/test_cost_reduction.py",
    "report/test_pay_and_cost.py",
    "data/test_spoiled.py",
    "data/test_text_codes.py",
    "data/test_synthetic.py",
    "packaging/test_wheel.py",
    "report/test_pdf.py",
    "report/test_each_province.py",
    "test_readme.py",
    "data/test_results_out.py",
    "report/test_pay_asking.py",
    "test_cli.py",
    "report/test_data_quality.py",
    "data/test_mixed.py",
    "data/test_annotated_copy.py",
    "engine/test_local.py",
    "data/test_handed.py",
    "report/test_letter.py",
    "engine/test_years.py",
    "report/test_inside.py",
    "processes/test_children.py",
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


def pytest_collection_finish():
    """What is there by now stays to the end: looking through it for garbage again and again took a twelfth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@lru_cache(maxsize=96)
def parsed(source: Path, contents: str):
    """A set as it was parsed, with every table."""
    return read.parse(source)


@lru_cache(maxsize=192)
def kept(source: Path, contents: str, without: tuple, last_sitting):
    """What reading a set of just these bytes finds: what was read is not written to."""
    try:
        return read.between_tables(parsed(source, contents), without, last_sitting)
    except DataError as error:
        return read.Checked(None, error.faults)


@cache
def of_the_product() -> frozenset[Path]:
    """The sets that travel with the product, which no test writes into."""
    return frozenset({shipped("data", "example").resolve(), made_data("national").resolve()})


def contents(source: Path) -> str:
    """The hash of a set's bytes and names; "" where it is none that can be read as a whole. A set of the product is known by its place."""
    if source in of_the_product():
        return "shipped"
    files = sorted(source.rglob("*")) if source.is_dir() else [source]
    if not files or not all(file.is_file() and not file.is_symlink() for file in files):
        return ""
    digest = hashlib.sha256()
    for file in files:
        held = file.read_bytes()
        digest.update(f"{file.name} {len(held)} ".encode() + held)
    return digest.hexdigest()


@pytest.fixture(scope="module", autouse=True)
def sets_are_read_once(request):
    """A process reads a set once, as long as its bytes are the same, and every study looks at the same tables, so that one which changed
    them would be seen by the next. tests/data, which are about reading, read for themselves, as does what has been handed something
    parsed."""
    check, here = read.check_tables, request.path.relative_to(Path(__file__).parent).parts

    def once(path, without=(), last_sitting=None, told=None):
        source = Path(path).absolute()
        known = "" if FOLDER in os.environ else contents(source.resolve())
        if not known:
            return check(path, without, last_sitting)
        return kept(source, known, tuple(without), last_sitting)

    with pytest.MonkeyPatch.context() as patched:
        if here[0] != "data":
            patched.setattr(read, "check_tables", once)
        yield


@pytest.fixture(scope="module", autouse=True)
def sets_are_arranged_once():
    """What a year of the unchanged tables of a place looks like to the engine is found once for the same tables: every scenario begins with
    it, and `prepare` takes it where it fits."""
    arrange, arranged = study.prepare, OrderedDict()

    def once(tables, composition, year, provinces=(), alone=None, baseline=None):
        rate = composition.baseline_law.at(mid_year(year))["funding.discount_rate"]
        key = (id(tables), year, tuple(provinces), rate)
        _, before = arranged.get(key, (None, None))
        made = arrange(tables, composition, year, provinces, alone, baseline or before)
        arranged[key] = (tables, made.baseline)  # with the tables, whose id stays theirs
        if len(arranged) > 24:
            arranged.popitem(last=False)
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(study, "prepare", once)
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
