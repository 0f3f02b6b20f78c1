"""Options that many commands share, and how what is typed becomes names, numbers and paths."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from ..errors import Fault, OnexError, nearest, visible

MANY = {"万": 1e4, "亿": 1e8}
MOST = 1e16  # yuan: what is larger is a slip
WHOLE = re.compile("-?[0-9]{1,20}")
DAYS = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
SEEDS = 2**63 - 1
ROOM = 1_000_000  # bytes: with less left, no report and no table can be written


class Usage(OnexError):
    """The command was typed wrongly: exit code 2."""


def data_options(parser: argparse.ArgumentParser, default: str = "national") -> None:
    """--data, --province, --college, --scenario, --set."""
    parser.add_argument(
        "--data",
        type=given,
        default=default,
        help=f"数据文件夹或工作簿，或内置数据集名（缺省 {default}） · folder, workbook or shipped set",
    )
    province_option(parser, "只看一省或几省（代码或名称，如 44,32） · one province or several")
    parser.add_argument(
        "--college",
        default="",
        help="只看一校（标识码或名称；数据中只有一校时不必写） · one college",
    )
    parser.add_argument(
        "--scenario",
        action="append",
        default=None,
        help="情景文件或名称，可多次 · scenario, repeatable",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="改一个参数，可多次 · set a parameter, repeatable",
    )


class _Several(argparse.Action):
    """What an option is given, each time it stands there, in one text with commas between."""

    def __call__(self, parser, namespace, values, option_string=None):
        """One more. An empty one is a slip (of a shell's variable, say), not the nation."""
        if not values.strip(" ,，、;；"):
            parser.error(
                "--province 是空的：写代码或名称（44 或 广东），全国就不写，报告写 --province 全国"
            )
        before = getattr(namespace, self.dest)
        setattr(namespace, self.dest, f"{before},{values}" if before else values)


def province_option(parser: argparse.ArgumentParser, words: str) -> None:
    """--province, one text for all that are named; "" where it is not given. Blanks between names need quotes, or the option again."""
    parser.add_argument("--province", action=_Several, default="", help=words)


def year_option(parser: argparse.ArgumentParser, otherwise: str) -> None:
    """--year; 0 where it is not given. `otherwise`: what is then computed."""
    parser.add_argument(
        "--year",
        type=whole_number(1, 9999),
        default=0,
        help=f"只算一个年度（{otherwise}） · one year",
    )


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An argparse type: a whole number from low to high."""

    def read(text: str) -> int:
        if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"「{text}」应为 {low} 至 {high} 的整数")
        return int(text)

    return read


def seed_option(parser: argparse.ArgumentParser) -> None:
    """--seed."""
    parser.add_argument(
        "--seed", type=whole_number(0, SEEDS), default=20201231, help="随机种子 · seed"
    )


def given(text: str) -> str:
    """An argparse type: a text that is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("是空的")
    return text


def day_or_none(text: str) -> str:
    """An argparse type: a day as YYYY-MM-DD, or none."""
    if text != "none":
        try:
            if not DAYS.fullmatch(text):
                raise ValueError
            date.fromisoformat(text)
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"「{text}」应写成 YYYY-MM-DD（如 2026-06-30），或 none"
            ) from None
    return text


def sets(pairs: list[str]) -> dict[str, str]:
    """NAME=VALUE pairs of --set."""
    return split_pairs(pairs, "--set", "fees.beta=0.3")


def split_pairs(pairs: list[str], option: str, example: str) -> dict[str, str]:
    """name → text. Raises Usage for every pair without a name or =."""
    wrong = [
        Fault(f"{option} {pair}", "应写成 名称=取值", do=f"例：{option} {example}")
        for pair in pairs
        if "=" not in pair or not pair.split("=", 1)[0].strip()
    ]
    if wrong:
        raise Usage(wrong)
    return {name.strip(): value.strip() for name, value in (pair.split("=", 1) for pair in pairs)}


def amount(text: str, option: str) -> float:
    """Yuan: 5e8, 50000, 5万, 1.2亿. Raises Usage, also for nan and what has no end."""
    number = text.strip().removesuffix("元")
    times = MANY.get(number[-1:], 1.0)
    try:
        value = float(number.rstrip("万亿").replace(",", "").replace("_", "?")) * times
        if not abs(value) <= MOST:
            raise ValueError
        return value
    except ValueError:
        raise Usage(
            Fault(f"{option} {text}", "不是金额", do="例：5e8、50000、5万、1.2亿")
        ) from None


def measure(text: str, known: Sequence[str] = ()) -> str:
    """A measure by its name or its Chinese words, one of `known` where these are given. Raises Usage naming the nearest."""
    from ..analysis.measures import TARGETS, measure_words

    names = known or tuple(TARGETS)
    words = {measure_words(name)[0]: name for name in names}
    if text in names or text in words:
        return words.get(text, text)
    raise Usage(
        Fault(
            f"指标 {text}",
            "没有这个指标",
            nearest=nearest(text, [*names, *words]),
            do=f"可用：{'、'.join(f'{name}（{word}）' for word, name in words.items())}",
        )
    )


def data_name(name: str) -> str:
    """A path made absolute; the name of a shipped set as it is."""
    return str(Path(name).absolute()) if Path(name).exists() else name


def scenario_names(arguments) -> list[str]:
    """Scenario files made absolute; names as they are."""
    return [
        str(Path(name).absolute()) if Path(name).is_file() else name
        for name in arguments.scenario or ()
    ]


def existing(path: Path, what: str) -> Path:
    """The path of a file that is there. Raises Usage."""
    if not path.is_file():
        raise Usage(
            Fault(
                str(path),
                "没有这个文件" if not path.exists() else "不是文件",
                do=f"给出{what}的路径",
            )
        )
    return path


def can_write_into(folder: Path) -> None:
    """Before the work, not after it: the folder is one, or can be made, and has room. Nothing is made. Raises Usage."""
    asked = f"--out {folder}"
    if os.path.islink(folder) and not os.path.exists(folder):
        raise Usage(Fault(asked, "是链接，指向的文件夹不在", do="换一个位置，或改正链接"))
    try:
        there = next(
            path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
        )
    except OSError:  # a name that no system takes
        raise Usage(Fault(asked, "名字太长，或不能用作文件夹名", do="换一个位置")) from None
    if not there.is_dir():
        raise Usage(Fault(asked, f"{there.name} 是文件，不能当作文件夹", do="换一个位置"))
    if not os.access(there, os.W_OK | os.X_OK):
        raise Usage(Fault(asked, f"没有在 {there} 写入的权限", do="换一个位置，或改权限"))
    disk = shutil.disk_usage(there)
    if disk.total and disk.free < ROOM:  # some file systems tell neither
        raise Usage(Fault(asked, f"{there} 所在的磁盘已满", do="先腾出空间，或换一个位置"))


def say_notes(notes: Sequence[str], lang: str = "zh") -> None:
    """What a composition noted, on stderr."""
    for note in map(visible, notes):
        print(f"提示：{note}。" if lang == "zh" else f"note: {note}.", file=sys.stderr)


def print_table(header: list[str], rows: list[list[str]]) -> None:
    """A table with columns kept apart by tabs, to be read or pasted into a spreadsheet."""
    print("\n".join("\t".join(row) for row in [header, *rows]))
