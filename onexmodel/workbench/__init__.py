"""The workbench: what the start notebook shows. A form that asks for reports as the command line does, and sliders; the only part of the
package that imports ipywidgets."""

from __future__ import annotations

__all__ = ["start"]


def start(lang: str = "zh", data: str = "national"):
    """The workbench in one of the product's own languages, looking at a data set: `.form` and `.sliders` are shown by a notebook."""
    from .form import Workbench

    return Workbench(lang, data)
