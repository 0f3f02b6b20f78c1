"""The page: parts of a letter on one A4 sheet as a Word document, the same bytes each time. Chinese as official documents are set (GB/T 9704):
Fangsong of 16 pt (三号) on lines of 29 pt between the standard's margins; smaller and closer, step by step, where that is more than a page."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from io import BytesIO
from unicodedata import east_asian_width
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from ...errors import Fault, ReportError
from ...languages import own
from ..page.blocks import in_line
from ..page.numbers import THIN
from ..page.sentences import words_in
from .parts import Part

A4 = (210, 297)  # mm
POINTS = 72 / 25.4  # of a mm
CHINESE = r"[\u3400-\u9fff]"
BESIDE = re.compile(
    rf"(?<={CHINESE})(?=[\da-zA-Z])|(?<=[\da-zA-Z])(?={CHINESE})"
)  # a quarter of an em
BREAKS = {ord(sign): " " for sign in "\t\n\r\v\f"}


@dataclass(frozen=True)
class Look:
    """How a kind of part is set. `face`: of Chinese (`faces` of the words); `size`: pt, 0 as the text; `first`, `left`, `right`: indents in em; `after`: pt."""

    face: str = "text"
    size: float = 0
    align: ALIGN = ALIGN.LEFT
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    bold: bool = False


@dataclass(frozen=True)
class Step:
    """How large: type and line in pt; margins top, right, bottom, left in mm."""

    size: float
    line: float
    margins: tuple[int, int, int, int]


GB = (37, 26, 35, 28)
CLOSE = (25, 25, 22, 25)
STANDARD = ((16, 29), (16, 28), (15, 26), (14, 25), (14, 23))
STEPS = {
    "zh": [
        *(Step(size, line, GB) for size, line in STANDARD),
        *(Step(n / 2, round(n * by) / 2, CLOSE) for n in range(28, 17, -1) for by in (1.55, 1.4)),
    ],
    "en": [
        Step(n / 2, round(n * by) / 2, CLOSE) for n in range(24, 17, -1) for by in (1.4, 1.3, 1.2)
    ],
}
WIDTHS = {" ijlt,.:;'": 0.27, "rfs()-": 0.35, "acez": 0.44, "mw%→": 0.8}  # of letters of Times, em
STANDS_IN = 1.25  # of Times: how wide the face is (DejaVu Serif) in which a machine without it sets an English page
TEXT = Look(align=ALIGN.JUSTIFY, first=2)
LOOKS: Mapping[str, Mapping[str, Look]] = {
    "zh": {
        "mark": Look(face="head", size=12, after=8),
        "title": Look(face="title", size=22, align=ALIGN.CENTER, after=12),
        "to": Look(),
        "body": TEXT,
        "item": Look(first=2),
        "annex": Look(first=2, before=6),
        "issuer": Look(align=ALIGN.RIGHT, right=2, before=10),
        "day": Look(align=ALIGN.RIGHT, right=2),
    },
    "en": {
        "mark": Look(bold=True, after=6),
        "form": Look(size=18, bold=True, after=8),
        **dict.fromkeys(("to", "issuer", "day"), Look()),
        "title": Look(after=10),
        "body": Look(after=4),
        "item": Look(left=1.2, first=-1.2, after=2),
        "annex": Look(before=4),
    },
}


@dataclass(frozen=True)
class Sheet:
    """Parts in a language at a step."""

    parts: Sequence[Part]
    language: str
    step: Step

    @cached_property
    def looks(self) -> Mapping[str, Look]:
        return LOOKS[self.language]

    @property
    def faces(self) -> Mapping[str, Sequence[str]]:
        """Typefaces of Chinese: what for → name, and what replaces it."""
        return words_in("letter", self.language).faces

    def size(self, part: Part) -> float:
        """Of a part's type, pt."""
        return self.looks[part.kind].size or self.step.size

    def line(self, part: Part) -> float:
        """Of a part, pt."""
        return max(self.step.line, 1.4 * self.looks[part.kind].size)

    @property
    def height(self) -> float:
        """What all parts take, pt."""
        top, right, bottom, left = self.step.margins
        width = (A4[0] - left - right) * POINTS
        return sum(
            self.line(part) * self._lines(part, width)
            + self.looks[part.kind].before
            + self.looks[part.kind].after
            for part in self.parts
        )

    @property
    def fits(self) -> bool:
        """On one page, with a line to spare: no two programs break lines alike."""
        top, _, bottom, _ = self.step.margins
        return self.height + self.step.line <= (A4[1] - top - bottom) * POINTS

    def _lines(self, part: Part, width: float) -> int:
        """How many lines a part takes; at the end of each about a letter, in English half a word, stays empty."""
        look, size = self.looks[part.kind], self.size(part)
        wide = self.language == "zh"
        text = f"{part.head} {part.text}"
        whole = (
            sum(em(sign, wide) for sign in text) * (1 if wide else STANDS_IN)
            + max(look.first, 0)
            + len(BESIDE.findall(text)) / 4
        )
        line = width / size - look.left - look.right - (0.7 if wide else 1.3)
        return max(1, math.ceil(whole / line))


def em(sign: str, chinese: bool) -> float:
    """About how wide a sign is: Chinese is square, digits are half of that."""
    if east_asian_width(sign) in ("WFA" if chinese else "WF"):
        return 1
    found = (width for signs, width in WIDTHS.items() if sign in signs)
    return next(found, 0.7 if sign.isupper() else 0.5)


def document(parts: Sequence[Part], language: str, day: datetime) -> bytes:
    """The Word document, dated `day` in its properties. Raises ReportError where the parts are more than a page however small."""
    language = own(language)
    parts = [Part(one.kind, _plain(one.text), _plain(one.head)) for one in parts]
    sheets = (Sheet(parts, language, step) for step in STEPS[language])
    sheet = next((one for one in sheets if one.fits), None)
    if sheet is None:
        raise ReportError(
            Fault(
                "呈报件（--docx）",
                "字数太多，一页放不下",
                do="缩短情景标题、院校名称、编制单位或主送单位，或不加 --docx",
            )
        )
    made = Document()
    _set_page(made, sheet)
    for part in parts:
        _write(made.add_paragraph(), part, sheet)
    known = made.core_properties
    known.title = next(one.text for one in parts if one.kind == "title")[:255]
    known.author = known.last_modified_by = known.comments = known.keywords = ""
    known.created = known.modified = day
    return _packed(made, day, sheet)


def _plain(text: str) -> str:
    """Somebody's words as plain text of one line, in which they turn nothing."""
    return in_line(text.translate(BREAKS)).replace("\ufffe", "�").replace("\uffff", "�")


def _set_page(made, sheet: Sheet) -> None:
    """Paper, margins, and the type of the text."""
    section, (top, right, bottom, left) = made.sections[0], sheet.step.margins
    section.page_width, section.page_height = map(Mm, A4)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    normal = made.styles["Normal"]
    normal.font.size = Pt(sheet.step.size)
    letters = normal.element.get_or_add_rPr()
    _faces(letters, sheet.faces[TEXT.face][0])
    letters.append(_element("w:lang", val="en-US", eastAsia="zh-CN"))


def _write(paragraph: Paragraph, part: Part, sheet: Sheet) -> None:
    """A part as a paragraph: in lines of a fixed height, what leads it in bold or, in Chinese, in another face."""
    look, size = sheet.looks[part.kind], sheet.size(part)
    form = paragraph.paragraph_format
    form.alignment = look.align
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(sheet.line(part))
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.first_line_indent, form.left_indent = Pt(look.first * size), Pt(look.left * size)
    form.right_indent = Pt(look.right * size)
    chinese = sheet.language == "zh"
    if part.head:
        head, as_head = (part.head, Look("head")) if chinese else (f"{part.head} ", Look(bold=True))
        _add(paragraph, head, as_head, size, sheet)
    _add(paragraph, part.text, look, size, sheet)


def _add(paragraph: Paragraph, text: str, look: Look, size: float, sheet: Sheet) -> None:
    """Text, its thousands set apart for the eye and not for a copy, as on the page."""
    *groups, last = text.split(THIN)
    pieces = [(one, at) for group in groups for at, one in enumerate((group[:-1], group[-1:]))]
    for piece, last_of_group in [*pieces, (last, 0)]:
        if not piece:
            continue
        made = paragraph.add_run(piece)
        made.bold = look.bold or None
        properties = made._element.get_or_add_rPr()
        fonts = _faces(properties, sheet.faces[look.face][0])
        if sheet.language == "zh":
            fonts.set(qn("w:hint"), "eastAsia")  # of signs that both have, as dashes
        if last_of_group:
            properties.append(_element("w:spacing", val=str(round(20 * size / 6))))
        made.font.size = Pt(size)


def _faces(properties, chinese: str):
    """The typefaces, of Latin letters and digits, and of Chinese; the element that names them."""
    fonts = properties.get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), "Times New Roman")
    fonts.set(qn("w:eastAsia"), chinese)
    return fonts


def _element(name: str, **values: str):
    """An element of WordprocessingML with its attributes."""
    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _packed(made, day: datetime, sheet: Sheet) -> bytes:
    """The file, each of its parts dated `day`."""
    saved, packed = BytesIO(), BytesIO()
    made.save(saved)
    faces = "".join(
        f'<w:font w:name="{one}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for one, other in sheet.faces.values()
    )  # charset 86 is simplified Chinese
    with ZipFile(saved) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, day.timetuple()[:6])
            entry.create_system = 3  # as on Linux, wherever it is made
            part = source.read(name)
            if name == "word/fontTable.xml":
                part = part.replace(b"</w:fonts>", faces.encode() + b"</w:fonts>")
            target.writestr(entry, part, ZIP_DEFLATED)
    return packed.getvalue()
