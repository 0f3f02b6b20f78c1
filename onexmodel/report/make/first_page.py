"""The first page of a finished report, read back from its file: by who shows it elsewhere, and by who sets several side by side."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

END = "</section>"  # of the front box: none ends before it
EMPTY = {"wbr", "br", "meta", "link"}  # elements that have no end
BANDS, HEADER, BOX, KEYS, MARK = (
    "div.bands",
    "header",
    "section.front",
    "dl.figures",
    "sup.note",
)


class FirstPage(HTMLParser):
    """What a page of ours says first: `kicker` and `title`, what its front box is called (`label`), its key `figures` (each dt: name, dd: value,
    small: unit), and `html`: bands, title and front box without the marks that lead to notes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.kicker = self.title = self.label = self.html = ""
        self.figures: list[dict[str, str]] = []
        self._open: list[str] = []  # elements around, by tag and class
        self.feed(page[: page.find(END) + len(END)])
        self.close()

    def handle_starttag(self, tag, attrs):
        """An element begins."""
        known = dict(attrs)
        name = ".".join(filter(None, (tag, known.get("class"))))
        if name == BOX:
            self.label = known["aria-label"]
        elif name == "div" and self._open[-1:] == [KEYS]:
            self.figures.append({"dt": "", "dd": "", "small": ""})
        self._open += [] if tag in EMPTY else [name]
        self.html += (self.get_starttag_text() or "") if self._told() else ""

    def handle_endtag(self, tag):
        """An element ends."""
        self.html += f"</{tag}>" if self._told() else ""
        self._open.pop()

    def handle_data(self, data):
        """A text."""
        if not self._told():
            return
        self.html += escape(data, quote=False)
        if "p.kicker" in self._open:
            self.kicker += data
        elif "h1" in self._open:
            self.title += data
        elif KEYS in self._open:
            part = next((one for one in ("small", "dt", "dd") if one in self._open), "")
            if part:
                self.figures[-1][part] += data

    def _told(self) -> bool:
        """Does what stands here belong to `html`?"""
        around = {*self._open}
        return (bool(around & {HEADER, BOX}) or BANDS in self._open[:-1]) and MARK not in around
