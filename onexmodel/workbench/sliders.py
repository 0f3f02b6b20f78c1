"""Sliders over the numbers of what the form asks about, and those numbers as files. What is computed stands in quick.py."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as w

from ..errors import OnexError
from ..report.front.opening import Opened
from ..report.page.blocks import table
from ..report.page.notebook_style import SHOWN
from ..report.page.sentences import Words
from . import actions, quick
from .answers import OUT, Answers
from .asked import Asked

RANGES = {quick.CAP_SCALE: (0.5, 2.0), quick.SHARE: (0.0, 1.0), quick.ELASTICITY: (0.0, 2.0)}


class Sliders:
    """`knobs` by name, over `numbers`. `asked`: gives what the form holds; `opened`: opens it; either raises OnexError."""

    def __init__(
        self,
        words: Words,
        lang: str,
        asked: Callable[[], Asked],
        opened: Callable[[Asked], Opened],
    ) -> None:
        self.words, self.lang, self._asked, self._open = words, lang, asked, opened
        self._about: Opened | None = None
        self._seen = self._setting = False
        self.knobs = {
            name: w.FloatSlider(
                min=low,
                max=high,
                step=0.05,
                description=words.knobs[name],
                style={"description_width": words.label_width},
                layout=w.Layout(width="440px"),
            )
            for name, (low, high) in RANGES.items()
        }
        self.reset, self.save = (
            w.Button(description=words.buttons[name]) for name in ("reset", "save")
        )
        self.answers = Answers(words, "", [self.save])
        self.numbers = w.HTML(self.answers.made("said", words.slid))
        self.numbers.add_class(SHOWN)
        for knob in self.knobs.values():
            knob.observe(lambda _: self._slide(), "value")
        self.reset.on_click(lambda _: self.begin_again())
        self.save.on_click(lambda _: self.save_table())

    @property
    def shown(self) -> w.Widget:
        """The sliders over the numbers, which are worked out when this is first asked for."""
        self._seen = True
        self._slide()
        buttons = w.HBox([self.reset, self.save])
        return w.VBox([*self.knobs.values(), buttons, self.numbers, *self.answers.shown])

    def begin_again(self) -> None:
        """Another study is asked about, or the same from where its scheme stands."""
        self._about = None
        self.answers.clear()
        if self._seen:
            self._slide()

    def opened(self) -> Opened:
        """What the form asks about, with the sliders where its scheme has them. Raises OnexError."""
        if self._about is None:
            self._about = self._open(self._asked())
            self._setting = True
            for name, value in quick.at_start(self._about.study).items():
                self.knobs[name].max = max(self.knobs[name].max, value)
                self.knobs[name].value = value
            self._setting = False
        return self._about

    def save_table(self) -> None:
        """The numbers as they stand, as a workbook and as CSV."""
        words, answers = self.words, self.answers
        with answers.meanwhile(words.writing):
            answers.clear()
            asked, study = self._asked(), self.opened().study
            frame = quick.as_frame(study, self._at(), words, self.lang)
            paths = actions.save_numbers(asked, study, frame, OUT / asked.folder, words)
            links = [(words.download_as(one.suffix), one.as_posix(), one.name) for one in paths]
            answers.add_files(words.saved, links, [words.path(one.as_posix()) for one in paths])

    def _at(self) -> dict[str, float]:
        return {name: knob.value for name, knob in self.knobs.items()}

    def _slide(self) -> None:
        if self._setting:
            return
        try:
            if self._about is None:
                self.numbers.value = self.answers.made("said", self.words.reading)
            about = self.opened()
            rows = [
                [
                    quick.name_of(name, self.lang),
                    *(quick.said(x, name, about.writer) for x in values),
                ]
                for name, values in quick.moved(about.study, self._at()).items()
            ]
            label = about.study.tables.label.get(self.lang, "")
            under = " ".join(filter(None, (self.words.knob_note, label)))
            self.numbers.value = table("", self.words.caption, self.words.heads, rows, under).html
            self.answers.clear()
        except OnexError as error:
            self.numbers.value = self.answers.fault(error)
