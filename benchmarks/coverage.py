"""Do 80 % intervals hold? For each report's headlines: how much of 4,096 draws the interval of one seed's draws covers, over many seeds.

    python -m benchmarks.coverage [--data national] [--province 44] [--seeds 60]

Also: the largest rank correlation between quantities drawn independently, and whether the interval over all assumptions is ever narrower
than what one of them moves alone (P10 to P90), which cannot be.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import numpy as np
from scipy.stats import rankdata

from onexmodel.analysis.budget.draws import behind, budget_draws
from onexmodel.analysis.caps.study import tornado
from onexmodel.analysis.draws.evaluate import headline_draws
from onexmodel.analysis.draws.sample import columns, interval, log2_for, study_draws
from onexmodel.analysis.levers.draws import deciding as levers_deciding
from onexmodel.analysis.levers.draws import saving_draws
from onexmodel.analysis.levers.study import evaluate_levers, read_levers, savings_curve
from onexmodel.analysis.pay.draws import Side, pay_draws
from onexmodel.analysis.pay.draws import deciding as pay_deciding
from onexmodel.analysis.pay.teachers import crews
from onexmodel.analysis.study import data_folder, open_study
from onexmodel.data import read_tables
from onexmodel.law import load_law
from onexmodel.law.scenario import list_scenarios

TRUTH, SEED = 12, 20201231
Draws = Mapping[str, np.ndarray]


def rank_correlation(log2_draws: int, seed: int) -> float:
    """The largest absolute rank correlation between two columns of the sequence."""
    ranks = [rankdata(values) for values in columns(load_law(), log2_draws, seed).values()]
    found = np.abs(np.corrcoef(ranks))
    return float((found - np.eye(len(found))).max())


class Reports:
    """The draws behind each report's first page, and what one assumption alone moves: headline → (draws,); headline → yuan."""

    def __init__(self, data: str, province: str) -> None:
        tables = read_tables(data_folder(data))
        self.caps, self.plain = (
            open_study(data, names, province=province, tables=tables)
            for names in (["cap_plus_20"], [])
        )
        run = self.plain.pair("none")[1]
        self.side = Side.of(self.plain, run, True, crews(self.plain, run))
        self.levers = evaluate_levers(
            self.plain,
            read_levers(tuple(name for name in list_scenarios() if name.startswith("lever_"))),
            1.0,
        )

    def draws(self, log2_draws: int, seed: int) -> dict[str, np.ndarray]:
        """report.headline → (draws,)."""
        found: dict[str, np.ndarray] = {}
        drawn = study_draws(self.caps, log2_draws, seed)
        for mode, names in (
            ("none", ("fee_bill", "college_outlay", "funding_gap")),
            ("supply", ("fee_bill", "supplier_shortfall")),
        ):
            before, after = headline_draws(self.caps, mode, drawn)
            found |= {f"fee_cap.{mode}.{name}": after[name] - before[name] for name in names}
        drawn = study_draws(self.plain, log2_draws, seed)
        pay = pay_draws(self.side, drawn)
        found |= {
            f"performance_pay.{name}": pay[name]
            for name in ("uplift", "uplift_rate", "per_hour", "gain_busy")
        }
        saved = saving_draws(self.levers, drawn, seed)
        found |= {
            f"cost_reduction.{name}": saved[name].to_numpy()
            for name in ("cash", "economic", "net", "part_cash", "part_net")
            if name in saved
        }
        moving = {one.name.replace(".", "__") for one in behind(self.plain, drawn)}
        budget = budget_draws(
            self.plain, {name: values for name, values in drawn.items() if name in moving}
        ).after
        return found | {
            f"budget_and_settlement.{name}": budget[name]
            for name in ("need", "gap", "waterfall_gap")
        }

    def bars(self) -> dict[str, float]:
        """report.headline → the widest bar of its tornado."""
        found = {
            f"fee_cap.{mode}.{name}": tornado(self.caps, mode, name)
            for mode, name in (
                ("none", "fee_bill"),
                ("none", "funding_gap"),
                ("supply", "fee_bill"),
            )
        }
        wide = {
            name: float((frame["p90"] - frame["p10"]).abs().max()) for name, frame in found.items()
        }
        pay, saved = (
            pay_deciding(self.side),
            levers_deciding(self.levers, self.plain, savings_curve(self.levers)),
        )
        saved = saved[saved["parameter"] != "intensity"]
        return wide | {
            "performance_pay.uplift": float((pay["p90"] - pay["p10"]).abs().max()),
            "cost_reduction.cash": float((saved["p90"] - saved["p10"]).abs().max()),
        }


def coverage(
    reports: Reports, log2_draws: int, seeds: range
) -> tuple[dict[str, np.ndarray], dict[str, float]]:
    """headline → (seeds,) the share of the many draws inside each seed's interval; headline → least width of the intervals over the
    widest bar of its tornado."""
    truth, bars = reports.draws(TRUTH, SEED + 1), reports.bars()
    inside: dict[str, list[float]] = {name: [] for name in truth}
    wide: dict[str, list[float]] = {name: [] for name in bars}
    for seed in seeds:
        for name, values in reports.draws(log2_draws, seed).items():
            low, high = interval(values)
            inside[name].append(float(((truth[name] >= low) & (truth[name] <= high)).mean()))
            if bars.get(name):
                wide[name].append((high - low) / bars[name])
    return {name: np.array(found) for name, found in inside.items()}, {
        name: min(found) for name, found in wide.items() if found
    }


def main() -> None:
    """Print a row a headline."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="national")
    parser.add_argument("--province", default="44")
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--draws", type=int, default=0, help="log2; 0: what a report takes")
    given = parser.parse_args()
    reports = Reports(given.data, "" if given.data == "example" else given.province)
    log2_draws = given.draws or log2_for(reports.plain.rows)
    correlations = [rank_correlation(log2_draws, seed) for seed in range(given.seeds)]
    print(
        f"2^{log2_draws} draws, {given.seeds} seeds; largest rank correlation at the reports' seed {rank_correlation(log2_draws, SEED):.2f}, "
        f"over the seeds median {np.median(correlations):.2f}, largest {max(correlations):.2f}"
    )
    inside, wide = coverage(reports, log2_draws, range(given.seeds))
    for name, found in inside.items():
        print(
            f"{name:40} covers {100 * found.mean():.1f} % on average, single runs {100 * found.min():.0f} to {100 * found.max():.0f} %"
            + (f"; narrowest interval {wide[name]:.2f} × the widest bar" if name in wide else "")
        )


if __name__ == "__main__":
    main()
