"""A traced tree recomputed from its leaves equals the number in the result; leaves say where they stand."""

import json
import re

import numpy as np
import pytest

from onexmodel.analysis.explain.cells import CELLS
from onexmodel.analysis.explain.derive import derivation
from onexmodel.analysis.explain.place import _hidden, place_tree
from onexmodel.analysis.explain.tree import LEFT_OUT, OPENED_ABOVE, find, tree
from onexmodel.analysis.items import item_costs
from onexmodel.analysis.study import open_study
from onexmodel.data.synthetic.national import make_national
from onexmodel.engine.result import COLLEGE_COLUMNS, FEE_COLUMNS, OFFERING_COLUMNS
from onexmodel.engine.wire import ARGUMENTS
from onexmodel.errors import ParameterError
from onexmodel.report.annex.trees import spoken
from onexmodel.report.page.sentences import words_in
from onexmodel.report.page.tree import as_block, as_json, as_text
from onexmodel.study import open_run


def leaves_of(node):
    """The leaves of a tree."""
    return (
        [node]
        if not node.children
        else [leaf for child in node.children for leaf in leaves_of(child)]
    )


@pytest.fixture(scope="module", params=["cap_plus_20", "lever_pooled_sessions"])
def derived(request):
    few = {"compare.min_colleges": "1"}  # the example's provinces have one to three colleges
    return derivation(open_study("example", [request.param], few), "supply")


@pytest.mark.parametrize("run", ["baseline", "scenario"])
def test_every_offering_and_college_number_is_derived_from_its_leaves(derived, run):
    result = derived.results[0 if run == "baseline" else 1]
    keys = result.compiled.keys
    for axis, names in (
        ("offering", OFFERING_COLUMNS),
        ("college", [name for name in COLLEGE_COLUMNS if name != "unaffordable_candidates"]),
    ):
        for name in names:
            stored = np.broadcast_to(result.served[name], len(keys[axis]))
            for i in range(len(keys[axis])):
                assert derived.number((f"{run}.served", name, i)) == pytest.approx(
                    stored[i], rel=1e-9, abs=1e-6, nan_ok=True
                ), (name, i)


@pytest.mark.parametrize("run", ["baseline", "scenario"])
def test_every_fee_and_organisation_number_is_derived_from_its_leaves(derived, run):
    result = derived.results[0 if run == "baseline" else 1]
    for name in FEE_COLUMNS:
        for i in range(len(result.compiled.keys["cell"])):
            assert derived.number((f"{run}.fees", name, i)) == pytest.approx(
                float(result.plan[name][i]), rel=1e-9, abs=1e-6, nan_ok=True
            ), (name, i)
    for name in ("margin", "share_served", "supplier_shortfall"):
        for i in np.flatnonzero(result.plan["supplier_payable_sittings"] > 0):
            assert derived.number((f"{run}.plan", name, int(i))) == pytest.approx(
                float(result.plan[name][i]), rel=1e-9, abs=1e-6
            )


def test_a_changed_cost_factor_is_told_and_split_as_the_run_took_it(tmp_path):
    path = tmp_path / "s.yaml"
    change = "{table: colleges, column: cost_factor, scale: 1.5, rationale: 试}"
    path.write_text(f"title: {{zh: 试, en: try}}\nauthor: t\nchanges:\n  - {change}\n", "utf-8")
    derived = derivation(open_study("example", [str(path)]))
    sums = []
    for run, result in zip(("baseline", "scenario"), derived.results, strict=True):
        count = len(result.compiled.keys["offering"])
        cost = np.broadcast_to(result.served["college_cash_cost"], count)
        for i in range(count):
            parts = derived.ledger_parts((f"{run}.served", "college_cash_cost", i))
            assert sum(part[2] for part in parts) == pytest.approx(cost[i])
        items = item_costs(result, {"offering": np.ones(count, bool)})
        own = items[(items["phase"] == "assessment") & (items["borne_by"] == "college")]
        assert own["cash"].sum() == pytest.approx(cost.sum())
        sums.append(cost.sum())
    assert sums[0] < sums[1] <= 1.5 * sums[0] * (1 + 1e-12)


def test_leaves_are_cells_or_dated_parameters():
    derived = derivation(open_study("example", ["cap_plus_20"]))
    root = tree(
        derived,
        find(derived, "scenario", "standard_fee", {"province": "S01", "certificate": "K2"}),
        depth=40,
    )
    for leaf in leaves_of(root):
        if leaf.note == OPENED_ABOVE:
            continue
        assert leaf.kind in ("cell", "parameter", "constant", "rest"), leaf
        if leaf.kind == "cell":
            assert ".csv 第" in leaf.source or "没有" in leaf.source or "未提供" in leaf.source, (
                leaf
            )
        if leaf.kind == "parameter":
            assert leaf.source.endswith("］")
    caps = [leaf for leaf in leaves_of(root) if leaf.name == "fees.cap.paper"]
    assert any("cap_plus_20" in leaf.note and leaf.value == 96 for leaf in caps)
    assert any(
        leaf.value == 80 for leaf in caps
    )  # the baseline's, on which the scenario's fee leans


def nodes_of(node):
    return [node, *(below for child in node.children for below in nodes_of(child))]


def test_a_deep_tree_opens_a_quantity_once_and_a_usual_one_wherever_it_stands():
    """Opened under each of its parents a tree doubles every two levels: 12 391 nodes of the fee bill at 16."""
    derived = derivation(open_study("example"), stored=True)
    usual = nodes_of(place_tree(derived, "baseline", "fee_bill", depth=6))
    assert not [node for node in usual if node.note == OPENED_ABOVE]
    deep = nodes_of(place_tree(derived, "baseline", "fee_bill", depth=30))
    assert len(usual) < len(deep) < 3000 and LEFT_OUT not in {node.note for node in deep}
    opened = {(node.name, node.where, node.value) for node in deep if node.children}
    mentioned = [node for node in deep if node.note == OPENED_ABOVE]
    assert mentioned and {(node.name, node.where, node.value) for node in mentioned} <= opened
    assert "上面已经展开" in as_text(spoken(mentioned[0], derived.study, "zh"))


def test_a_binding_limit_says_which_and_by_how_much():
    derived = derivation(open_study("example"))
    node = tree(
        derived,
        find(derived, "baseline", "modelled_fee", {"province": "S01", "certificate": "K2"}),
        depth=2,
    )
    assert "起作用：上限余额" in node.note
    uplift = tree(derived, find(derived, "baseline", "uplift", {"college": "X2"}), depth=1)
    assert "上限" in uplift.note


def test_text_html_and_json_say_the_same_number():
    derived = derivation(open_study("example"))
    node = tree(derived, find(derived, "baseline", "funding_gap", {"college": "X6"}), depth=3)
    assert f"{node.value:.2f}".removesuffix(".00") in as_text(node).splitlines()[0].replace(
        "\u202f", ""
    )
    assert json.loads(as_json(node))["value"] == node.value
    circulated, internal = as_block(node, False).html, as_block(node, True).html
    assert (
        words_in("page", "zh").hidden in circulated
        and words_in("page", "zh").hidden not in internal
    )
    assert circulated.count("<details") == circulated.count("</details>") > 0


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("uplyft", {"college": "X1"}, "最接近的是「uplift」"),
        ("fee_bill", {"college": "X1"}, "有 3 行"),
        ("uplift", {"college": "X9"}, "数据中没有这所院校。最接近的是「X6」"),
    ],
)
def test_wrong_questions_are_answered_in_sentences(name, key, words):
    derived = derivation(open_study("example"))
    with pytest.raises(ParameterError, match=words):
        find(derived, "baseline", name, key)


def test_random_numbers_of_national_colleges_are_derived_from_their_leaves(tmp_path):
    """Fresh from the leaves, nothing taken from the run: random colleges and quantities, both runs, seeded."""
    study = open_study(make_national(tmp_path / "national", offerings=600), ["cap_plus_20"])
    derived, random = derivation(study, "supply"), np.random.default_rng(20201231)
    names = [name for name in COLLEGE_COLUMNS if name != "unaffordable_candidates"]
    for _ in range(80):
        run, name = ("baseline", "scenario")[random.integers(2)], names[random.integers(len(names))]
        stored = derived.results[run == "scenario"].served[name]
        i = int(random.integers(stored.shape[-1]))
        assert derived.number((f"{run}.served", name, i)) == pytest.approx(
            float(stored[i]), rel=1e-9, abs=1e-6, nan_ok=True
        ), (run, name, i)


def test_every_ledger_item_is_the_product_of_the_cells_it_names():
    """Address by address: price, quantity, index, factor, annuity and cash share are the file's own cells."""
    study = open_study("example", ["lever_bulk_consumables"])
    derived, seen = derivation(study, "supply"), set()
    for run in ("baseline", "scenario"):
        for name in (
            "organisation_cost",
            "organisation_cash_cost",
            "audited_cost",
            "college_cost",
            "college_cash_cost",
            "training_cost",
            "training_cash_cost",
        ):
            for index in range(len(study.prepared.baseline.keys["offering"])):
                stage = f"{run}.served" if name != "audited_cost" else f"{run}.plan"
                for item in tree(derived, (stage, name, index), depth=2).children:
                    *factors, count = item.children
                    number = float(
                        np.sum(count.value)
                    )  # a driver of both components counts both, one of a component its own
                    product = np.prod([factor.value for factor in factors])
                    driver = np.ravel(count.value)
                    assert any(
                        item.value == pytest.approx(product * one, rel=1e-9, abs=1e-9)
                        for one in (number, *driver)
                    ), (name, index, item)
                    for factor in factors:
                        seen.add(factor.name)
                        if run == "baseline" and factor.name in (
                            "unit_price",
                            "quantity",
                            "cash_share",
                        ):
                            table, row = (
                                study.tables["ingredients"],
                                int(re.search(r"第 (\d+) 行", factor.source)[1]) - 2,
                            )
                            assert table[factor.name].iloc[
                                row
                            ] == factor.value and factor.source.endswith(f"「{factor.name}」"), (
                                factor
                            )
    assert {
        "unit_price",
        "quantity",
        "cash_share",
        "price_index",
        "wage_index",
        "cost_factor",
    } <= seen


def test_an_award_is_computed_anew_and_not_copied_from_the_run():
    derived = derivation(open_study("example"), "none")
    index = int(np.argmax(derived.results[0].served["award"]))
    true, gap = (
        derived.number(("baseline.served", name, index)) for name in ("award", "funding_gap")
    )
    assert true > 0
    node = tree(derived, ("baseline.served", "award", index))
    assert {child.name for child in node.children} >= {
        "pot_central_award",
        "pot_need",
        "pot_weight",
    } and "funding.csv 第" in node.children[0].source
    tampered = derivation(open_study("example"), "none")
    tampered.results[0].served["award"][:] = 123.0
    tampered.results[0].served["limits"][:] = 1e9
    assert (
        tampered.number(("baseline.served", "award", index)) == true
        and tampered.number(("baseline.served", "funding_gap", index)) == gap
    )


def test_no_part_of_a_total_can_be_had_by_subtraction():
    """Two tiers of colleges, one of fewer than five: the other would tell it, so both are hidden; parts of five and more are shown."""
    derived = derivation(open_study("example"), "none", stored=True)
    node = place_tree(derived, "baseline", "uplift_limit_used")
    parts = [child for child in node.children if child.kind == "sum"]
    assert len(parts) >= 2 and all(part.private for part in parts)

    def sizes(*counts):
        edges = np.cumsum([0, *counts])
        return [
            np.isin(np.arange(edges[-1]), np.arange(low, high))
            for low, high in zip(edges, edges[1:], strict=False)
        ]

    for counts, hidden in (
        ((9, 8, 7), set()),
        ((9, 8, 2), {1, 2}),
        ((9, 3, 2), {1, 2}),
        ((9, 2), {0, 1}),
        ((20, 9, 1, 2), {1, 2, 3}),
        ((3,), {0}),
    ):
        assert _hidden(sizes(*counts), None, "college") == hidden, counts


def test_every_column_that_a_rule_takes_is_known_by_its_cell():
    leaves = open_run("example")[0].baseline[0].compiled.leaves
    taken = {argument for arguments in ARGUMENTS.values() for argument in arguments}
    columns = {name for name in leaves if name in taken and not name.endswith("_rates")}
    assert len(columns) > 20 and columns <= CELLS.keys()
