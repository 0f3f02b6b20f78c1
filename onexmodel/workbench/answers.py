"""What stands under the buttons: how far something is, what came of it with links to its files, and what went wrong in a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import ipywidgets as w
from jinja2 import FileSystemLoader

from ..errors import OnexError, visible, what_then, why_not
from ..law.compose import OVERLAP
from ..places import package_file
from ..report.make.first_page import FirstPage
from ..report.page.blocks import environment
from ..report.page.sentences import Words

OUT = Path("reports")  # beside the notebook: links and files go by it
SERVED = "/files/"  # where JupyterLab serves the notebook's folder


class Answers:
    """`said`: one sentence; `bar`: how far; `results`: what was made. `buttons`: cannot be pressed meanwhile."""

    def __init__(self, words: Words, said: str, buttons: Collection[w.Button]) -> None:
        self.words, self.buttons = words, buttons
        self._html = environment().overlay(loader=FileSystemLoader(package_file("workbench")))
        self.bar = w.FloatProgress(max=1.0, layout=w.Layout(width="300px", display="none"))
        self.said, self.results = w.HTML(self.made("said", said)), w.Output()

    @property
    def shown(self) -> list[w.Widget]:
        """The three, as they stand under the buttons."""
        return [w.HBox([self.bar, self.said]), self.results]

    def made(self, macro: str, *given) -> str:
        """HTML of the workbench's own template."""
        return str(getattr(self._html.get_template("form.html.j2").module, macro)(*given))

    def fault(self, error: OnexError | str, title: str = "") -> str:
        """The product's sentences; what they call by an option is a field here."""
        text, words = str(error), self.words
        for form, name in words.caps.items():
            text = text.replace(f"--set fees.cap.{form}=", words.cap_typed(name) + " ")
        text = text.replace(" internal（--internal）", words.internal_field)
        if isinstance(error, OnexError) and any(one.code == OVERLAP for one in error.faults):
            text = f"{words.clash}\n{text}"
        return self.made("fault", title or words.fault, text)

    def say(self, text: str) -> None:
        """This sentence and no other."""
        self.said.value = self.made("said", text)

    def add(self, html: str) -> None:
        """More of what was made: JupyterLab leads its links to files of the notebook's folder."""
        shown = {"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}
        self.results.outputs = (*self.results.outputs, shown)

    def add_files(
        self,
        title: str,
        files: Sequence[tuple[str, str, str]],
        lines: Sequence[str],
        page: Path | None = None,
    ) -> None:
        """Links to what was made (words, path from the notebook, name to save it under or ""), lines under them, and what a page says first."""
        first = FirstPage(page.read_text(encoding="utf-8")).html if page else ""
        self.add(self.made("result", title, files, lines) + first)

    def opening(self, page: Path) -> list[tuple[str, str, str]]:
        """Links to a page: in a tab of JupyterLab, which holds back its scripts until it is told to trust them, and in a window, where
        they run."""
        return [(self.words.open, page.as_posix(), ""), (self.words.window, self.window(page), "")]

    def window(self, page: Path) -> str:
        """The address of a page in a window of its own."""
        return SERVED + page.as_posix()

    def clear(self) -> None:
        """What was made before is not shown any more."""
        self.results.outputs = ()

    def how_far(self, done: float, whole: float) -> None:
        """The bar alone."""
        self.bar.value = done / whole

    def making(self, done: float, whole: float) -> None:
        """The bar, and the share in words."""
        self.how_far(done, whole)
        self.say(self.words.making(done / whole))

    @contextmanager
    def meanwhile(self, text: str) -> Iterator[None]:
        """What goes wrong in the block is said, in a sentence; meanwhile no button can be pressed."""
        before = self.said.value
        if text:
            self.bar.value, self.bar.layout.display = 0.0, ""
            self.say(text)
        for button in self.buttons:
            button.disabled = True
        try:
            yield
            if self.said.value == self.made("said", text):
                self.said.value = before
        except OnexError as error:
            self.said.value = self.fault(error)
        except OSError as error:
            named = visible(str(error.filename or OUT))
            self.said.value = self.fault(f"{named}：{why_not(error)}。{what_then(error)}。")
        except KeyboardInterrupt:
            self.say(self.words.interrupted)
        finally:
            self.bar.layout.display = "none"
            for button in self.buttons:
                button.disabled = False
