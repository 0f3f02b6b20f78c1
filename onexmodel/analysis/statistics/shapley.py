"""Exact Shapley value (Shapley 1953; Shorrocks 2013 for decompositions)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import combinations
from math import factorial

MOST = 8  # 2^8 evaluations; beyond that the exact value is not offered


def shapley(players: Sequence[Hashable], worth: Callable[[tuple], float]) -> dict:
    """Each player's mean marginal contribution over all orders; they add to worth(all) − worth(()).

    `worth` takes a tuple of players in the order of `players`. Raises ValueError for more than MOST players.
    """
    if len(players) > MOST:
        raise ValueError(
            f"exact Shapley shares are offered for at most {MOST} players, not {len(players)}"
        )
    n = len(players)
    values = {
        chosen: float(worth(chosen))
        for size in range(n + 1)
        for chosen in combinations(players, size)
    }
    shares = {}
    for player in players:
        share = 0.0
        for chosen, value in values.items():
            if player not in chosen:
                joined = tuple(p for p in players if p in chosen or p == player)
                share += (
                    factorial(len(chosen))
                    * factorial(n - len(chosen) - 1)
                    / factorial(n)
                    * (values[joined] - value)
                )
        shares[player] = share
    return shares
