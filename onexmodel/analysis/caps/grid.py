"""What caps and bargaining shares give together, on a grid of points that are each a whole run: nothing between them is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...engine.places.local import Times, overlaid
from ..draws.blocks import blocks
from ..headline import headline
from ..study import Study


def cap_grid(
    study: Study, caps: Sequence[float], shares: Sequence[float], mode: str
) -> dict[str, np.ndarray]:
    """Headlines at the central assumptions with every cap so many times today's and the organisations' share in the bargain set everywhere:
    name → (caps, shares), in the units of `headline`. The scheme is not laid over; the fees it starts from are today's under the same share."""
    every = np.stack(np.meshgrid(caps, shares, indexing="ij"), -1).reshape(-1, 2)
    points = {"cap": every[:, :1], "share": every[:, 1:]}
    base, view = study.prepared.baseline, study.views(mode)[0]
    prepared = replace(study.prepared, scenario=base, priced=base)
    found: dict[str, list[np.ndarray]] = {}
    for part in blocks(study, points):
        before = overlaid(view, {"fees.beta": part["share"]})
        after = overlaid(before, {"fees.cap_index": Times(part["cap"])})
        result = prepared.evaluate(before, after, headlines=True)[1]
        for name, values in headline(result, study.scope()).items():
            row = np.broadcast_to(np.ravel(values), (len(part["cap"]),))
            found.setdefault(name, []).append(row)
    shape = (len(caps), len(shares))
    return {name: np.concatenate(rows).reshape(shape) for name, rows in found.items()}
