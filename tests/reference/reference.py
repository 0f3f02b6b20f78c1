"""A second, naive implementation of docs/method.md §1–§5: loops over plain rows, nothing shared with the product's rules or engine.

It takes the tables as lists of dicts and the law as a plain dict of parameter values, and gives fees, organisations, offerings
and colleges as dicts by key. It is slow and meant to be read beside the specification.
"""

from __future__ import annotations

import math


def gone(x) -> bool:
    return x is None or x == "" or (isinstance(x, float) and math.isnan(x))


def ceil(x: float) -> int:
    return math.ceil(x - 1e-9)


class Model:
    """One year under one law; `base` is the baseline's model where this is a scenario, `tables_for_fees` the rows fees are set on."""

    def __init__(self, tables, law, year, base=None, fee_model=None):
        self.t, self.law, self.year, self.base = tables, law, year, base
        self.province = {row["college"]: row["province"] for row in tables["colleges"]}
        self.college = {row["college"]: row for row in tables["colleges"]}
        self.place = {row["province"]: row for row in tables["provinces"]}
        self.organisation = {
            row["certificate"]: row["organisation"] for row in tables["certificates"]
        }
        self.offers = [row for row in tables["offerings"] if row["year"] == year]
        self.plan = {self.key(row): row["candidates"] for row in self.offers}
        self.volume(self.plan, None)
        self.planned_cell = {}
        for key in self.plan:
            self.planned_cell[self.cell(key)] = (
                self.planned_cell.get(self.cell(key), 0.0) + self.v[key]["sittings"]
            )
        self.cost()
        self.fee_model = fee_model or self
        if fee_model is None:
            self.fees()
        self.respond()
        self.volume(
            {
                key: self.plan[key] * self.share[self.organisation[key[1]], self.province[key[0]]]
                for key in self.plan
            },
            self.planned_cell,
        )
        self.cost()
        self.settle()
        self.work()

    @staticmethod
    def key(row):
        return row["college"], row["certificate"], row["level"]

    def cell(self, key):
        return self.province[key[0]], key[1], key[2]

    def most_specific(self, rows, key):
        """Groups of rows by (component, phase, item, sub_item, level): the most specific place wins."""
        college, province = key[0], self.province[key[0]]
        groups = {}
        for row in rows:
            if row["certificate"] != key[1] or row["level"] not in (key[2], "all"):
                continue
            if row["college"] == college:
                rank = 2
            elif gone(row["college"]) and row["province"] == province:
                rank = 1
            elif gone(row["college"]) and gone(row["province"]):
                rank = 0
            else:
                continue
            groups.setdefault(
                (
                    row["level"],
                    row.get("component"),
                    row.get("phase"),
                    row.get("item"),
                    row.get("sub_item"),
                ),
                {},
            ).setdefault(rank, []).append(row)
        return [row for ranks in groups.values() for row in ranks[max(ranks)]]

    def volume(self, candidates, _):
        self.v = {}
        for row in self.offers:
            key, n = self.key(row), candidates[self.key(row)]
            p = self.law["volume.default_pass_rate"] if gone(row["pass_rate"]) else row["pass_rate"]
            r = (
                self.law["volume.default_retake_share"]
                if gone(row["retake_share"])
                else row["retake_share"]
            )
            again = n * (1 - p) * r
            v = {
                "candidates": n,
                "sittings": n + again,
                "payable": n + self.law["fees.retake_fee_share"] * again,
                "groups": ceil(n / row["class_size"]),
                "awarded": n * (p + (1 - p) * r * p),
                "sessions": {},
                "assessors": {},
                "row": row,
            }
            v["hours"] = 0.0
            for part in self.most_specific(self.t["components"], key):
                sessions = ceil(v["sittings"] / part["session_capacity"])
                last = v["sittings"] - (sessions - 1) * part["session_capacity"]
                a = part["candidates_per_assessor"]
                v["sessions"][part["component"]] = sessions
                v["assessors"][part["component"]] = (
                    ((sessions - 1) * ceil(part["session_capacity"] / a) + ceil(last / a))
                    if sessions
                    else 0
                )
                v["hours"] += (
                    sessions * part["hours_per_session"] * part["college_staff_per_session"]
                )
            self.v[key] = v

    def national(self, certificate):
        own = sum(v["sittings"] for key, v in self.v.items() if key[1] == certificate)
        given = next(
            row["national_sittings"]
            for row in self.t["certificates"]
            if row["certificate"] == certificate
        )
        return own if gone(given) else max(given, own)

    def cost(self):
        nations = {
            row["certificate"]: self.national(row["certificate"]) for row in self.t["certificates"]
        }
        self.c = {}
        for key, v in self.v.items():
            found = dict.fromkeys(
                (
                    "organisation",
                    "audited",
                    "college",
                    "college_cash",
                    "training",
                    "training_cash",
                    "bank_lost",
                ),
                0.0,
            )
            found["has_audited"] = False
            n_k, floor = nations[key[1]], self.law["fees.question_bank_floor"]
            for row in self.most_specific(self.t["ingredients"], key):
                found_count = self.count(row, v, n_k, floor, key)
                index = {
                    "none": 1.0,
                    "price": self.place[self.province[key[0]]]["price_index"],
                    "wage": self.place[self.province[key[0]]]["wage_index"],
                }[row["priced_by"]]
                index = 1.0 if gone(index) else index
                factor = self.college[key[0]]["cost_factor"]
                factor = (
                    1.0
                    if gone(factor) or row["borne_by"] != "college" or not gone(row["college"])
                    else factor
                )
                annuity = 1.0
                if not gone(row["life_years"]):
                    rate, years = self.law["funding.discount_rate"], row["life_years"]
                    annuity = (
                        rate * (1 + rate) ** years / ((1 + rate) ** years - 1)
                        if rate
                        else 1 / years
                    )
                each = row["quantity"] * annuity * index * factor
                amount, audited = (
                    each * row["unit_price"] * found_count,
                    each
                    * (row["unit_price"] if gone(row["audited_price"]) else row["audited_price"])
                    * found_count,
                )
                if row["phase"] == "training":
                    found["training"] += amount
                    found["training_cash"] += amount * row["cash_share"]
                elif row["borne_by"] == "college":
                    found["college"] += amount
                    found["college_cash"] += amount * row["cash_share"]
                else:
                    found["organisation"] += amount
                    found["audited"] += audited
                    found["has_audited"] |= not gone(row["audited_price"])
                    if (
                        row["item"] == "question_bank"
                        and row["driver"] == "nation_year"
                        and n_k > 0
                    ):
                        found["bank_lost"] += (
                            each
                            * row["unit_price"]
                            * v["sittings"]
                            * (1 / n_k - 1 / max(floor, n_k))
                        )
            self.c[key] = found

    def count(self, row, v, n_k, floor, key):
        driver, part = row["driver"], row["component"]
        if driver == "nation_year":
            return v["sittings"] / (
                max(floor, n_k) if row["item"] == "question_bank" else max(1.0, n_k)
            )
        if driver == "province_year":
            whole = getattr(self, "planned_cell", {}).get(self.cell(key)) or 0.0
            return v["sittings"] / whole if whole else 0.0
        if driver in ("session", "assessor"):
            counts = v["sessions" if driver == "session" else "assessors"]
            return counts.get(part, 0) if part else sum(counts.values())
        return {
            "offering": 1.0 if v["candidates"] > 0 else 0.0,
            "group": v["groups"],
            "sitting": v["sittings"],
            "candidate": v["candidates"],
            "award": v["awarded"],
        }[driver]

    def in_force(self, cell):
        day = f"{self.year}-07-01"
        rows = [
            row
            for row in self.t["fees"]
            if (row["province"], row["certificate"], row["level"]) == cell
            and row["valid_from"] <= day
            and (gone(row["valid_to"]) or day < row["valid_to"])
        ]
        return rows[-1] if rows else {}

    def cap(self, cell):
        amounts, weights = [], []
        for part in self.t["components"]:
            if (
                part["certificate"] == cell[1]
                and part["level"] == cell[2]
                and gone(part["province"])
                and gone(part["college"])
            ):
                table = self.law[f"fees.cap.{part['form']}"]
                amounts.append(table.get(cell[2], table.get("all")))
                weights.append(part["weight"])
        how = self.law["fees.cap_of_mixed"]
        mixed = (
            sum(amounts)
            if how == "sum"
            else max(amounts)
            if how == "max"
            else sum(a * w for a, w in zip(amounts, weights)) / sum(weights)
        )
        return mixed * self.law["fees.provincial_factor"] * self.law["fees.cap_index"]

    def fees(self):
        self.f, law = {}, self.law
        for cell in dict.fromkeys(
            [
                *map(self.cell, self.v),
                *(
                    (r["province"], r["certificate"], r["level"])
                    for r in self.t["fees"]
                    if self.in_force((r["province"], r["certificate"], r["level"]))
                ),
            ]
        ):
            keys = [key for key in self.v if self.cell(key) == cell]
            row, cap = self.in_force(cell), self.cap(cell)
            sittings, payable = (
                sum(self.v[key][name] for key in keys) for name in ("sittings", "payable")
            )
            published = row.get("published_fee")
            if not sittings:
                self.f[cell] = {"cap": cap, "approved_fee": None if gone(published) else published}
                continue
            college_unit = sum(self.c[key]["college_cash"] for key in keys) / sittings
            ceiling = max(0.0, cap - law["fees.deduct_college_borne"] * college_unit)
            organisation = self.organisation[cell[1]]
            fixed = next(
                one["fixed_cost"]
                for one in self.t["organisations"]
                if one["organisation"] == organisation
            )
            whole = sum(
                v["payable"]
                for key, v in self.v.items()
                if self.organisation[key[1]] == organisation and self.province[key[0]] == cell[0]
            )
            shared = (0.0 if gone(fixed) else fixed) / whole
            unit = sum(self.c[key]["organisation"] for key in keys) / payable + shared
            audited = sum(self.c[key]["audited"] for key in keys) / payable + shared
            given = row.get("given_proposal")
            before = self.base.f.get(cell) if self.base else None
            if not gone(given):
                proposed, last = given * law["fees.fee_index"], "proposal"
            elif math.isinf(ceiling):
                proposed, last = before["proposed_fee"], "bargaining"
            else:
                proposed, last = (
                    (unit + law["fees.beta"] * (ceiling - unit) if ceiling >= unit else ceiling),
                    "bargaining",
                )
            verified = math.inf
            if law["fees.verification"] != "none":
                if not gone(row.get("verified_cost")):
                    verified = (
                        row["verified_cost"]
                        * law["fees.fee_index"]
                        * (1 + law["fees.verification_margin"])
                    )
                elif any(
                    self.c[key]["has_audited"] and self.v[key]["candidates"] > 0 for key in keys
                ):
                    verified = (
                        audited * law["fees.fee_index"] * (1 + law["fees.verification_margin"])
                    )
            modelled = min(ceiling, proposed, verified)
            binds = (
                "cap"
                if modelled >= ceiling - 1e-9
                else "verification"
                if modelled >= verified - 1e-9
                else last
            )
            standard = modelled
            if not gone(published):
                old_m, old_c = (
                    (before["modelled_fee"], before["ceiling"]) if before else (modelled, ceiling)
                )
                if abs(modelled - old_m) <= 1e-9 and (
                    ceiling == old_c or abs(ceiling - old_c) <= 1e-9
                ):
                    standard = published
                else:
                    carried, allowed = (
                        published + modelled - old_m,
                        ceiling + max(0.0, published - old_c),
                    )
                    standard = max(0.0, min(carried, allowed))
                    binds = "cap" if allowed < carried - 1e-9 else binds
            approved, day = standard, f"{self.year}-07-01"
            special = row.get("special_fee")
            running = (
                row.get("special_case")
                and not gone(row.get("special_document"))
                and not gone(special)
                and not gone(row.get("special_from"))
                and row["special_from"] <= day
                and (gone(row.get("special_to")) or day < row["special_to"])
            )
            if running:
                allowed = (
                    special
                    if law["fees.special_may_exceed_cap"] == "yes"
                    else min(special, ceiling)
                )
                if allowed > standard + 1e-9:
                    approved, binds = allowed, "special"
            over = (running and special > ceiling + 1e-9) or (
                not gone(published) and published > ceiling + 1e-9
            )
            self.f[cell] = {
                "cap": cap,
                "college_unit": college_unit,
                "ceiling": ceiling,
                "organisation_unit": unit,
                "proposed_fee": proposed,
                "verified_fee": verified,
                "modelled_fee": modelled,
                "standard_fee": standard,
                "approved_fee": approved,
                "binds": binds,
                "over_cap": bool(over),
            }

    def fee(self, key):
        return self.fee_model.f[self.cell(key)]["approved_fee"] or 0.0

    def respond(self):
        self.share, self.o, law = {}, {}, self.law
        for pair in dict.fromkeys(
            (self.organisation[key[1]], self.province[key[0]]) for key in self.v
        ):
            keys = [
                key for key in self.v if (self.organisation[key[1]], self.province[key[0]]) == pair
            ]
            fixed = next(
                one["fixed_cost"]
                for one in self.t["organisations"]
                if one["organisation"] == pair[0]
            )
            fixed = 0.0 if gone(fixed) else fixed
            full = sum(self.c[key]["organisation"] for key in keys) + fixed
            payable = sum(self.v[key]["payable"] for key in keys)
            margin = (
                sum(
                    self.fee(key) * self.v[key]["payable"] if self.v[key]["payable"] else 0.0
                    for key in keys
                )
                - full
            )
            lost = sum(self.c[key]["bank_lost"] for key in keys)
            share = 1.0
            if law["response.mode"] != "none" and full > 0:
                share = (
                    float(margin >= -1e-6 * full)
                    if law["response.sharp"] == "yes"
                    else math.exp(min(0.0, margin / full) / law["response.spread"])
                )
            self.share[pair] = share
            if payable:
                self.o[pair] = {
                    "margin": margin,
                    "share_served": share,
                    "bank_unrecovered": lost,
                    "supplier_shortfall": max(0.0, lost - margin),
                }

    def settle(self):
        self.out = {}
        for key, v in self.v.items():
            c = self.c[key]
            hours = (
                v["groups"]
                * v["row"]["course_hours"]
                * self.coefficient(v)
                * (1 - (0.0 if gone(v["row"]["integration"]) else v["row"]["integration"]))
            )
            self.out[key] = {
                "served": v["candidates"],
                "sittings": v["sittings"],
                "awarded": v["awarded"],
                "groups": v["groups"],
                "fee_bill": self.fee(key) * v["payable"],
                "assessment_cost": c["organisation"] + c["college"],
                "organisation_cost": c["organisation"],
                "college_cost": c["college"],
                "college_cash_cost": c["college_cash"],
                "training_cost": c["training"],
                "training_cash_cost": c["training_cash"],
                "training_hours": hours,
                "assessment_hours": v["hours"],
            }

    def coefficient(self, v):
        if not v["groups"]:
            return 1.0
        size = v["candidates"] / v["groups"]
        for bound, value in self.law["workload.class_coefficient"]:
            if size <= bound + 1e-9:
                return value
        return self.law["workload.class_coefficient"][-1][1]

    def work(self):
        self.w, law = {}, self.law
        pools = {row["college"]: row for row in self.t["pay_pools"] if row["year"] == self.year}
        for name, row in self.college.items():
            mine = [self.out[key] for key in self.out if key[0] == name]
            added = sum(one["training_hours"] + one["assessment_hours"] for one in mine)
            owed = row["teachers"] * row["norm_hours"]
            overload = max(0.0, row["baseline_hours"] + added - owed)
            counted = (
                overload - max(0.0, row["baseline_hours"] - owed)
                if law["pay.workload_basis"] == "overload"
                else added
            )
            growth = counted / row["baseline_hours"] if row["baseline_hours"] else math.nan
            pool = pools.get(name, {})
            uplift = 0.0
            if (
                row["ownership"] != "private"
                and not (row["tier"] == "applied" and law["pay.uplift_scope"] == "vocational")
                and not gone(pool.get("pay_pool"))
            ):
                amount = {
                    "elasticity": 0.0
                    if math.isnan(growth)
                    else law["pay.elasticity"] * growth * pool["pay_pool"],
                    "rate": law["pay.class_hour_fee"] * counted * (1 + law["pay.on_cost"]),
                    "income_share": law["pay.income_share"]
                    * (0.0 if gone(pool["net_training_income"]) else pool["net_training_income"])
                    if added > 0
                    else 0.0,
                }[law["pay.uplift_method"]]
                limit = (
                    law["pay.uplift_ceiling"] * pool["pay_pool"]
                    if gone(pool["uplift_limit"])
                    else pool["uplift_limit"]
                )
                uplift = min(amount, limit)
            groups = sum(one["groups"] for one in mine)
            train = ceil(
                ceil(groups / law["workload.groups_per_trained_teacher"])
                * (1 - law["workload.trained_share"])
            )
            payable = sum(self.v[key]["payable"] for key in self.v if key[0] == name)
            self.w[name] = {
                "added_hours": added,
                "workload_increase": growth,
                "overload_hours": overload,
                "teachers_to_train": train,
                "uplift": uplift,
                "pay_per_added_hour": uplift / added if added else math.nan,
                "need_assessment": max(
                    0.0,
                    sum(one["fee_bill"] + one["college_cash_cost"] for one in mine)
                    - law["funding.student_charge"] * payable,
                ),
                "need_training": sum(one["training_cash_cost"] for one in mine),
                "need_teacher_training": train * law["workload.teacher_training_price"],
                "need_performance_pay": uplift,
            }
