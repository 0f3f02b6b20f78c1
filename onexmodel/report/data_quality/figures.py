"""Figures of data_quality: how far the columns of each table are filled, and which tables the colleges of each province have filed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import seaborn
from matplotlib.colors import LinearSegmentedColormap

from ...analysis.quality.filing import FILED
from ..page.blocks import Block, paragraphs
from ..page.style import INK, canvas, fold, is_narrow, svg
from . import numbers
from .tables import filed_share, filled

if TYPE_CHECKING:
    from .report import DataQuality

# from nothing to all; amber and white differ in grey too, and dark text is read on both
SHADES = LinearSegmentedColormap.from_list("filled", ["#e8ac5c", "#f6e3c5", "#cfe3df"])
FULL = "#86b9b0"


def columns(report: DataQuality) -> Block:
    """A row a table, a square a column that is asked for."""
    by_table: dict[str, list] = {}
    for one in report.columns:
        by_table.setdefault(one.table, []).append(one)
    widest = max(map(len, by_table.values()))
    values, texts = np.full((len(by_table), widest), np.nan), {}
    for y, own in enumerate(by_table.values()):
        for x, one in enumerate(own):
            values[y, x] = one.given / one.asked
            if one.given < one.asked:
                name = numbers.column_name(report, one.table, one.column)
                texts[y, x] = (name, filled(one.given, one.asked))
    names = [numbers.table_name(report, table) for table in by_table]
    gaps = [f"{names[y]}·{name} {share}%" for (y, _), (name, share) in texts.items()]
    alt = report.words.columns_alt(len(names), len(report.columns), gaps)
    title = report.words.columns_title(len(report.columns), len(texts))
    return report.numbered_figure(
        "columns",
        title,
        lambda: _drawn(values, names, [], texts, alt, 0.27),
        report.words.columns_read,
    )


def provinces(report: DataQuality) -> Block:
    """A row a province, a column a table: the share of colleges that has filed it."""
    words, table = report.words, report.provinces
    if len(table) < 2:
        several = report.held["colleges"]["province"].nunique() > 1
        return paragraphs(words.one_place if several else "")
    values = table[list(FILED)].to_numpy(float)
    texts = {
        (y, x): ("", filled(values[y, x], 1))
        for y, x in np.argwhere(np.isfinite(values))
        if values[y, x] < 1
    }
    names, heads = report.place_names(table["province"]), list(FILED)
    heads = [numbers.table_name(report, one) for one in heads]
    means = table[list(FILED)].mean().to_numpy()
    told = [(head, share) for head, share in zip(heads, means, strict=True) if share == share]
    if not told:
        return paragraphs(words.one_place)
    alt = words.provinces_alt(len(names), told)
    least = int(np.nanargmin(means))
    title = words.provinces_title(
        heads[least], filed_share(report, FILED[least], "%"), len(told) < len(heads)
    )
    return report.numbered_figure(
        "provinces",
        title,
        lambda: _drawn(values, names, heads, texts, alt, 0.2),
        words.provinces_read if np.isnan(values).any() else "",
    )


def _drawn(values, names: Sequence[str], heads: Sequence[str], texts, alt: str, step: float) -> str:
    """Squares shaded by how much is there (nan: none), with the share where it is not all, and above it a name where there is room."""
    height = 0.6 + step * len(names)
    figure, axes = canvas(height, narrow=height)
    seaborn.heatmap(values, ax=axes, rasterized=True, cmap=SHADES.with_extremes(over=FULL), vmin=0, vmax=0.9999, cbar=False, linewidths=0.8)  # fmt: skip
    axes.set_yticks(np.arange(len(names)) + 0.5, names, rotation=0, color=INK, fontsize=9)
    axes.set_xticks(np.arange(len(heads)) + 0.5, fold(heads, 6, 3), rotation=0, fontsize=8.5)
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    for (y, x), (name, share) in texts.items():
        first, *rest = fold([name], 5)[0].split("\n") if not is_narrow() else [""]
        label = "\n".join(filter(None, [first[:-1] + "…" if rest else first, share]))
        axes.text(x + 0.5, y + 0.5, label, ha="center", va="center", color=INK, fontsize=7.5, linespacing=1.0)  # fmt: skip
    return svg(figure, alt)
