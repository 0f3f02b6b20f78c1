"""Contestant: the rules fused by hand into one numba kernel, compiled for this data set's cost drivers; draws run in parallel threads.

Two passes over the offerings a side: plan (volumes and costs into sums of cells and suppliers), then served volumes into sums of colleges; a
short pass before each takes the sums other rows' costs are shared by. Only the headlines are computed. `make(task)` does all sides apart;
`make(task, "shared")` computes the plan once a draw, since no scenario of the task changes a volume or a cost on the plan.
"""

from __future__ import annotations

import math

import numpy as np

from .task import (
    DRIVERS,
    KINDS,
    NAMES,
    PARAMETERS,
    by_name,
    check_readings,
    funding_facts,
    group_of,
    side_arrays,
    sides_of_draws,
)

THREADS = 2
P = {name: place for place, name in enumerate(PARAMETERS)}
(
    PASS_RATE,
    RETAKE_SHARE,
    RETAKE_FEE,
    BANK_FLOOR,
    PROVINCIAL,
    CAP_INDEX,
    FEE_INDEX,
    DEDUCT,
    BETA,
    MARGIN,
    SPREAD,
    PER_TRAINED,
    TRAINED,
    PRICE,
    ELASTICITY,
    UPLIFT_CEILING,
    CROWDING,
    CHARGE,
) = range(len(PARAMETERS))
SLACK, TIE = 1e-9, 1e-9


def make(task, option: str = ""):
    """A function of draws that returns the headlines of every side, name → (draws,)."""
    import numba

    check_readings(task)
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
    arrays, caps = side_arrays(task)
    facts = funding_facts(task)
    kernel = build(
        numba,
        tuple(tuple(DRIVERS.index(name) for name in arrays[f"{kind}_rates"]) for kind in KINDS),
        tuple(facts["use_order"]),
        payer_masks(facts["allowed"]),
        facts["pots"],
        option == "shared",
    )
    offering = packed_offerings(task, arrays)
    cell = tuple(
        arrays[name] for name in ("given_proposal", "verified_cost", "published_fee", "special_fee")
    ) + (
        arrays["special_applies"],
        arrays["has_audited_price"],
        group_of(task, "cell", "supplier"),
        np.stack(caps),
    )
    college = tuple(
        arrays[name]
        for name in ("pay_pool", "uplift_limit", "baseline_hours", "students", "own_limits")
    ) + (
        ~arrays["is_private"] & ~arrays["is_applied"],
        reachable(arrays["own_limits"], facts["allowed"]),
    )
    at = task.compiled.space.maps["college", "province"]
    ends = np.append(at.first.starts[1:], len(at.index))
    province = (
        at.index,
        at.order,
        at.first.present,
        at.first.starts,
        ends,
        np.stack([arrays["pot_central_award"], arrays["pot_local_appropriation"]]),
    )
    bands = np.array(facts["class_bands"], float)
    weights = np.array(
        [facts["pot_weights"].get(name, 0.0) for name in ("candidates", "need", "low_capacity")]
    )

    def run(drawn):
        sides = np.array(
            [[list(side.values()) for side in draw] for draw in sides_of_draws(task, drawn)]
        )
        found = np.zeros((*sides.shape[:2], len(NAMES)))
        kernel(
            sides,
            offering,
            cell,
            arrays["fixed_cost"],
            arrays["national_sittings"],
            college,
            province,
            bands,
            weights,
            found,
        )
        return by_name(found)

    return run


def payer_masks(allowed: np.ndarray) -> tuple[int, ...]:
    """For each source the set of uses it may pay, as bits."""
    return tuple(int(sum(1 << use for use in range(4) if row[use])) for row in allowed)


def reachable(limits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """For each college and each of the 16 sets of uses: the limits that may pay some use of the set, (colleges, 16)."""
    sets = np.array([[bool(cut & (1 << use)) for use in range(4)] for cut in range(16)])
    return np.ascontiguousarray(limits.T @ ((allowed @ sets.T) > 0).astype(float))


def packed_offerings(task, arrays) -> tuple:
    """The offerings' columns; rates as one (drivers, rows) array a kind of cost."""
    columns = [
        arrays[name]
        for name in (
            "planned_candidates",
            "given_pass_rate",
            "given_retake_share",
            "class_size",
            "course_hours",
            "integration",
        )
    ]
    parts = [arrays[name] for name in ("session_capacity", "candidates_per_assessor")]
    parts.append(arrays["hours_per_session"] * arrays["college_staff_per_session"])
    rates = [
        np.stack(list(arrays[f"{kind}_rates"].values()))
        if arrays[f"{kind}_rates"]
        else np.zeros((0, len(columns[0])))
        for kind in KINDS
    ]
    groups = [
        group_of(task, "offering", axis) for axis in ("cell", "supplier", "college", "national")
    ]
    return (*columns, *parts, *rates, *groups)


def weighted_sum(drivers):
    """Σ rate · count written out for the drivers of one kind of cost: constant places, so that the counts stay in registers."""
    terms = "".join(f" + rates[{k}, row] * counts[{driver}]" for k, driver in enumerate(drivers))
    made: dict = {}
    exec(f"def total(rates, row, counts):\n    return 0.0{terms}\n", made)
    return made["total"]


def build(numba, drivers, use_order, masks, pots, shared):
    """The kernel, compiled for the drivers of each kind of cost and for who may pay what."""
    njit, prange = numba.njit, numba.prange
    organisation_drivers, _, college_drivers, training_drivers = drivers
    central, local = pots
    bits = tuple(1 << use for use in use_order)

    @njit
    def ceiling_of(x):
        return np.ceil(x - SLACK)

    @njit
    def ratio(a, b):
        return a / b if b != 0.0 else np.nan

    @njit
    def either(given, default):
        return default if math.isnan(given) else given

    @njit
    def no_nan(x):
        return 0.0 if math.isnan(x) else x

    total_organisation, total_audited, total_college, total_training = (
        njit(weighted_sum(of_kind)) for of_kind in drivers
    )

    @njit
    def component(sittings, capacity, per_assessor):
        if not capacity > 0.0:
            return 0.0, 0.0
        sessions = ceiling_of(sittings / capacity)
        if not sessions > 0.0:
            return sessions, 0.0
        last = sittings - (sessions - 1.0) * capacity
        return sessions, (sessions - 1.0) * ceiling_of(capacity / per_assessor) + ceiling_of(
            last / per_assessor
        )

    @njit
    def count(
        candidates,
        sittings,
        pass_rate,
        share,
        class_size,
        capacity0,
        capacity1,
        per_assessor0,
        per_assessor1,
        floor,
        n,
        planned_in_cell,
    ):
        """How often each driver occurs, in the order of DRIVERS; what the data's rates do not use is compiled away."""
        theory, theory_assessors = component(sittings, capacity0, per_assessor0)
        practical, practical_assessors = component(sittings, capacity1, per_assessor1)
        return (
            sittings / max(floor, n),
            sittings / max(1.0, n),
            no_nan(ratio(sittings, planned_in_cell)),
            1.0 if candidates > 0.0 else 0.0,
            theory,
            practical,
            theory + practical,
            theory_assessors,
            practical_assessors,
            theory_assessors + practical_assessors,
            ceiling_of(candidates / class_size),
            sittings,
            candidates,
            candidates * (pass_rate + (1.0 - pass_rate) * share * pass_rate),
        )

    bank_at = organisation_drivers.index(0) if 0 in organisation_drivers else -1

    @njit
    def plan(p, offering, national_sittings, cells, suppliers):
        """Sums of cells (sittings, payable, organisation, audited, college cash) and suppliers (payable, organisation, bank unrecovered)."""
        (
            candidates,
            given_rate,
            given_share,
            class_size,
            _,
            _,
            capacity,
            per_assessor,
            _,
            organisation_rates,
            audited_rates,
            college_rates,
            _,
            cell_at,
            supplier_at,
            _,
            national_at,
        ) = offering
        rows = len(candidates)
        national = np.zeros(len(national_sittings))
        for row in range(rows):
            again = (
                candidates[row]
                * (1.0 - either(given_rate[row], p[PASS_RATE]))
                * either(given_share[row], p[RETAKE_SHARE])
            )
            payable = candidates[row] + p[RETAKE_FEE] * again
            national[national_at[row]] += candidates[row] + again
            cells[0, cell_at[row]] += candidates[row] + again
            cells[1, cell_at[row]] += payable
            suppliers[0, supplier_at[row]] += payable
        for k in range(len(national)):
            national[k] = max(no_nan(national_sittings[k]), national[k])
        for row in range(rows):
            c, s = cell_at[row], supplier_at[row]
            rate, share, n = (
                either(given_rate[row], p[PASS_RATE]),
                either(given_share[row], p[RETAKE_SHARE]),
                national[national_at[row]],
            )
            sittings = candidates[row] + candidates[row] * (1.0 - rate) * share
            counts = count(
                candidates[row],
                sittings,
                rate,
                share,
                class_size[row],
                capacity[0, row],
                capacity[1, row],
                per_assessor[0, row],
                per_assessor[1, row],
                p[BANK_FLOOR],
                n,
                cells[0, c],
            )
            cost = total_organisation(organisation_rates, row, counts)
            cells[2, c] += cost
            cells[3, c] += total_audited(audited_rates, row, counts)
            cells[4, c] += total_college(college_rates, row, counts)
            suppliers[1, s] += cost
            if bank_at >= 0:
                suppliers[2, s] += organisation_rates[bank_at, row] * (
                    no_nan(ratio(sittings, n)) - counts[0]
                )

    @njit
    def fees(p, cell, caps, fixed_cost, cells, suppliers, baseline, fee):
        """The approved fee of each cell. `baseline` (3, cells): modelled fee, ceiling, proposal of the baseline, nan while it is being made."""
        given, verified_cost, published, special_fee, special, audited, supplier_at, _ = cell
        for c in range(len(fee)):
            amount, present = 0.0, False
            for part in range(2):
                if not math.isnan(caps[part, c]):
                    amount, present = amount + caps[part, c], True
            cap = amount * p[PROVINCIAL] * p[CAP_INDEX] if present else np.nan
            room = cap - p[DEDUCT] * ratio(cells[4, c], cells[0, c])
            ceiling = 0.0 if room < 0.0 else room
            s = supplier_at[c]
            fixed = ratio(fixed_cost[s], suppliers[0, s])
            unit = ratio(cells[2, c], cells[1, c]) + fixed
            if not math.isnan(given[c]):
                proposed = given[c] * p[FEE_INDEX]
            elif math.isinf(ceiling):
                proposed = baseline[2, c]
            else:
                proposed = unit + p[BETA] * (ceiling - unit) if ceiling - unit >= 0.0 else ceiling
            basis = verified_cost[c]
            if math.isnan(basis):
                basis = ratio(cells[3, c], cells[1, c]) + fixed if audited[c] else np.inf
            verified = basis * p[FEE_INDEX] * (1.0 + p[MARGIN])
            if math.isnan(ceiling) or math.isnan(proposed) or math.isnan(verified):
                modelled = np.nan
            else:
                modelled = min(min(ceiling, proposed), verified)
            known = not math.isnan(baseline[0, c])
            before, ceiling_before = (
                (baseline[0, c], baseline[1, c]) if known else (modelled, ceiling)
            )
            if not known:
                baseline[0, c], baseline[1, c], baseline[2, c] = modelled, ceiling, proposed
            if math.isnan(modelled):
                fee[c] = published[c]
                continue
            standard = modelled
            if not math.isnan(published[c]):
                unmoved = abs(modelled - before) <= TIE and (
                    ceiling == ceiling_before or abs(ceiling - ceiling_before) <= TIE
                )
                moved = max(
                    0.0,
                    min(
                        published[c] + (modelled - before),
                        ceiling + max(0.0, published[c] - ceiling_before),
                    ),
                )
                standard = published[c] if unmoved else moved
            if special[c] and not math.isnan(special_fee[c]):
                standard = max(standard, min(special_fee[c], ceiling))
            fee[c] = standard

    @njit
    def serve(p, offering, national_sittings, bands, cells, fee, share, colleges, national_needed):
        """Served volumes into colleges (training hours, assessment hours, groups, fee bill, cash, training cash, payable, served); bill and served."""
        (
            candidates,
            given_rate,
            given_share,
            class_size,
            course_hours,
            integration,
            capacity,
            per_assessor,
            hours,
            _,
            _,
            college_rates,
            training_rates,
            cell_at,
            supplier_at,
            college_at,
            national_at,
        ) = offering
        rows = len(candidates)
        national = np.zeros(len(national_sittings))
        if national_needed:
            for row in range(rows):
                served = candidates[row] * share[supplier_at[row]]
                again = (
                    served
                    * (1.0 - either(given_rate[row], p[PASS_RATE]))
                    * either(given_share[row], p[RETAKE_SHARE])
                )
                national[national_at[row]] += served + again
            for k in range(len(national)):
                national[k] = max(no_nan(national_sittings[k]), national[k])
        bill, people = 0.0, 0.0
        for row in range(rows):
            served, c, j = candidates[row] * share[supplier_at[row]], cell_at[row], college_at[row]
            rate, again_share = (
                either(given_rate[row], p[PASS_RATE]),
                either(given_share[row], p[RETAKE_SHARE]),
            )
            again = served * (1.0 - rate) * again_share
            payable = served + p[RETAKE_FEE] * again
            counts = count(
                served,
                served + again,
                rate,
                again_share,
                class_size[row],
                capacity[0, row],
                capacity[1, row],
                per_assessor[0, row],
                per_assessor[1, row],
                p[BANK_FLOOR],
                national[national_at[row]],
                cells[0, c],
            )
            groups = counts[10]
            size = no_nan(ratio(served, groups)) - SLACK
            band = 0
            while band < len(bands) - 1 and bands[band, 0] < size:
                band += 1
            paid = no_nan(fee[c]) * payable if payable > 0.0 else 0.0
            colleges[0, j] += groups * course_hours[row] * bands[band, 1] * (1.0 - integration[row])
            colleges[1, j] += counts[4] * hours[0, row] + counts[5] * hours[1, row]
            colleges[2, j] += groups
            colleges[3, j] += paid
            colleges[4, j] += total_college(college_rates, row, counts)
            colleges[5, j] += total_training(training_rates, row, counts)
            colleges[6, j] += payable
            colleges[7, j] += served
            bill += paid
            people += served
        return bill, people

    @njit
    def wanted(needs, j, sums):
        for chosen in range(16):
            total = 0.0
            for use in range(4):
                if chosen & (1 << use):
                    total += needs[use, j]
            sums[chosen] = total

    @njit
    def reach(uses, want, pay):
        """The most that can be covered of the needs of a set of uses: the smallest of its cuts."""
        best = want[uses]
        for cut in range(1, 16):
            if cut & ~uses == 0:
                best = min(best, want[uses & ~cut] + pay[cut])
        return best

    @njit
    def fill(pot, need, weight, members, award):
        """Water-filling of one pot over its colleges, in whole fen, largest remainder."""
        size = len(members)
        wants, heavy = np.empty(size), np.empty(size)
        for i in range(size):
            heavy[i] = weight[members[i]]
            wants[i] = need[members[i]] if heavy[i] > 0.0 else 0.0
        asked = wants.sum()
        total = min(pot, asked)
        if total <= 0.0:
            return
        share = wants.copy()
        if pot < asked:
            level = np.full(size, np.inf)
            for i in range(size):
                if wants[i] > 0.0:
                    level[i] = wants[i] / heavy[i]
            order = np.argsort(level, kind="mergesort")
            open_weight = 0.0
            for i in order:
                open_weight += heavy[i] if wants[i] > 0.0 else 0.0
            filled = 0.0
            for i in order:
                lam = (total - filled) / open_weight
                if lam <= level[i] + 1e-12 * (1.0 + abs(level[i])):
                    break
                filled, open_weight = filled + wants[i], open_weight - heavy[i]
            for i in range(size):
                share[i] = min(wants[i], lam * heavy[i])
        fen = math.floor(total * 100.0 + 1e-6)
        quota = share * (fen / share.sum())
        whole = np.floor(quota + 1e-7)
        left = int(fen - whole.sum())
        if left > 0:
            first = np.argsort(-np.round(quota - whole, 6), kind="mergesort")
            for i in first[:left]:
                whole[i] += 1.0
        for i in range(size):
            award[members[i]] = whole[i] / 100.0

    @njit
    def fund(p, needs, served, college, province, weights):
        """Awards of the two pots, then the gap of the optimum, summed over colleges."""
        students, own, own_reach = college[3], college[4], college[6]
        province_at, order, present, starts, ends, pot = province
        limits, can_pay, count_of = own.copy(), own_reach.copy(), len(students)
        want, more = np.empty(16), np.empty(16)
        gap, funds, term = np.empty(count_of), np.zeros(count_of), np.zeros((3, count_of))
        for j in range(count_of):
            wanted(needs, j, want)
            gap[j] = max(0.0, want[15] - reach(15, want, can_pay[j]))
            for source in range(len(masks)):
                funds[j] += own[source, j]
        sums = np.zeros((5, pot.shape[1]))
        for j in range(count_of):
            sums[0, province_at[j]] += funds[j]
            sums[1, province_at[j]] += students[j]
        for j in range(count_of):
            k = province_at[j]
            relative = no_nan(ratio(ratio(funds[j], students[j]), ratio(sums[0, k], sums[1, k])))
            term[0, j], term[1, j], term[2, j] = served[j], gap[j], students[j] / (1.0 + relative)
            for t in range(3):
                sums[2 + t, k] += term[t, j]
        weight = np.zeros(count_of)
        for j in range(count_of):
            for t in range(3):
                weight[j] += weights[t] * no_nan(ratio(term[t, j], sums[2 + t, province_at[j]]))
        need = np.empty(count_of)
        for turn in range(2):
            source = central if turn == 0 else local
            award = np.zeros(count_of)
            if pot[turn].max() > 0.0:
                for j in range(count_of):
                    wanted(needs, j, want)
                    endless = want[15]
                    for other in range(len(masks)):
                        endless += limits[other, j]
                    for cut in range(16):
                        more[cut] = can_pay[j, cut] + (
                            endless - limits[source, j] if cut & masks[source] else 0.0
                        )
                    need[j] = max(
                        0.0,
                        max(0.0, want[15] - reach(15, want, can_pay[j]))
                        - max(0.0, want[15] - reach(15, want, more)),
                    )
                for k in range(len(present)):
                    if pot[turn, present[k]] > 0.0:
                        fill(pot[turn, present[k]], need, weight, order[starts[k] : ends[k]], award)
            for j in range(count_of):
                crowded = min(limits[local, j], p[CROWDING] * award[j]) if turn == 0 else 0.0
                limits[source, j] += award[j]
                limits[local, j] -= crowded
                for cut in range(16):
                    can_pay[j, cut] += (award[j] if cut & masks[source] else 0.0) - (
                        crowded if cut & masks[local] else 0.0
                    )
        missing = 0.0
        for j in range(count_of):
            wanted(needs, j, want)
            before, first = 0.0, 0
            for bit in bits:
                first |= bit
                now = reach(first, want, can_pay[j])
                missing += max(0.0, want[bit] - (now - before))
                before = now
        return missing

    @njit
    def one_side(
        p,
        side,
        offering,
        cell,
        fixed_cost,
        national_sittings,
        college,
        province,
        bands,
        weights,
        cells,
        suppliers,
        baseline,
        found,
    ):
        """One draw under one law: fees, response, served volumes, pay, funding."""
        fee, share = np.empty(cells.shape[1]), np.empty(suppliers.shape[1])
        fees(p, cell, cell[7][side], fixed_cost, cells, suppliers, baseline, fee)
        income = np.zeros(len(share))
        for c in range(len(fee)):
            income[cell[6][c]] += no_nan(fee[c]) * cells[1, c]
        shortfall = 0.0
        for s in range(len(share)):
            cost = suppliers[1, s] + fixed_cost[s]
            margin = income[s] - suppliers[1, s] - fixed_cost[s]
            share[s] = math.exp(min(0.0, margin) / cost / p[SPREAD]) if cost > 0.0 else 1.0
            if suppliers[0, s] > 0.0:
                shortfall += max(0.0, suppliers[2, s] - margin)
        sums = np.zeros((8, len(college[0])))
        bill, people = serve(
            p, offering, national_sittings, bands, cells, fee, share, sums, shared_cost_served
        )
        needs, outlay, pay = np.empty((4, sums.shape[1])), 0.0, 0.0
        pool, limit, hours, _, _, eligible, _ = college
        for j in range(sums.shape[1]):
            uplift = 0.0
            if eligible[j] and not math.isnan(pool[j]):
                most = p[UPLIFT_CEILING] * pool[j] if math.isnan(limit[j]) else limit[j]
                uplift = min(
                    no_nan(p[ELASTICITY] * ratio(sums[0, j] + sums[1, j], hours[j]) * pool[j]), most
                )
            to_train = ceiling_of(ceiling_of(sums[2, j] / p[PER_TRAINED]) * (1.0 - p[TRAINED]))
            needs[0, j] = max(0.0, sums[3, j] + sums[4, j] - p[CHARGE] * sums[6, j])
            needs[1, j], needs[2, j], needs[3, j] = sums[5, j], to_train * p[PRICE], uplift
            outlay += needs[0, j] + needs[1, j] + needs[2, j] + needs[3, j]
            pay += uplift
        found[0], found[1], found[2] = bill, people, outlay
        found[3], found[4], found[5] = (
            fund(p, needs, sums[7], college, province, weights),
            pay,
            shortfall,
        )

    shared_cost_served = any(
        driver in (0, 1) for kind in (college_drivers, training_drivers) for driver in kind
    )

    @njit(parallel=True)
    def kernel(
        sides,
        offering,
        cell,
        fixed_cost,
        national_sittings,
        college,
        province,
        bands,
        weights,
        found,
    ):
        for draw in prange(sides.shape[0]):
            cells, suppliers = np.zeros((5, len(cell[0]))), np.zeros((3, len(fixed_cost)))
            plan(sides[draw, 0], offering, national_sittings, cells, suppliers)
            baseline = np.full((3, len(cell[0])), np.nan)
            one_side(
                sides[draw, 0],
                0,
                offering,
                cell,
                fixed_cost,
                national_sittings,
                college,
                province,
                bands,
                weights,
                cells,
                suppliers,
                baseline,
                found[draw, 0],
            )
            for side in range(1, sides.shape[1]):
                if not shared:
                    cells[:], suppliers[:] = 0.0, 0.0
                    plan(sides[draw, side], offering, national_sittings, cells, suppliers)
                one_side(
                    sides[draw, side],
                    side,
                    offering,
                    cell,
                    fixed_cost,
                    national_sittings,
                    college,
                    province,
                    bands,
                    weights,
                    cells,
                    suppliers,
                    baseline,
                    found[draw, side],
                )

    return kernel
