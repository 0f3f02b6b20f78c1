"""The form, made of ipywidgets. What it asks for stands in asked.py, what its buttons do in actions.py, what they answer in answers.py."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import ipywidgets as w

from ..analysis.needs import report_title
from ..analysis.study import data_folder
from ..data import Tables, read_tables
from ..errors import Fault, OnexError, ParameterError
from ..law.parameters import FORMS
from ..report import parameters_of
from ..report.each.batch import Outcome
from ..report.front.opening import ACCOUNTS, Opened, opened
from ..report.make.gate import MOST_COLUMNS
from ..report.page.notebook_style import in_notebook
from ..report.page.sentences import words_in
from ..report.page.writer import writer_for
from . import actions, choices
from .answers import OUT, Answers
from .asked import Asked, source_of
from .sliders import Sliders

WIDE = "440px"
SEVERAL = "several"  # in the field of the province: those that are ticked
SIDE_BY_SIDE = "scenario_compare"  # the report in which each scenario is a column


class Workbench:
    """`form` and `sliders` are shown by the notebook; the widgets keep what was chosen. `fields`: by name."""

    def __init__(self, lang: str, data: str) -> None:
        self.lang, self.words = lang, words_in("workbench", lang, ".")
        self._labelled = {"description_width": self.words.label_width}
        self._tables: dict[str, Tables] = {}
        self._filling = False
        words, labels = self.words, self.words.labels
        self.reports = {
            name: w.Checkbox(name == "fee_cap", description=title, indent=False)
            for title, name in choices.reports(lang)
        }
        self.fields: dict[str, w.Widget] = {
            "data": self._drop("data", choices.data_sets(words, Path(), data)),
            "province": self._drop("province", []),
            "copies": self._drop("copies", choices.named(words.copies)),
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
                layout=w.Layout(width=WIDE),
            ),
        }
        self.places: dict[str, w.Checkbox] = {}  # where several provinces are asked for
        self._places = w.GridBox(layout=w.Layout(grid_template_columns="repeat(6, max-content)"))
        self.further = [self._drop("further", []) for _ in range(MOST_COLUMNS - 1)]
        self._offer_further()
        self.together = w.HTML()  # what several scenarios mean
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
        self.answers = Answers(words, words.idle, self.buttons.values())
        self.turned = Sliders(words, lang, self.asked, self._open)
        self._fill()
        self._show_and_hide()
        self._wire()
        self.form = self._laid_out()

    @property
    def sliders(self) -> w.Widget:
        """The sliders over a few numbers of what the form asks about."""
        return self.turned.shown

    def asked(self) -> Asked:
        """What the form holds. Raises ParameterError where several provinces are asked for and none is named."""
        value = {name: field.value for name, field in self.fields.items()}
        place, copies = value.pop("province"), value.pop("copies")
        if place == SEVERAL:
            place = ",".join(code for code, box in self.places.items() if box.value)
            if not place:
                raise ParameterError(Fault(self.words.form, self.words.no_place))
        return Asked(
            reports=tuple(name for name, box in self.reports.items() if box.value),
            province=place,
            each=copies == "each" and self.fields["province"].value in ("", SEVERAL),
            scenarios=(value.pop("scenario"), *(one.value for one in self.further if one.value)),
            caps={form: field.value for form, field in self.caps.items()},
            day=date.today(),
            **{**value, "internal": value["internal"] == "internal"},
        )

    def _drop(self, name: str, options: choices.Choices) -> w.Dropdown:
        return w.Dropdown(
            options=options,
            description=self.words.labels[name],
            style=self._labelled,
            layout=w.Layout(width=WIDE),
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
                w.HTML(in_notebook() + self.answers.made("head", words.ask)),
                reports,
                w.HBox([fields["data"], self.buttons["again"]]),
                fields["province"],
                self._places,
                *(fields[name] for name in ("copies", "college", "year", "scenario")),
                *self.further,
                self.together,
                *(fields[name] for name in ("lang", "internal", "issuer")),
                w.HTML(self.answers.made("head", words.cap_head)),
                caps,
                w.HTML(self.answers.made("head", words.press)),
                w.HBox([one for name, one in self.buttons.items() if name != "again"]),
                *self.answers.shown,
            ]
        )

    def _wire(self) -> None:
        self.fields["data"].observe(lambda _: self._fill(), "value")
        self.fields["province"].observe(lambda _: self._fill_colleges(), "value")
        aside = (*self.reports.values(), self.fields["copies"], self.fields["issuer"])
        for field in (*self.fields.values(), *self.further, *self.caps.values()):
            if field not in aside:
                field.observe(lambda _: self._changed(), "value")
        for field in aside:  # no number of the sliders follows from these
            field.observe(lambda _: self._show_and_hide(), "value")
        for name, press in (
            ("pages", self.make_pages),
            ("workbook", self.export_workbook),
            ("word", lambda: self.make_pages(word=True)),
            ("again", self._look_again),
        ):
            self.buttons[name].on_click(lambda _, press=press: press())

    def tables(self) -> Tables:
        """The chosen data, read once. Raises OnexError with every fault."""
        name = source_of(self.fields["data"].value)
        if name not in self._tables:
            self._tables[name] = read_tables(data_folder(name), ACCOUNTS)
        return self._tables[name]

    def _open(self, asked: Asked) -> Opened:
        """What is asked about, as fee_cap opens it. Raises OnexError."""
        parameters = parameters_of("fee_cap", asked.given())
        return opened(parameters, tables=self.tables())

    def _fill(self) -> None:
        """The lists that follow from the data."""
        with self.answers.meanwhile(self.words.reading), self._quietly():
            tables, words = self.tables(), self.words
            writer = writer_for(tables, self.lang, False)
            there = choices.provinces(tables, writer)
            places = [
                (words.nation, ""),
                *([(words.several, SEVERAL)] if there[1:] else []),
                *there,
            ]
            choices.offer(self.fields["province"], places, "44")
            self.places = {
                code: w.Checkbox(description=name, indent=False, layout=w.Layout(width="130px"))
                for name, code in there
            }
            self._places.children = tuple(self.places.values())
            for box in self.places.values():
                box.observe(lambda _: self._changed(), "value")
            choices.offer(self.fields["year"], choices.years(words, tables))
            for form, amounts in choices.caps(tables).items():
                named = [(words.levels[level], yuan) for level, yuan in amounts.items()]
                self.caps[form].placeholder = words.cap_now(named)
            self._fill_colleges()

    def _fill_colleges(self) -> None:
        with self.answers.meanwhile(""):
            code = self.fields["province"].value
            offered = choices.colleges(self.words, self.tables(), code)
            choices.offer(self.fields["college"], offered[:1] if code == SEVERAL else offered)

    def _offer_further(self) -> None:
        """Scenarios beside the first one, or none."""
        offered = [(self.words.no_further, ""), *self.fields["scenario"].options]
        for field in self.further:
            choices.offer(field, offered, field.value)

    def _show_and_hide(self) -> None:
        """What is asked only of several provinces, the next field for a scenario, and what several of these mean."""
        place, before = self.fields["province"].value, self.fields["scenario"]
        shown = {self._places: place == SEVERAL, self.fields["copies"]: place in ("", SEVERAL)}
        for field in self.further:
            shown[field], before = bool(before.value or field.value), field
        several = any(field.value for field in self.further)
        shown[self.together] = several
        for widget, there in shown.items():
            widget.layout.display = "" if there else "none"
        if several:
            compared = self.reports[SIDE_BY_SIDE].value
            self.together.value = self.answers.made("said", self.words.together(compared))

    def _look_again(self) -> None:
        """What was put into the folder meanwhile, and what was changed in it."""
        data, scenario = self.fields["data"], self.fields["scenario"]
        self._tables.clear()
        with self._quietly():
            choices.offer(data, choices.data_sets(self.words, Path(), data.value), data.value)
            choices.offer(scenario, choices.scenarios(self.lang, Path()), scenario.value)
            self._offer_further()
        self._fill()
        self._changed()

    def _changed(self) -> None:
        """Another study is asked about."""
        self._show_and_hide()
        if not self._filling:
            self.turned.begin_again()

    def make_pages(self, word: bool = False) -> None:
        """The reports asked for, and with them links and the front box of each; or one for each province, and their index."""
        with self.answers.meanwhile(self.words.making(0.0)):
            self.answers.clear()
            asked = self.asked()
            if asked.each:
                self._make_each(asked, word)
                return
            out, files = OUT / asked.folder, 0
            for name, outcome in actions.make_pages(
                asked, self.tables(), out, self.answers.making, word
            ):
                self._show(name, outcome, asked, word)
                files += isinstance(outcome, Path)
            self.answers.say(self.words.done(files))

    def _make_each(self, asked: Asked, word: bool) -> None:
        """One of each report a province. What cannot be made is said at once, the index is shown at the end."""
        words, outcomes = self.words, list[Outcome]()
        order = actions.order_of(asked, self.tables(), OUT, word)
        with closing(actions.make_each(order, self.answers.making)) as made:
            for one in made:
                outcomes.append(one)
                if one.why:
                    self.answers.add(self.answers.fault(one.why, words.not_made(one.province.zh)))
        index = actions.write_index(order, outcomes)
        command = asked.command_line + (" --docx" if word else "")
        lines = [words.folder(order.out.as_posix()), words.same(command)]
        files = [*self.answers.opening(index), *self._places_of(outcomes)]
        self.answers.add_files(words.index, files, lines, index)
        self.answers.say(words.done(sum(bool(one.report) for one in outcomes)))

    def _places_of(self, outcomes: Collection[Outcome]) -> list[tuple[str, str, str]]:
        """A link to each report: JupyterLab follows none that stands in the index itself."""
        several, links = len({one.name for one in outcomes}) > 1, []
        for one in sorted(outcomes, key=lambda one: (one.province.code, one.name)):
            if one.report:
                place = one.province.zh if self.lang == "zh" else one.province.en
                title = self.words.titled(report_title(one.name, self.lang)) if several else ""
                links.append((place + title, self.answers.window(one.report.path), ""))
        return links

    def export_workbook(self) -> None:
        """The results as a workbook."""
        with self.answers.meanwhile(self.words.writing):
            asked = self.asked()
            path = actions.export_workbook(asked, OUT / asked.folder, self.answers.how_far)
            link = (self.words.download, path.as_posix(), path.name)
            lines = [self.words.path(path.as_posix())]
            self.answers.add_files(self.words.workbook, [link], lines)
            self.answers.say(self.words.done(1))

    def _show(self, name: str, outcome: Path | OnexError, asked: Asked, word: bool) -> None:
        words = self.words
        title = report_title(name, self.lang)
        if isinstance(outcome, OnexError):
            self.answers.add(self.answers.fault(outcome, words.not_made(title)))
            return
        path = OUT / asked.folder / outcome.name  # from the notebook, as a link is
        files = [*self.answers.opening(path), (words.download, path.as_posix(), path.name)]
        beside, command = path.with_suffix(".docx"), asked.command_line
        if word:
            files.append((words.word, beside.as_posix(), beside.name))
            command += " --docx"
        lines = [words.path(path.as_posix()), words.same(command)]
        self.answers.add_files(words.titled(title), files, lines, outcome)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Fields that are filled here ask nobody to work again."""
        before, self._filling = self._filling, True
        try:
            yield
        finally:
            self._filling = before
