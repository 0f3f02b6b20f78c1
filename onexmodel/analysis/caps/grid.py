"""What caps and bargaining shares give together, on a grid of points that are each a whole run: nothing between them is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...engine.places.local import Times, overlaid
from ..draws.blocks import in_blocks
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

    def headlines(part: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        before = overlaid(view, {"fees.beta": part["share"]})
        after = overlaid(before, {"fees.cap_index": Times(part["cap"])})
        return headline(prepared.evaluate(before, after, extent="headlines")[1], study.scope())

    found = in_blocks(study, points, headlines)
    return {name: values.reshape(len(caps), len(shares)) for name, values in found.items()}
