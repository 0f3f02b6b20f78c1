"""The golden net: what the product says and computes, kept as hashes, so that a move that should change nothing is seen to change nothing.

    python tests/golden/golden_net.py            compare everything with golden.json (make net); texts that differ are written to build/golden
    python tests/golden/golden_net.py --keep     take what it says now (make net-keep); each difference belongs into CHANGELOG.md

For every report: the hash of its results (numbers of the record) and of its visible text with the pictures' text alternatives. For every
command: the hash of what it prints; for `run`: of every CSV. `FAST` is the part that make test runs.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEPT, TEXTS = HERE / "golden.json", HERE.parents[1] / "build" / "golden"
SCENARIOS = (
    "cap_plus_20",
    "cap_removed",
    "special_case",
    "elasticity_low",
    "tilt_100",
    "award_double",
    "package_combined",
    "local",
)
PLACES = {"example": ("--data", "example", "--internal"), "44": ("--province", "44")}
LOCAL = """title: {zh: 部分地方, en: some places}
author: t
changes:
  - {parameter: pay.elasticity, scale: 1.2, where: {tier: 中职}, rationale: 假设}
  - {parameter: fees.beta, value: 0.3, where: {level: 中级}, rationale: 假设}
"""
COMMANDS = {
    "explain uplift": ("explain", "uplift", "--data", "example", "--college", "X1", "--json"),
    "explain fee_bill": (
        "explain",
        "fee_bill",
        "--data",
        "example",
        "--province",
        "S01",
        "--scenario",
        "cap_plus_20",
        "--json",
    ),
    "sensitivity": ("sensitivity", "--data", "example", "--scenario", "cap_plus_20"),
    "sensitivity en": (
        "sensitivity",
        "--data",
        "example",
        "--measure",
        "funding_gap",
        "--lang",
        "en",
    ),
    "solve": (
        "solve",
        "--data",
        "example",
        "--vary",
        "pay.elasticity",
        "--measure",
        "adequacy",
        "--at-least",
        "1",
        "--low",
        "0",
        "--high",
        "1",
    ),
    "pot": ("pot", "--data", "example", "--internal"),
    "winners": ("winners", "--data", "example", "--scenario", "cap_plus_20", "--internal"),
    "montecarlo": (
        "montecarlo",
        "--data",
        "example",
        "--scenario",
        "cap_plus_20",
        "--draws",
        "7",
        "--workers",
        "1",
    ),
    "clauses": ("clauses",),
    "parameters": ("parameters",),
}
NATIONAL = {
    "sensitivity 44": (
        "sensitivity",
        "--province",
        "44",
        "--scenario",
        "cap_plus_20",
        "--mode",
        "supply",
    ),
    "solve 44": (
        "solve",
        "--province",
        "44",
        "--vary",
        "cap_scale",
        "--measure",
        "unmet_share",
        "--at-most",
        "0.05",
        "--low",
        "0.5",
        "--high",
        "2",
    ),
    "pot 44": ("pot", "--province", "44"),
    "winners 44": ("winners", "--province", "44", "--scenario", "cap_plus_20", "--by", "decile"),
    "montecarlo 44": (
        "montecarlo",
        "--province",
        "44",
        "--scenario",
        "package_combined",
        "--draws",
        "7",
    ),
    "explain 44": ("explain", "funding_gap", "--province", "44", "--json"),
}
NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]\d+")
FAST = re.compile(
    r"example/cap_plus_20/zh/.*|example/cap_plus_20/en/fee_cap( .*)?|example/local/zh/(performance_pay|budget_and_settlement)( .*)?"
    r"|run example .*|command (?!.*44).*"
)


class Visible(HTMLParser):
    """Words of a page as a reader or a screen reader meets them: text, and the labels of pictures and groups."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style", "title")
        self.words += [
            f"\n[{value}]\n" for name, value in attrs if name in ("aria-label", "alt") and value
        ]
        self.words += (
            ["\n"]
            if tag
            in (
                "p",
                "tr",
                "h1",
                "h2",
                "h3",
                "li",
                "figure",
                "table",
                "section",
                "details",
                "caption",
                "div",
            )
            else [" "]
            if tag in ("td", "th")
            else []
        )

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "title")

    def handle_data(self, data):
        self.words += [] if self.hidden else [data]


def visible(page: str) -> str:
    """The page's words, blanks folded; the product's version and the fingerprints of law and data left out."""
    parser = Visible()
    parser.feed(page)
    lines = (re.sub(r"[ \t\r\n]+", " ", line).strip() for line in "".join(parser.words).split("\n"))
    text = "\n".join(line for line in lines if line)
    return re.sub(
        r"onexmodel \d+(\.\d+)+",
        "onexmodel",
        re.sub(r"\b[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}\b|\b[0-9a-f]{8}\b", "·", text),
    )


def scenario(name: str, folder: Path) -> str:
    """A shipped scenario's name, or the path of the one with local changes."""
    if name != "local":
        return name
    path = folder / "local.yaml"
    path.write_text(LOCAL, encoding="utf-8")
    return str(path)


def by_command(names, place: str, lang: str, chosen: str, folder: Path) -> dict[str, str]:
    """The pages of the reports named, made by the command."""
    from onexmodel.cli import main

    out = ("--out", str(folder / "out"), "--date", "none")
    said(main, ("report", *names, *PLACES[place], "--lang", lang, "--scenario", chosen, *out))
    return {name: (folder / "out" / f"{name}.html").read_text(encoding="utf-8") for name in names}


def reports(wanted: re.Pattern, make=by_command) -> Iterator[tuple[str, str]]:
    """(key, text) of every report that is wanted: its results as JSON, and its words."""
    from onexmodel.report import REPORTS
    from onexmodel.report.make.fingerprint import RECORD

    for place in PLACES:
        for name in SCENARIOS:
            for lang in ("zh", "en"):
                names = [one for one in REPORTS if wanted.fullmatch(f"{place}/{name}/{lang}/{one}")]
                if not names:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    chosen = scenario(name, Path(folder))
                    pages = make(names, place, lang, chosen, Path(folder))
                for one, page in pages.items():
                    key, record = f"{place}/{name}/{lang}/{one}", json.loads(RECORD.search(page)[1])
                    yield f"{key} results", digits(json.dumps(record["results"], sort_keys=True))
                    yield f"{key} words", visible(page)


def runs(wanted: re.Pattern) -> Iterator[tuple[str, str]]:
    """(key, text) of every CSV that `run` writes."""
    from onexmodel.cli import main

    for place, options in (("example", ("--data", "example")), ("44", ("--province", "44"))):
        for name in ("current_law", *SCENARIOS):
            if not wanted.fullmatch(f"run {place} {name}"):
                continue
            with tempfile.TemporaryDirectory() as folder:
                chosen = (
                    () if name == "current_law" else ("--scenario", scenario(name, Path(folder)))
                )
                said(main, ("run", *options, *chosen, "--out", f"{folder}/out"))
                for file in sorted((Path(folder) / "out").glob("*.csv")):
                    yield (
                        f"run {place} {name} {file.name}",
                        digits(file.read_text(encoding="utf-8-sig").replace(folder, "")),
                    )


def digits(text: str) -> str:
    """Numbers by their first seven digits: the last of sixteen differ between processors, whose sums add in another order. Ten first, so
    that what stands just at a half is rounded alike; what is under a billionth is nothing."""

    def short(one: re.Match) -> str:
        value = float(one[0])
        return "0" if abs(value) < 1e-9 else f"{float(f'{value:.10g}'):.7g}"

    return NUMBER.sub(short, text)


def said(main, arguments) -> str:
    """What a command prints, its exit code first."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main(list(arguments))
    return f"{code}\n{out.getvalue()}"


def commands(wanted: re.Pattern) -> Iterator[tuple[str, str]]:
    """(key, text) of every command."""
    from onexmodel.cli import main

    for name, arguments in (COMMANDS | NATIONAL).items():
        if wanted.fullmatch(f"command {name}"):
            yield f"command {name}", said(main, arguments)


def everything(wanted: re.Pattern = re.compile(".*"), make=by_command) -> Iterator[tuple[str, str]]:
    """(key, text) of all that is wanted; `make`: how reports come about, as by_command."""
    yield from runs(wanted)
    yield from commands(wanted)
    yield from reports(wanted, make)


def digest(text: str) -> str:
    """A short hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def differences(wanted: re.Pattern = re.compile(".*"), make=by_command) -> list[str]:
    """Keys whose text is not the one kept; the new texts are written to build/golden to be looked at."""
    kept, found = json.loads(KEPT.read_text(encoding="utf-8")), []
    for key, text in everything(wanted, make):
        if kept.get(key) != digest(text):
            found.append(key)
            write(key, text)
    return found


def write(key: str, text: str) -> None:
    """A text under build/golden."""
    path = TEXTS / (re.sub(r"[ /]+", "_", key) + ".txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> int:
    """Compare, or keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", action="store_true", help="take the present texts")
    parser.add_argument(
        "--texts",
        action="store_true",
        help="write every text to build/golden, whether it differs or not",
    )
    parser.add_argument("--only", default=".*", help="a pattern of keys")
    given = parser.parse_args()
    wanted = re.compile(given.only)
    if not given.keep and not given.texts:
        found = differences(wanted)
        print("\n".join(found) or "the golden net holds")
        return 1 if found else 0
    made = {}
    for key, text in everything(wanted):
        made[key] = digest(text)
        write(key, text)
    if given.keep:
        kept = (
            json.loads(KEPT.read_text(encoding="utf-8"))
            if KEPT.exists() and given.only != ".*"
            else {}
        )
        KEPT.write_text(json.dumps(kept | made, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
