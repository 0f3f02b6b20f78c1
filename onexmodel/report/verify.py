"""Is a mailed report still what its run gave? Re-execute from the record inside it and compare numbers, words and pictures."""

from __future__ import annotations

import difflib
import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import __version__
from ..errors import Fault, ReportError
from .execute import make_report
from .fingerprint import RECORD, fingerprint, visible_text


@dataclass(frozen=True)
class Verdict:
    """`same`, and if not, sentences saying what differs and why."""

    same: bool
    sentences: tuple[str, ...]


def read_record(page: str, name: str) -> dict:
    """The record of a page. Raises ReportError where there is none, or it is not readable."""
    found = RECORD.search(page)
    if not found:
        raise ReportError(Fault(name, "里面没有运行记录", do="只有 onexmodel 生成的报告可以核验"))
    try:
        return json.loads(found.group(1))
    except json.JSONDecodeError as error:
        raise ReportError(Fault(name, f"运行记录不完整（第 {error.lineno} 行）", do="文件可能被改动，请索取原件")) from error


def again(record: Mapping[str, object], data: str, out: Path, settings: Mapping[str, str] | None = None, file_name: str = "") -> Path:
    """Execute the record's report on `data`, with its own scenario texts; `settings` are laid over the record's."""
    with tempfile.TemporaryDirectory() as scratch:
        names = []
        for one in record["scenarios"]:
            path = Path(scratch) / f"{one['id']}.yaml"
            path.write_text(one["text"], encoding="utf-8")
            names.append(str(path))
        chosen = list(record["parameters"]["scenario"])
        kept = [next((path for path in names if Path(path).stem == name), name) for name in chosen]
        given = {**record["parameters"], "data": data, "scenario": kept, "settings": {**record["parameters"]["settings"], **(settings or {})}}
        return make_report(str(record["report"]), given, out, file_name)


def verify(path: Path, data: str) -> Verdict:
    """Compare a report with its re-execution. Raises ReportError where it holds no record."""
    page = Path(path).read_text(encoding="utf-8")
    record = read_record(page, Path(path).name)
    with tempfile.TemporaryDirectory() as scratch:
        fresh = again(record, data, Path(scratch)).read_text(encoding="utf-8")
    now = read_record(fresh, Path(path).name)
    sentences = _causes(record, now)
    changed = _numbers(record, now)
    if not sentences and not changed and page == fresh:
        return Verdict(True, (f"一致：重新执行得到同样的报告（指纹 {fingerprint(page)}）",))
    if not sentences:
        sentences.append("数据、法规、情景和版本都没有变：文件在生成之后被改动")
        changed = [f"运行记录中的 {line}" for line in changed]
    return Verdict(False, tuple([*sentences, *changed, *_words(page, fresh)]))


def _causes(record, now) -> list[str]:
    found = []
    for key, words in (("data_sha256", "数据改变了"), ("law_sha256", "法规参数改变了"), ("version", "版本改变了")):
        if record.get(key) != now.get(key):
            found.append(f"{words}：报告为 {str(record.get(key))[:12]}，现在为 {str(now.get(key))[:12]}")
    for one in record["scenarios"]:
        if hashlib.sha256(one["text"].encode()).hexdigest() != one["sha256"]:
            found.append(f"情景 {one['id']} 的文本与其指纹不符：记录被改动")
    if record.get("version") != __version__:
        found.append(f"请用版本 {record.get('version')} 核验")
    return list(dict.fromkeys(found))


def _numbers(record, now) -> list[str]:
    before, after = record["results"], now["results"]
    lines = [f"{name}：报告 {before.get(name)}，重算 {after.get(name)}" for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    return lines[:20] + ([f"……共 {len(lines)} 个数字不同"] if len(lines) > 20 else [])


def _words(page: str, fresh: str) -> list[str]:
    mine, other = visible_text(page), visible_text(fresh)
    found = []
    for operation, a, b, c, d in difflib.SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        if operation != "equal":
            found.append(f"报告写「{'　'.join(mine[a:b])[:120]}」，重算为「{'　'.join(other[c:d])[:120]}」")
    if not found and page != fresh:
        found.append("可见文字相同，但文件的其他部分（样式、脚本或记录）不同")
    return found[:20] + ([f"……共 {len(found)} 处不同"] if len(found) > 20 else [])
