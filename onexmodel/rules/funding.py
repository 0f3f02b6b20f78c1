"""§6 Funding: what the sources reach at most, in the order of uses; and the bursar's waterfall beside it (C9, C10).

Stacks: needs (…, 4, colleges) in the order USES, limits (…, 7, colleges) in the order SOURCES, eligibility (7, 4) of bool.
The optimum is the max-flow of sources to uses, read off its min-cuts: exact, 16 cuts, no solver.
"""

from functools import lru_cache
from itertools import combinations

import numpy as np

from .numbers import or_zero, ratio, stacked_sum

SOURCES = (
    "central_award",
    "local_appropriation",
    "per_student_appropriation",
    "tuition",
    "other_income",
    "reallocation",
    "social_capital",
)
USES = ("assessment", "training", "teacher_training", "performance_pay")


def need_assessment(
    college_fee_bill, college_college_cash_cost, college_payable_sittings, funding_student_charge
):
    """Fees and the college's own cash items; what students are charged (a reading, 0 unless set) comes off."""
    return np.maximum(
        0.0,
        college_fee_bill
        + college_college_cash_cost
        - funding_student_charge * college_payable_sittings,
    )


def need_training(college_training_cash_cost):
    """Cash items of training."""
    return college_training_cash_cost


def need_teacher_training(teachers_to_train, workload_teacher_training_price):
    """Teachers still to train, at their price."""
    return teachers_to_train * workload_teacher_training_price


def need_performance_pay(uplift):
    """The uplift of the pay total."""
    return uplift


def needs(need_assessment, need_training, need_teacher_training, need_performance_pay):
    """The four needs stacked in the order of USES."""
    return np.stack(
        np.broadcast_arrays(
            need_assessment, need_training, need_teacher_training, need_performance_pay
        ),
        axis=-2,
    )


def eligible(eligibility, funding_award_pays_salary):
    """Which source may pay which use; with award_pays_salary = no the central award never pays performance pay."""
    allowed = np.array(eligibility, bool)
    if funding_award_pays_salary == "no":
        allowed[SOURCES.index("central_award"), USES.index("performance_pay")] = False
    return allowed


def priority(order, among):
    """Positions of an order of names in USES or SOURCES, the first first; what the order leaves out comes last."""
    named = [among.index(name) for name in order]
    return tuple(named + [at for at in range(len(among)) if at not in named])


@lru_cache(maxsize=64)
def _subsets(uses):
    return tuple(subset for size in range(len(uses) + 1) for subset in combinations(uses, size))


@lru_cache(maxsize=64)  # depends on the eligibility table alone
def _cuts(
    uses: tuple[int, ...], eligible: bytes
) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """(the uses outside a set B, the sources that may pay some use in B), for every B ⊆ uses that can be the smallest cut: of sets with
    the same payers only the largest, whose rest is never more than that of its parts."""
    table = np.frombuffer(eligible, bool).reshape(len(SOURCES), len(USES))
    largest: dict[tuple[int, ...], set[int]] = {}
    for cut in _subsets(tuple(sorted(uses))):
        payers = tuple(np.flatnonzero(table[:, list(cut)].any(axis=1)).tolist())
        largest.setdefault(payers, set()).update(cut)  # who pays two sets pays their union
    return tuple(
        (tuple(use for use in sorted(uses) if use not in cut), payers)
        for payers, cut in largest.items()
    )


def _key(eligible) -> bytes:
    return np.ascontiguousarray(eligible, bool).tobytes()


def _part_sum(stack, parts, known):
    """Σ of the parts of a stack from the last to the first (the pots' awards, which differ between draws, come first in SOURCES and so are
    added last); one that ends like another goes on from its sum in `known`."""
    if not parts:
        return np.zeros(stack[0].shape[-1])
    if parts not in known:
        known[parts] = (
            _part_sum(stack, parts[1:], known) + stack[parts[0]] if parts[1:] else stack[parts[0]]
        )
    return known[parts]


def _parts(stack):
    """The parts of a stack (…, parts, colleges), each (…, colleges); a tuple of them as it is."""
    return stack if isinstance(stack, tuple) else tuple(np.moveaxis(stack, -2, 0))


def _reach(uses, needs, limits, eligible, need_sums, payer_sums):
    values = (
        _part_sum(needs, rest, need_sums) + _part_sum(limits, payers, payer_sums)
        for rest, payers in _cuts(uses, _key(eligible))
    )
    best = next(values)
    for value in values:
        best = np.minimum(best, value)
    return best


def reach(uses, needs, limits, eligible):
    """The most that can be covered of the needs in `uses`: min over B ⊆ uses of Σ_{uses∖B} need + Σ limits that may pay
    some use in B (max-flow = min-cut). (…, colleges)."""
    return _reach(tuple(uses), _parts(needs), _parts(limits), eligible, {}, {})


def covered(needs, limits, eligible, use_priority):
    """What each use gets, stacked as USES: the k-th in priority gets reach(first k) − reach(first k − 1)."""
    needs, limits, need_sums, payer_sums, parts, before = (
        _parts(needs),
        _parts(limits),
        {},
        {},
        {},
        0.0,
    )
    for k, use in enumerate(use_priority, start=1):
        now = _reach(tuple(use_priority[:k]), needs, limits, eligible, need_sums, payer_sums)
        parts[use] = now - before
        before = now
    return np.stack(np.broadcast_arrays(*[parts[use] for use in range(len(USES))]), axis=-2)


def gaps(needs, covered):
    """funding_gap by use, never below 0 (floating point)."""
    return np.maximum(0.0, needs - covered)


def funding_gap(gaps):
    """A college's needs not covered by funds; weakly rises with a cap, unlike supplier_shortfall."""
    return stacked_sum(gaps)


def total_gap(needs, limits, eligible):
    """The whole gap of the optimum, without its parts."""
    return np.maximum(
        0.0, stacked_sum(needs) - reach(tuple(range(len(USES))), needs, limits, eligible)
    )


def flows(covered, limits, eligible, use_priority, source_priority):
    """The optimum's flows made unique, (…, 7, 4, colleges): source by source, use by use, as much as keeps it attainable."""
    shape = np.broadcast_shapes(limits.shape[:-2], covered.shape[:-2])
    left, todo = (
        np.broadcast_to(values, (*shape, *values.shape[-2:])).copy() for values in (limits, covered)
    )
    result = np.zeros((*shape, len(SOURCES), len(USES), limits.shape[-1]))
    cuts = [cut for cut in _subsets(tuple(range(len(USES)))) if cut]
    for source in source_priority:
        for use in use_priority:
            if not eligible[source, use]:
                continue
            most = np.minimum(left[..., source, :], todo[..., use, :])
            for cut in cuts:
                if use not in cut and eligible[source, list(cut)].any():
                    payers = eligible[:, list(cut)].any(axis=1)
                    slack = left[..., payers, :].sum(-2) - todo[..., list(cut), :].sum(-2)
                    most = np.minimum(most, slack)
            most = np.maximum(0.0, most)
            result[..., source, use, :] = most
            left[..., source, :] -= most
            todo[..., use, :] -= most
        left[..., source, :] = (
            0.0  # what this source did not pay stays idle: later sources must do the rest
        )
    return result


def waterfall_gap(needs, limits, eligible, use_priority, own_order, source_priority):
    """The gap as bursars spend: use by use in order, sources in the college's own order. own_order: (7, colleges), inf
    where none is given; ties and gaps by the source order."""
    rank = np.empty(len(SOURCES))
    rank[list(source_priority)] = np.arange(len(SOURCES))
    sequence = np.lexsort((np.broadcast_to(rank[:, None], own_order.shape), own_order), axis=0)
    left = np.broadcast_to(
        limits, np.broadcast_shapes(limits.shape, needs.shape[:-2] + limits.shape[-2:])
    ).copy()
    gap: float | np.ndarray = 0.0
    colleges = np.arange(own_order.shape[1])
    for use in use_priority:
        todo = np.broadcast_to(needs[..., use, :], left.shape[:-2] + left.shape[-1:])
        for step in range(len(SOURCES)):
            source = sequence[step]
            available = left[..., source, colleges] * eligible[source, use]
            paid = np.minimum(available, todo)
            left[..., source, colleges] -= paid
            todo = todo - paid
        gap = gap + todo
    return gap


def order_loss(waterfall_gap, funding_gap):
    """What the order of spending leaves unpaid though money is there (c04)."""
    return np.maximum(0.0, waterfall_gap - funding_gap)


def idle(limits, covered):
    """Money that reaches no need."""
    return np.maximum(0.0, stacked_sum(limits) - stacked_sum(covered))


def pot_weights(
    college_served,
    gap_before_awards,
    students,
    own_funds,
    province_of_college,
    province_count,
    funding_pot_weights,
):
    """Each college's weight in its province's pots, computed once before any award: Σ ω · x / Σ_province x over
    candidates, need and low capacity; a term whose provincial sum is 0 is left out."""

    def province_sum(x):
        return _province_sum(x, province_of_college, province_count)[..., province_of_college]

    relative = or_zero(
        ratio(ratio(own_funds, students), ratio(province_sum(own_funds), province_sum(students)))
    )
    terms = {
        "candidates": college_served,
        "need": gap_before_awards,
        "low_capacity": students / (1.0 + relative),
    }
    weight = 0.0
    for name, term in terms.items():
        weight = weight + funding_pot_weights.get(name, 0.0) * or_zero(
            ratio(term, province_sum(term))
        )
    return weight


def _province_sum(x, province, count):
    """Σ of the colleges of each province, (…, colleges) → (…, provinces), in the colleges' own order."""
    order = np.argsort(province, kind="stable")
    present, starts = np.unique(province[order], return_index=True)
    made = np.zeros((*np.shape(x)[:-1], count))
    if order.size:
        made[..., present] = np.add.reduceat(
            np.asarray(x, float).take(order, axis=-1), starts, axis=-1
        )
    return made


def gap_and_pot_need(needs, limits, eligible, source):
    """(funding_gap, what unlimited money of `source` would take off it), each (…, colleges): only the cuts that source cannot
    widen are left with it."""
    needs, limits, need_sums, payer_sums, whole = (
        _parts(needs),
        _parts(limits),
        {},
        {},
        tuple(range(len(USES))),
    )
    asked = _part_sum(needs, whole, need_sums)
    now = endless = asked
    for rest, payers in _cuts(whole, _key(eligible)):
        value = _part_sum(needs, rest, need_sums) + _part_sum(limits, payers, payer_sums)
        now = np.minimum(now, value)
        if source not in payers:
            endless = np.minimum(endless, value)
    return np.maximum(0.0, asked - now), endless - now


def pot_awards(pot, need, weight, province_of_college):
    """Each college's award, yuan of whole fen: min(need, λ · weight), λ by exact water-filling in each province.

    pot: (provinces,); need, weight: (…, colleges). The total ⌊min(pot, Σ need)⌋ in fen is split by largest remainder, ties
    to the first college of the table.
    """
    need, weight = np.broadcast_arrays(need, weight)
    award = np.zeros(need.shape)
    for province in np.flatnonzero(np.asarray(pot) > 0):
        members = np.flatnonzero(province_of_college == province)
        if members.size:
            its_need, its_weight = need.take(members, axis=-1), weight.take(members, axis=-1)
            open_ = (its_weight > 0) & (its_need > 0)
            award[..., members] = _fill(
                pot[province],
                np.where(open_, its_need, 0.0),
                np.where(open_, its_weight, 0.0),
                open_,
            )
    return award


def _fill(pot, need, weight, open_):
    """Exact water-filling of one pot over its colleges, in whole fen, (…, colleges). need and weight are 0 where not `open_`."""
    asked = need.sum(-1, keepdims=True)
    total, short = np.minimum(pot, asked), pot < asked
    share = (
        np.where(short, np.minimum(need, _level(total, need, weight, ~short) * weight), need)
        if short.any()
        else need
    )
    return _whole_fen(share, total, open_)


def _level(total, need, weight, enough):
    """λ with Σ min(need, λ · weight) = total, (…, 1), for total < Σ need (nan where there is `enough`): λ rises as colleges whose whole need
    it covers are set aside, until there is none more. The function has straight pieces, so that takes finitely many steps and is exact."""
    full = np.broadcast_to(enough, need.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        while True:
            level = (total - np.where(full, need, 0.0).sum(-1, keepdims=True)) / np.where(
                full, 0.0, weight
            ).sum(-1, keepdims=True)
            more = full | (need <= level * weight)
            if (more == full).all():
                return level
            full = more


def _whole_fen(share, total, open_):
    """Shares in whole fen that add to ⌊total⌋ fen, (…, colleges) yuan: largest remainder, ties to the first."""
    fen = np.floor(total * 100 + 1e-6)
    added = share.sum(-1, keepdims=True)
    quota = share * np.divide(fen, added, out=np.zeros_like(added), where=added > 0)
    whole = np.floor(quota + 1e-7)
    left = fen - whole.sum(-1, keepdims=True)
    place = np.arange(share.shape[-1])
    turn = np.where(
        open_, place - np.rint((quota - whole) * 1e6) * place.size, np.inf
    )  # a whole number each: larger remainder first, then place
    last = np.take_along_axis(np.sort(turn, axis=-1), np.maximum(left - 1, 0).astype(int), axis=-1)
    whole += (turn <= last) & (left > 0)
    return whole / 100.0


def local_after_crowding_out(own_local, central_award, funding_crowding_out):
    """The college's own local appropriation once the award has taken its place, never below 0."""
    return np.maximum(0.0, own_local - funding_crowding_out * central_award)
