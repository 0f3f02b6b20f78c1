"""Hypothesis strategies for whole inputs: near the right shape, with anything in each place. Bytes of the run's own generator choose, so the
same case is made again everywhere (`fuzz_one_input`)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from random import Random
from typing import Any

import yaml
from fuzz_words import CELLS, NUMBERS, VALUES
from hypothesis import given, settings
from hypothesis import strategies as st

from onexmodel.law import list_scenarios, load_law
from onexmodel.report.make.gate import MODELS

PARAMETERS = tuple(load_law().parameters)
words = st.sampled_from(CELLS) | st.text(max_size=12)
numbers = st.sampled_from(NUMBERS) | st.floats() | st.integers()
dates = st.dates().map(str) | st.sampled_from(("2021-09-01", "2021-02-30", "20220101", ""))
anything = st.recursive(
    st.sampled_from(VALUES) | words | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def mostly(strategy) -> st.SearchStrategy:
    """`strategy`, and one time in five anything."""
    return st.integers(0, 4).flatmap(lambda one: strategy if one else anything)


def mapping(wanted: dict, optional: dict) -> st.SearchStrategy:
    """A mapping with these keys, each of which may hold anything, and now and then one of its own."""
    return st.fixed_dictionaries(
        {key: mostly(one) for key, one in wanted.items()},
        optional={**{key: mostly(one) for key, one in optional.items()}, "x": anything},
    )


title = st.fixed_dictionaries({"zh": words, "en": words}) | words
parameter = st.sampled_from(PARAMETERS)
where = st.dictionaries(
    st.sampled_from(("province", "tier", "level", "certificate", "college", "x")),
    words | st.lists(words, max_size=2) | st.sampled_from(("S01", "中职", "中级", "C1", "X1")),
    max_size=2,
)
change = mapping(
    {"rationale": words},
    {
        "parameter": parameter,
        "table": st.sampled_from(("offerings", "colleges", "fees", "components", "x")),
        "column": st.sampled_from(("candidates", "pass_rate", "session_capacity", "college")),
        "value": numbers | words,
        "scale": numbers,
        "add": numbers,
        "remove": st.booleans(),
        "where": where,
        "from": dates,
        "until": dates,
        "override": st.booleans() | words,
    },
)
plain_change = st.fixed_dictionaries(
    {"parameter": parameter, "rationale": st.just("试"), "scale": numbers},
    optional={"where": where, "from": dates, "until": dates},
)
lever = mapping(
    {"guard": st.sampled_from(("pass_rate", "minutes_per_candidate"))},
    {
        "one_off_cost": numbers,
        "life_years": numbers,
        "evidence": st.sampled_from(("measured", "assumption")),
        "per": st.sampled_from(("college", "province")),
    },
)
scenario = mapping(
    {"title": title, "author": words, "changes": st.lists(change | plain_change, max_size=3)},
    {"based_on": st.sampled_from(list_scenarios()) | words, "description": title, "lever": lever},
)
axis = st.lists(numbers, max_size=3) | mapping(
    {"low": numbers, "high": numbers}, {"points": st.integers(-1, 6)}
)
sweep = mapping(
    {"parameters": st.dictionaries(parameter | words, axis, max_size=2)},
    {
        "title": title,
        "data": words,
        "provinces": st.lists(words, max_size=3),
        "scenarios": st.lists(st.lists(words, max_size=2) | words, max_size=2),
        "mode": st.sampled_from(("none", "supply", "both")),
        "design": st.sampled_from(("grid", "lhs")),
        "points": st.integers(-1, 40),
        "draws": st.integers(-1, 20),
        "seed": st.integers(-1, 2**70),
        "measures": st.lists(st.sampled_from(("fee_bill", "funding_gap")) | words, max_size=2),
    },
)
dataset = mapping(
    {},
    {
        "title": title,
        "label": title,
        "status": st.sampled_from(("observed", "simulated", "模拟", "x")),
        "mixed": st.booleans() | words,
        "price_year": numbers,
        "seed": numbers,
        "generator": numbers | words,
        "impute": st.lists(
            mapping(
                {
                    "column": st.sampled_from(("院校.标准年课时", "offerings.pass_rate")) | words,
                    "method": st.sampled_from(("同省同层次中位数", "median")) | words,
                },
                {},
            ),
            max_size=3,
        ),
    },
)


def _kept(text: str) -> dict[str, str]:
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return {"id": "s", "text": text, "sha256": digest}


record = mapping(
    {
        "report": st.sampled_from(tuple(MODELS)),
        "version": words,
        "scenarios": st.lists(words.map(_kept) | anything, max_size=2),
        "results": st.dictionaries(words, numbers, max_size=3),
        "parameters": mapping(
            {
                "scenario": st.just([]) | st.just(["s"]) | st.lists(words, max_size=2),
                "settings": st.dictionaries(parameter | words, words, max_size=2),
            },
            {
                "data": words,
                "data_name": words,
                "levers": st.lists(words, max_size=2),
                "province": words,
                "year": st.integers(),
                "log2_draws": st.integers(),
                "lang": st.sampled_from(("zh", "en", "fr")) | words,
                "date": dates,
                "x": anything,
            },
        ),
    },
    {"printed": st.dictionaries(words, words, max_size=3), "product": words, "settings": anything},
)
set_value = st.tuples(
    parameter | words,
    numbers.map(str) | words | dates | st.sampled_from(("yes", "no", "current", "uplift", "true")),
).map("=".join)
cell = st.tuples(
    words | numbers.map(str),
    st.sampled_from(("", "inlineStr", "n", "b", "e", "str", "d", "s", "x")),
)


def generator(strategy) -> Callable[[Random], Any]:
    """random.Random → one example of the strategy, the same for the same state; None where its bytes were too few."""
    kept: list = []

    @settings(database=None, deadline=None)
    @given(strategy)
    def keep(made):
        kept.append(made)

    def draw(rng: Random):
        kept.clear()
        keep.hypothesis.fuzz_one_input(rng.randbytes(rng.choice((200, 1000, 4000))))
        return kept[-1] if kept else None

    return draw


def as_yaml(tree) -> bytes:
    """Written as YAML."""
    text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "surrogatepass")


def as_json(tree) -> str:
    """Written as JSON, with NaN and Infinity."""
    return json.dumps(tree)
