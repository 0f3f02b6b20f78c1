"""Every rule takes arrays with a leading draw axis: each draw of the result is the rule of that draw alone, to the last bit.

Inputs are made from the names of a rule's arguments, as the engine finds them: parameters are drawn as (draws, 1), columns and other
rules' results as (draws, …, rows). All arguments drawn at once, and each alone beside others that have one value for all draws.
"""

import importlib
import inspect
from itertools import product

import numpy as np
import pytest

from onexmodel.rules import funding

DRAWS, ROWS = 4, 7
MODULES = ("volume", "cost", "fee", "response", "workload", "pay", "funding")
PARAMETERS = ("fees_", "pay_", "funding_", "workload_", "response_", "volume_")
STACKED = {
    "sessions": 2,
    "assessors": 2,
    "session_capacity": 2,
    "candidates_per_assessor": 2,
    "hours_per_session": 2,
    "stations": 2,
    "college_staff_per_session": 2,
    "component_hours": 2,
    "component_cap": 2,
    "component_weight": 2,
    "needs": 4,
    "covered": 4,
    "gaps": 4,
    "limits": 7,
}
COLUMNS_OF_TABLES = {"pay_pool", "pay_per_added_hour"}  # begin like a parameter and are none
SHARES = (
    "pass_rate",
    "retake_share",
    "integration",
    "share",
    "crowding_out",
    "beta",
    "trained_share",
    "on_cost",
    "elasticity",
    "deduct",
)
MAY_BE_MISSING = (
    "given_proposal",
    "verified_cost",
    "published_fee",
    "special_fee",
    "component_cap",
    "uplift_limit",
    "net_training_income",
    "pay_pool",
    "national_sittings",
    "session_capacity",
    "life_years",
    "modelled_binds",
    "standard_fee",
    "pass_through",
)
OPTIONS = {
    "fees_cap_of_mixed": ("sum", "max", "weighted"),
    "fees_verification": ("cost", "none"),
    "fees_special_may_exceed_cap": ("yes", "no"),
    "response_mode": ("none", "supply"),
    "response_sharp": ("yes", "no"),
    "pay_uplift_method": ("elasticity", "rate", "income_share"),
    "pay_uplift_scope": ("vocational", "all"),
    "pay_workload_basis": ("added", "overload"),
}
ALLOWED = np.array(
    [
        [1, 0, 1, 0],
        [1, 1, 0, 0],
        [0, 1, 1, 1],
        [1, 0, 0, 1],
        [0, 0, 1, 0],
        [0, 1, 0, 0],
        [1, 1, 1, 0],
    ],
    bool,
)
FIXED = {
    "has_audited_price": np.array([1, 0, 1, 0, 1, 1, 0], bool),
    "fee_judged": np.array([1, 1, 0, 1, 0, 0, 1], bool),
    "enough_colleges": np.array([1, 0, 1, 1, 0, 1, 1], bool),
    "special_applies": np.array([1, 1, 0, 1, 0, 1, 1], bool),
    "is_private": np.array([0, 1, 0, 0, 1, 0, 0], bool),
    "is_applied": np.array([0, 0, 1, 0, 1, 1, 0], bool),
    "uplift_eligible": np.array([1, 1, 0, 1, 1, 1, 0], bool),
    "workload_class_coefficient": ((5.0, 1.0), (20.0, 1.1), (np.inf, 1.3)),
    "eligible": ALLOWED,
    "use_priority": (0, 3, 1, 2),
    "source_priority": (2, 0, 1, 3, 6, 5, 4),
    "uses": (0, 1, 3),
    "source": 0,
    "province_of_college": np.array([0, 0, 1, 1, 1, 0, 2]),
    "province_count": 4,
    "pot": np.array([90.0, 150.0, 30.0, 50.0]),
    "funding_pot_weights": {"candidates": 0.5, "need": 0.3, "low_capacity": 0.2},
}
WITHOUT_DRAWS = {
    "eligible",
    "priority",
    "adjustment_path",
    "teacher_pay_fen",
    "involved_hours",
}  # laws, orders, one teacher list: nothing is drawn in them
LIFTED = (
    "sessions",
    "assessors",
    "session_fill",
)  # rules of components take sittings beside a component axis
DRIVERS = (
    "bank",
    "nation_year",
    "province_year",
    "offering",
    "session_theory",
    "session_practical",
    "session",
    "assessor_theory",
    "assessor_practical",
    "assessor",
    "group",
    "sitting",
    "candidate",
    "award",
)

RULES = [
    rule
    for module in MODULES
    for name, rule in vars(importlib.import_module(f"onexmodel.rules.{module}")).items()
    if inspect.isfunction(rule)
    and rule.__module__.endswith(f".{module}")
    and not name.startswith("_")
    and name not in WITHOUT_DRAWS
]


def numbers(rng, name, shape):
    """Random values that visit the branches: shares in [0, 1], zeros, and missing values where a table may leave them out."""
    if any(part in name for part in SHARES) and not name.startswith("uplift"):
        return rng.random(shape)
    if name in ("rate", "response_spread", "fees_verification_margin"):
        return rng.uniform(0.02, 0.3, shape)
    if name == "margin" or name == "special_in_force":
        return rng.uniform(-60, 120, shape)
    made = np.round(rng.uniform(0, 120, shape)) * (rng.random(shape) < 0.9)
    if name in (
        "class_size",
        "candidates_per_assessor",
        "workload_groups_per_trained_teacher",
        "life_years",
        "stations",
    ):
        made = np.maximum(made, 2.0)
    if name == "own_order":
        made = np.where(rng.random(shape) < 0.5, np.ceil(made), np.inf)
    return np.where(rng.random(shape) < 0.15, np.nan, made) if name in MAY_BE_MISSING else made


def argument(rng, rule, name, draws):
    """One argument; with draws a leading axis of DRAWS (each draw another value), else one value for all."""
    if name in FIXED:
        return FIXED[name]
    if name.endswith("_rates") or name == "driver_counts":
        some = DRIVERS if name == "driver_counts" else DRIVERS[:13]
        return {
            driver: numbers(rng, name, (DRAWS, ROWS) if draws and number % 3 else (ROWS,))
            for number, driver in enumerate(some)
        }
    if name == "own_order":
        return numbers(rng, name, (7, ROWS))
    if name.startswith(PARAMETERS) and name not in COLUMNS_OF_TABLES:
        return numbers(rng, name, (DRAWS, 1)) if draws else float(numbers(rng, name, ()))
    shape = (
        (STACKED[name], ROWS)
        if name in STACKED
        else (1, ROWS)
        if name == "sittings" and rule.__name__ in LIFTED
        else (ROWS,)
    )
    return numbers(rng, name, (DRAWS, *shape) if draws else shape)


def alone(value, name, draw):
    """What one draw of a drawn argument is."""
    if isinstance(value, dict):
        return {key: one[draw] if one.ndim > 1 else one for key, one in value.items()}
    return (
        float(value[draw, 0])
        if name.startswith(PARAMETERS) and name not in COLUMNS_OF_TABLES
        else value[draw]
    )


def same(many, one, draw, what):
    if isinstance(one, dict):
        for key in one:
            same(many[key], one[key], draw, f"{what} {key}")
    elif isinstance(one, tuple):
        for part, (first, second) in enumerate(zip(many, one, strict=True)):
            same(first, second, draw, f"{what} {part}")
    else:
        one, many = np.asarray(one), np.asarray(many)
        found = many[draw] if many.ndim > one.ndim else many
        assert found.shape == one.shape or found.shape == np.broadcast_shapes(
            found.shape, one.shape
        ), f"{what}: {found.shape} for {one.shape}"
        assert np.array_equal(*np.broadcast_arrays(found, one), equal_nan=True), what


def drawable(rule):
    return [
        name
        for name in inspect.signature(rule).parameters
        if name not in FIXED and name not in OPTIONS and name != "own_order"
    ]


@pytest.mark.parametrize(
    "rule", RULES, ids=lambda rule: f"{rule.__module__.rsplit('.', 1)[-1]}.{rule.__name__}"
)
def test_a_draw_of_many_is_the_rule_of_that_draw_alone(rule):
    names = list(inspect.signature(rule).parameters)
    chosen = [name for name in names if name in OPTIONS]
    sets = [set(drawable(rule)), *({name} for name in drawable(rule))]
    for number, (drawn, options) in enumerate(
        product(sets, product(*(OPTIONS[name] for name in chosen)))
    ):
        rng = np.random.default_rng(number)
        given = {
            name: argument(rng, rule, name, name in drawn) for name in names if name not in OPTIONS
        } | dict(zip(chosen, options, strict=True))
        if rule is funding.flows:  # what is covered follows from the limits
            given["covered"] = funding.covered(
                numbers(
                    rng, "needs", (DRAWS, 4, ROWS) if drawn & {"covered", "limits"} else (4, ROWS)
                ),
                given["limits"],
                ALLOWED,
                FIXED["use_priority"],
            )
            drawn = drawn | ({"covered"} if given["covered"].ndim > 2 else set())
        with np.errstate(all="ignore"):
            many = rule(**given)
            for draw in range(DRAWS):
                one = rule(
                    **{
                        name: alone(value, name, draw) if name in drawn else value
                        for name, value in given.items()
                    }
                )
                same(
                    many, one, draw, f"{rule.__name__}{options} drawn {sorted(drawn)}, draw {draw}"
                )


@pytest.mark.parametrize("rule", ["total_gap", "reach", "covered", "gap_and_pot_need"])
def test_limits_may_be_a_tuple_of_sources_of_which_some_differ_between_draws(rule):
    """As the pots are shared out: an award differs between draws, the other sources are one set for all (7 × (…, colleges))."""
    rng, last = (
        np.random.default_rng(3),
        {"covered": ((0, 3, 1, 2),), "gap_and_pot_need": (0,)}.get(rule, ()),
    )
    needs, limits, award = (
        numbers(rng, "needs", (DRAWS, 4, ROWS)),
        numbers(rng, "limits", (7, ROWS)),
        numbers(rng, "award", (DRAWS, ROWS)),
    )
    first = ((0, 1, 2, 3),) if rule == "reach" else ()
    many = getattr(funding, rule)(*first, needs, (award, *limits[1:]), ALLOWED, *last)
    for draw in range(DRAWS):
        one = np.stack([award[draw], *limits[1:]])
        same(many, getattr(funding, rule)(*first, needs[draw], one, ALLOWED, *last), draw, rule)


def test_draws_differ_where_an_argument_is_drawn():
    """What the comparison stands on: the drawn inputs are not the same in all draws, and a rule that lost the axis would be seen."""
    rng = np.random.default_rng(0)
    for rule in RULES:
        for name in drawable(rule):
            value = argument(rng, rule, name, True)
            arrays = (
                [one for one in value.values() if one.ndim > 1]
                if isinstance(value, dict)
                else [value]
            )
            assert arrays and all(
                np.asarray(one).shape[0] == DRAWS
                and (np.nanmax(one, axis=0) != np.nanmin(one, axis=0)).any()
                for one in arrays
            ), (rule.__name__, name)
