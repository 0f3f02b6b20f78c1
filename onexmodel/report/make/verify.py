"""Is a mailed report still what its run gave? Re-execute from the record inside it and compare numbers, words and pictures."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from ... import __version__
from ...running.progress import Told, silent
from ...running.scratch import temporary
from ..page.printed import alone
from .batch import make_alone as make_report
from .fingerprint import fingerprint, visible_text
from .record import check, read_page, read_record, shown

MOST = 20  # differences of a kind that are told; of more the number
COMPARED = 5_000_000  # pairs of equal lines that are looked at: two reports on other data have some hundred thousand
LARGER = (
    4,
    200_000,
)  # a page is not looked through that has more than so many times the letters, and so many more


@dataclass(frozen=True)
class Verdict:
    """`same`, and if not, sentences saying what differs and why."""

    same: bool
    sentences: tuple[str, ...]


def again(
    record: Mapping[str, Any],
    data: str,
    out: Path,
    settings: Mapping[str, str] | None = None,
    file_name: str = "",
    told: Told = silent,
) -> Path:
    """Execute the record's report on `data`, with its own scenario texts, which stay in memory; `settings` are laid over the record's.
    Raises ReportError, before anything runs or is written, where the record is not one to be trusted."""
    check(record, "运行记录")
    given = {
        **record["parameters"],
        "data": data,
        "settings": {**record["parameters"]["settings"], **(settings or {})},
    }
    texts = [
        {"id": one["id"], "text": one["text"]} for one in record["scenarios"]
    ]  # each after those it is based on
    whole = {one["id"]: {**one, "bases": texts[:i]} for i, one in enumerate(texts)}
    return make_report(record["report"], given, out, file_name, texts=whole, told=told)


def verify(path: Path, data: str, told: Told = silent) -> Verdict:
    """Compare a report with its re-execution. Raises ReportError where it holds no record."""
    page = read_page(path)
    record = read_record(page, Path(path).name)
    with temporary() as scratch:
        fresh = again(record, data, scratch, told=told).read_text(encoding="utf-8")
    now = read_record(fresh, Path(path).name)
    sentences = _causes(record, now)
    changed = _numbers(record, now) + _printed(record, now)
    if not sentences and not changed and page == fresh:
        return Verdict(True, (f"一致：重新执行得到同样的报告（指纹 {fingerprint(page)}）",))
    if not sentences:
        sentences.append("数据、法规、情景和版本都没有变：文件在生成之后被改动")
        changed = [f"运行记录中的 {line}" for line in changed]
    kept = {} if changed else record.get("printed") or {}
    return Verdict(False, tuple([*sentences, *changed, *_words(page, fresh, kept)]))


def _causes(record, now) -> list[str]:
    found = []
    for key, words in (
        ("data_sha256", "数据改变了"),
        ("law_sha256", "法规参数改变了"),
        ("version", "版本改变了"),
    ):
        if record.get(key) != now.get(key):
            found.append(
                f"{words}：报告为 {shown(str(record.get(key)), 12)}，现在为 {shown(str(now.get(key)), 12)}"
            )
    if record.get("version") != __version__:
        found.append(f"请用版本 {record.get('version')} 核验")
    return list(dict.fromkeys(found))


def _numbers(record, now) -> list[str]:
    before, after = record["results"], now["results"]
    lines = [
        f"{shown(name, 120)}：报告 {before.get(name)}，重算 {after.get(name)}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return lines[:MOST] + ([f"……共 {len(lines)} 个数字不同"] if len(lines) > MOST else [])


def _printed(record, now) -> list[str]:
    """Printed numbers that differ, by their keys in the order of the page; nothing for a record that does not hold them."""
    before, after = record.get("printed"), now.get("printed")
    if before is None or after is None:
        return []
    lines = [
        f"{shown(key, 120)}：报告 {shown(before.get(key, '无'), 60)}，重算 {after.get(key, '无')}"
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]
    return lines[:MOST] + ([f"……共 {len(lines)} 个打印的数字不同"] if len(lines) > MOST else [])


def _words(page: str, fresh: str, kept: Mapping[str, str]) -> list[str]:
    """Where the visible texts differ. `kept`: printed numbers that record and re-run agree on, by which an edited one is named."""
    times, more = LARGER
    if len(page) > times * len(fresh) + more:
        return [f"文件有 {len(page)} 个字，重算的报告只有 {len(fresh)} 个，没有逐处比较"]
    found, count = [], 0
    for mine, other in _different(visible_text(page), visible_text(fresh)):
        count += 1
        if count <= MOST:
            wrote, made = "　".join(mine), "　".join(other)
            found.append(
                f"报告写「{shown(wrote, 120)}」，重算为「{shown(made, 120)}」{_recorded(wrote, made, kept)}"
            )
    if not found and page != fresh:
        found.append("可见文字相同，但文件的其他部分（样式、脚本或记录）不同")
    return found + ([f"……共 {count} 处不同"] if count > MOST else [])


def _different(mine: list[str], other: list[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """(lines of the one, lines of the other) wherever they differ. What is alike at both ends is set aside first."""
    ends = min(len(mine), len(other))
    first = next((i for i in range(ends) if mine[i] != other[i]), ends)
    mine, other = mine[first:], other[first:]
    last = next((i for i in range(ends - first) if mine[-1 - i] != other[-1 - i]), ends - first)
    mine, other = mine[: len(mine) - last], other[: len(other) - last]
    at = to = 0
    for a, b, size in [*_alike(mine, other), (len(mine), len(other), 0)]:
        if a > at or b > to:
            yield mine[at:a], other[to:b]
        at, to = a + size, b + size


def _alike(mine: list[str], other: list[str]) -> list[tuple[int, int, int]]:
    """Where both have the same lines (from, from, how many), in their order: what difflib finds, as far as COMPARED goes."""
    matcher = difflib.SequenceMatcher(None, mine, other, autojunk=False)
    times = Counter(other)
    steps = [0, *accumulate(1 + times[line] for line in mine)]
    found, left, todo = [], COMPARED, [(0, len(mine), 0, len(other))]
    while todo:
        low, high, start, end = todo.pop()
        left -= steps[high] - steps[low]
        if left < 0:
            break
        a, b, size = matcher.find_longest_match(low, high, start, end)
        if size:
            found.append((a, b, size))
            todo += [(low, a, start, b), (a + size, high, b + size, end)]
    return sorted(found)


def _recorded(wrote: str, made: str, kept: Mapping[str, str]) -> str:
    """What the record holds of a text that was edited, where that can be told: its numbers that stand in what was made and no more in
    what the page has, if they are few."""
    gone = [
        f"{key} {text}"
        for key, text in kept.items()
        if re.search(alone(text), made) and not re.search(alone(text), wrote)
    ]
    return f"；记录为 {'、'.join(gone)}" if 0 < len(gone) <= 3 else ""
