"""Names other reports still import from here."""

from ..front.draws import Led, baseline_drawn, few_draws, off_centre

__all__ = ["Led", "baseline_drawn", "few_draws", "off_centre"]
