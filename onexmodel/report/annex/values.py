"""Values and ranges of parameters as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from ...analysis.measures import span
from ...languages import said
from ...law.parameters import Parameter
from ..page.numbers import number, percent
from ..page.sentences import words_in
from ..page.words import CODES, OPTIONS, called

NAMES = OPTIONS | CODES


def value_text(value: Any, lang: str = "zh", parameter: Parameter | None = None) -> str:
    """A parameter's value as people write it: options and codes by their names, shares in %. With `parameter` by its own words."""
    words = words_in("annex", lang)
    if isinstance(value, str):
        if parameter is not None and value in parameter.words:
            return said(lang, *parameter.words[value])
        return called(NAMES, value, lang)
    if value is None:
        return "—"
    if isinstance(value, (int, float, np.number)):
        return _number_text(float(value), words.no_limit, parameter)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if set(value) == {"all"}:
            return value_text(value["all"], lang, parameter)
        parts = [
            (value_text(key, lang), value_text(item, lang, parameter))
            for key, item in value.items()
        ]
        return words.pairs(parts) or "—"
    if parameter is not None and parameter.type == "bands":
        return words.bands(
            [
                (bound if np.isfinite(bound) else None, trimmed(number(factor, 2)))
                for bound, factor in value
            ]
        )
    return words.listed([value_text(item, lang, parameter) for item in value])


def _number_text(value: float, no_limit: str, parameter: Parameter | None) -> str:
    if value == float("inf"):
        return no_limit
    if parameter is not None and parameter.unit.startswith("share"):
        return trimmed(percent(value)) + "%"
    return number(value) if value.is_integer() else trimmed(number(value, 3))


def trimmed(text: str) -> str:
    """A written number without zeros at its end."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def range_text(parameter: Parameter, lang: str) -> str:
    """The spread of a parameter, or its options."""
    if parameter.low is not None:
        return span(
            value_text(parameter.low, lang, parameter),
            value_text(parameter.high, lang, parameter),
            lang,
        ).strip()
    return " / ".join(value_text(option, lang, parameter) for option in parameter.options) or "—"
