"""Executed notebook → one HTML file that asks nothing of the network (template page/index.html.j2)."""

from __future__ import annotations

import base64
import io
import re
from html import escape, unescape

import nbformat
from fontTools import subset
from fontTools.ttLib import TTFont
from nbconvert import HTMLExporter

from ... import __version__
from ...places import package_file

LANGUAGE = {"zh": "zh-CN", "en": "en"}
CONTENTS = {"zh": "目录", "en": "Contents"}


def to_html(notebook: nbformat.NotebookNode, lang: str) -> str:
    """The page: markdown of the report's language, outputs, contents, own font cut to the characters used."""
    page = {
        "lang": LANGUAGE[lang],
        "title": "\0title",
        "contents": CONTENTS[lang],
        "version": __version__,
        "style": _text("page.css"),
        "script": _text("page.js"),
        "font": "\0font",
    }
    exporter = _PageExporter(
        template_name="page",
        extra_template_basedirs=[str(package_file("report"))],
        exclude_input=True,
    )
    body, _ = exporter.from_notebook_node(_one_language(notebook, lang), resources={"page": page})
    body = _headings(body)
    body, bands = _bands(body)
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, flags=re.S)
    body = body.replace("<!--banner-->", bands, 1).replace("<!--contents-->", _contents(body), 1)
    body = body.replace(
        "\0title", re.sub("<[^>]+>", "", title.group(1)) if title else "onexmodel", 1
    )
    body = re.sub(r"\n\s*\n+", "\n", body)
    return body.replace("\0font", _font(body), 1)


class _PageExporter(HTMLExporter):
    """HTMLExporter without its last step, which parses and rewrites the whole page to look for images without alt text."""

    def from_notebook_node(self, nb, resources=None, **kw):
        return super(HTMLExporter, self).from_notebook_node(nb, resources, **kw)


def _text(name: str) -> str:
    return package_file("report", "page", name).read_text(encoding="utf-8")


def _one_language(notebook, lang: str):
    other = {"zh": "en", "en": "zh"}[lang]
    kept = [cell for cell in notebook.cells if other not in cell.metadata.get("tags", [])]
    return nbformat.v4.new_notebook(cells=kept, metadata=notebook.metadata)


def _headings(body: str) -> str:
    """「一、题目」 → a numbered heading with a stable id."""
    count = 0

    def one(match):
        nonlocal count
        count += 1
        text = re.sub(r"<a class=\"anchor-link\".*?</a>", "", match.group(1), flags=re.S).strip()
        text = escape(
            unescape(text), quote=False
        )  # nbconvert writes headings as character references
        mark, _, rest = text.partition("、") if "、" in text[:3] else text.partition(". ")
        inner = f"<span>{mark}</span>{rest}" if rest and len(mark) <= 2 else text
        return f'<h2 id="s{count}">{inner}</h2>'

    return re.sub(r"<h2[^>]*>(.*?)</h2>", one, body, flags=re.S)


def _bands(body: str) -> tuple[str, str]:
    """Bands (data label, internal mark) are lifted to the top of the page, where they stay in sight."""
    pattern = r'<aside [^>]*class="(?:synthetic|internal)".*?</aside>'
    found = list(dict.fromkeys(re.findall(pattern, body, flags=re.S)))
    body = re.sub(pattern, "", body, flags=re.S)
    return body, f'<div class="bands">{"".join(found)}</div>' if found else ""


def _contents(body: str) -> str:
    entries = re.findall(r'<h2 id="(s\d+)">(?:<span>.*?</span>)?(.*?)</h2>', body, flags=re.S)
    return (
        "<ol>"
        + "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in entries)
        + "</ol>"
    )


def _font(body: str) -> str:
    """@font-face with the characters of the page only, so that it reads the same on a machine without Chinese fonts."""
    words = unescape(
        re.sub(r"<svg.*?</svg>|<style.*?</style>|<script.*?</script>|<[^>]+>", "", body, flags=re.S)
    )
    font = TTFont(package_file("report", "fonts", "OneXSansSC-Regular.ttf"), recalcTimestamp=False)
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=[1, 2, 4, 6, 13], flavor="woff2"
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(set(words))) + "0123456789")
    cutter.subset(font)
    font.flavor = "woff2"
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    return f'@font-face{{font-family:"OneX Page";src:url(data:font/woff2;base64,{data}) format("woff2")}}'
