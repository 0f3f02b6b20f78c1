"""The form and the sliders, made of ipywidgets. What they ask for stands in asked.py, what they do in actions.py and quick.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import ipywidgets as w
from jinja2 import FileSystemLoader

from ..analysis.measures import measure_words
from ..analysis.needs import report_title
from ..analysis.study import data_folder
from ..data import Tables, read_tables
from ..errors import OnexError, visible, what_then, why_not
from ..law.parameters import FORMS
from ..places import package_file
from ..report import parameters_of
from ..report.front.opening import ACCOUNTS, Opened, opened
from ..report.make.first_page import FirstPage
from ..report.page.blocks import environment, table
from ..report.page.notebook_style import SHOWN, in_notebook
from ..report.page.sentences import words_in
from ..report.page.writer import writer_for
from . import actions, choices, quick
from .asked import Asked

OUT = Path("reports")  # beside the notebook
WIDE = w.Layout(width="440px")
RANGES = {quick.CAP_SCALE: (0.5, 2.0), quick.SHARE: (0.0, 1.0), quick.ELASTICITY: (0.0, 2.0)}


class Workbench:
    """`form` and `sliders` are shown by the notebook; the widgets keep what was chosen. `fields`: by name."""

    def __init__(self, lang: str, data: str) -> None:
        self.lang, self.words = lang, words_in("workbench", lang, ".")
        self._html = environment().overlay(loader=FileSystemLoader(package_file("workbench")))
        self._labelled = {"description_width": self.words.label_width}
        self._tables: dict[str, Tables] = {}
        self._opened: Opened | None = None
        self._filling = False
        words, labels = self.words, self.words.labels
        self.reports = {
            name: w.Checkbox(name == "fee_cap", description=title, indent=False)
            for title, name in choices.reports(lang)
        }
        self.fields: dict[str, w.Widget] = {
            "data": self._drop("data", choices.data_sets(words, Path(), data)),
            "province": self._drop("province", []),
            "college": self._drop("college", []),
            "year": self._drop("year", []),
            "scenario": self._drop("scenario", choices.scenarios(lang, Path())),
            "lang": self._drop("lang", choices.named(words.languages)),
            "internal": self._drop("internal", choices.named(words.versions)),
            "issuer": w.Text(
                description=labels["issuer"],
                placeholder=words.issuer_hint,
                continuous_update=False,
                style=self._labelled,
                layout=WIDE,
            ),
        }
        self.caps = {
            form: w.Text(
                description=words.caps[form],
                continuous_update=False,
                style=self._labelled,
                layout=w.Layout(width="300px"),
            )
            for form in FORMS
        }
        self.fields["data"].value, self.fields["scenario"].value = data, "cap_plus_20"
        self.fields["lang"].value = lang
        self.buttons = {
            name: w.Button(description=words.buttons[name], button_style=style)
            for name, style in (("pages", "primary"), ("workbook", ""), ("word", ""), ("again", ""))
        }
        self.bar = w.FloatProgress(max=1.0, layout=w.Layout(width="300px", display="none"))
        self.answer, self.results = w.HTML(self._made("said", words.idle)), w.Output()
        self.knobs = {
            name: w.FloatSlider(
                min=low,
                max=high,
                step=0.05,
                description=words.knobs[name],
                style=self._labelled,
                layout=WIDE,
            )
            for name, (low, high) in RANGES.items()
        }
        self.reset = w.Button(description=words.buttons["reset"])
        self.numbers = w.HTML(self._made("said", words.slid))
        self.numbers.add_class(SHOWN)
        self._slid = False
        self._fill()
        self._wire()
        self.form = self._laid_out()

    @property
    def sliders(self) -> w.Widget:
        """The sliders over the numbers, which are worked out when this is first asked for."""
        self._slid = True
        self._slide()
        return w.VBox([*self.knobs.values(), self.reset, self.numbers])

    def asked(self) -> Asked:
        """What the form holds."""
        value = {name: field.value for name, field in self.fields.items()}
        return Asked(
            reports=tuple(name for name, box in self.reports.items() if box.value),
            caps={form: field.value for form, field in self.caps.items()},
            day=date.today(),
            **{**value, "internal": value["internal"] == "internal"},
        )

    def _drop(self, name: str, options: choices.Choices) -> w.Dropdown:
        return w.Dropdown(
            options=options, description=self.words.labels[name], style=self._labelled, layout=WIDE
        )

    def _laid_out(self) -> w.Widget:
        words, fields = self.words, self.fields
        reports = w.GridBox(
            list(self.reports.values()),
            layout=w.Layout(grid_template_columns="repeat(3, max-content)", grid_gap="0 24px"),
        )
        caps = w.GridBox(
            list(self.caps.values()),
            layout=w.Layout(grid_template_columns="repeat(2, max-content)"),
        )
        return w.VBox(
            [
                w.HTML(in_notebook() + self._made("head", words.ask)),
                reports,
                w.HBox([fields["data"], self.buttons["again"]]),
                *(fields[name] for name in ("province", "college", "year", "scenario")),
                *(fields[name] for name in ("lang", "internal", "issuer")),
                w.HTML(self._made("head", words.cap_head)),
                caps,
                w.HTML(self._made("head", words.press)),
                w.HBox([one for name, one in self.buttons.items() if name != "again"]),
                w.HBox([self.bar, self.answer]),
                self.results,
            ]
        )

    def _wire(self) -> None:
        self.fields["data"].observe(lambda _: self._fill(), "value")
        self.fields["province"].observe(lambda _: self._fill_colleges(), "value")
        for field in (*self.fields.values(), *self.caps.values()):
            field.observe(lambda _: self._changed(), "value")
        for knob in self.knobs.values():
            knob.observe(lambda _: self._slide(), "value")
        for name, press in (
            ("pages", self.make_pages),
            ("workbook", self.export_workbook),
            ("word", lambda: self.make_pages(word=True)),
            ("again", self._look_again),
        ):
            self.buttons[name].on_click(lambda _, press=press: press())
        self.reset.on_click(lambda _: self._changed())

    def tables(self) -> Tables:
        """The chosen data, read once. Raises OnexError with every fault."""
        name = self.fields["data"].value
        if name not in self._tables:
            self._tables[name] = read_tables(data_folder(name), ACCOUNTS)
        return self._tables[name]

    def opened(self) -> Opened:
        """What the form asks about, as fee_cap opens it. Raises OnexError."""
        if self._opened is None:
            asked = replace(self.asked(), reports=("fee_cap",))
            parameters = parameters_of("fee_cap", asked.given())
            self._opened = opened(parameters, tables=self.tables())
            with self._quietly():
                for name, value in quick.at_start(self._opened.study).items():
                    self.knobs[name].max = max(self.knobs[name].max, value)
                    self.knobs[name].value = value
        return self._opened

    def _fill(self) -> None:
        """The lists that follow from the data."""
        with self._answering(self.words.reading), self._quietly():
            tables, words = self.tables(), self.words
            writer = writer_for(tables, self.lang, False)
            province = self.fields["province"]
            choices.offer(province, choices.provinces(words, tables, writer), "44")
            choices.offer(self.fields["year"], choices.years(words, tables))
            for form, amounts in choices.caps(tables).items():
                named = [(words.levels[level], yuan) for level, yuan in amounts.items()]
                self.caps[form].placeholder = words.cap_now(named)
            self._fill_colleges()

    def _fill_colleges(self) -> None:
        with self._answering(""):
            code = self.fields["province"].value
            choices.offer(self.fields["college"], choices.colleges(self.words, self.tables(), code))

    def _look_again(self) -> None:
        """What was put into the folder meanwhile, and what was changed in it."""
        data, scenario = self.fields["data"], self.fields["scenario"]
        self._tables.clear()
        with self._quietly():
            choices.offer(data, choices.data_sets(self.words, Path(), data.value), data.value)
            choices.offer(scenario, choices.scenarios(self.lang, Path()), scenario.value)
        self._fill()
        self._changed()

    def _changed(self) -> None:
        """Another study is asked about."""
        if not self._filling:
            self._opened = None
            if self._slid:
                self._slide()

    def _slide(self) -> None:
        if self._filling:
            return
        try:
            if self._opened is None:
                self.numbers.value = self._made("said", self.words.reading)
            about = self.opened()
            study, at = about.study, {name: knob.value for name, knob in self.knobs.items()}
            rows = [
                [self._measure(name), *(quick.said(x, name, about.writer) for x in values)]
                for name, values in quick.moved(study, at).items()
            ]
            label = study.tables.label.get(self.lang, "")
            under = " ".join(filter(None, (self.words.knob_note, label)))
            self.numbers.value = table("", self.words.caption, self.words.heads, rows, under).html
        except OnexError as error:
            self.numbers.value = self._fault(str(error))

    def _measure(self, name: str) -> str:
        title = measure_words(name)[self.lang != "zh"]
        return title[0].upper() + title[1:]

    def make_pages(self, word: bool = False) -> None:
        """The reports asked for, and with them links and the front box of each."""
        asked = self.asked()
        out = OUT / asked.folder
        with self._answering(self.words.making(0.0)):
            self.results.outputs = ()
            files = 0
            for name, outcome in actions.make_pages(asked, self.tables(), out, self._told, word):
                self._show(name, outcome, asked, word)
                files += isinstance(outcome, Path)
            self._say(self._made("said", self.words.done(files)))

    def export_workbook(self) -> None:
        """The results as a workbook."""
        asked = self.asked()
        with self._answering(self.words.writing):
            path = actions.export_workbook(asked, OUT / asked.folder, self._bar_only)
            link = (self.words.download, path.as_posix(), path.name)
            said = self._made(
                "result", self.words.workbook, [link], [self.words.path(path.as_posix())]
            )
            self._append(said)
            self._say(self._made("said", self.words.done(1)))

    def _show(self, name: str, outcome: Path | OnexError, asked: Asked, word: bool) -> None:
        words = self.words
        title = report_title(name, self.lang)
        if isinstance(outcome, OnexError):
            self._append(self._made("fault", words.not_made(title), str(outcome)))
            return
        path = OUT / asked.folder / outcome.name  # from the notebook, as a link is
        files = [(words.open, path.as_posix(), ""), (words.download, path.as_posix(), path.name)]
        beside, command = path.with_suffix(".docx"), asked.command_line
        if word:
            files.append((words.word, beside.as_posix(), beside.name))
            command += " --docx"
        lines = [words.path(path.as_posix()), words.same(command)]
        self._append(
            self._made("result", words.titled(title), files, lines)
            + FirstPage(outcome.read_text(encoding="utf-8")).html
        )

    def _made(self, macro: str, *given) -> str:
        return str(getattr(self._html.get_template("form.html.j2").module, macro)(*given))

    def _fault(self, text: str) -> str:
        """The product's sentences; what they call by an option is a field here."""
        for form, name in self.words.caps.items():
            text = text.replace(f"--set fees.cap.{form}=", self.words.cap_typed(name) + " ")
        text = text.replace(" internal（--internal）", self.words.internal_field)
        return self._made("fault", self.words.fault, text)

    def _say(self, html: str) -> None:
        self.answer.value = html

    def _append(self, html: str) -> None:
        """More under the buttons: JupyterLab leads its links to files of the notebook's folder."""
        shown = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
        self.results.outputs = (*self.results.outputs, shown)

    def _bar_only(self, done: float, whole: float) -> None:
        self.bar.value = done / whole

    def _told(self, done: float, whole: float) -> None:
        self._bar_only(done, whole)
        self._say(self._made("said", self.words.making(done / whole)))

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Fields that are filled here ask nobody to work again."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before

    @contextmanager
    def _answering(self, text: str) -> Iterator[None]:
        """What goes wrong in the block is said beside the form, in a sentence; meanwhile no button can be pressed."""
        said = self.answer.value
        if text:
            self.bar.value, self.bar.layout.display = 0.0, ""
            self._say(self._made("said", text))
        for button in self.buttons.values():
            button.disabled = True
        try:
            yield
            if self.answer.value == self._made("said", text):
                self._say(said)
        except OnexError as error:
            self._say(self._fault(str(error)))
        except OSError as error:
            named = visible(str(error.filename or OUT))
            self._say(self._fault(f"{named}：{why_not(error)}。{what_then(error)}。"))
        except KeyboardInterrupt:
            self._say(self._made("said", self.words.interrupted))
        finally:
            self.bar.layout.display = "none"
            for button in self.buttons.values():
                button.disabled = False
