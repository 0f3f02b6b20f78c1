"""Places of a scenario by whatever name they are written: 广东, 广东省, Guangdong, 44; 中职, secondary; a certificate's code or name."""

from __future__ import annotations

from ...data.codes import BY_COLUMN
from ...data.places import province_names, single_names
from ...errors import Fault, nearest

KEYS = {
    "province": "省份",
    "certificate": "证书",
    "level": "等级",
    "organisation": "评价组织",
    "college": "院校",
    "tier": "层次",
    "ownership": "性质",
}
COUNTED = {"college": "所"}
MOST = 8  # codes of one name that are listed
NAMED = {"certificate": "certificates", "organisation": "organisations", "college": "colleges"}


def words_of(frames, key: str) -> dict[str, str]:
    """Word → code, of a key of KEYS, or of owner or payee."""
    if key == "province":
        return province_names(frames["provinces"])
    if key == "owner":
        return words_of(frames, "province") | words_of(frames, "college")
    if key == "payee":
        return words_of(frames, "organisation")
    if key in NAMED:
        return single_names(frames[NAMED[key]], key)
    pairs = {zh: code for zh, code in BY_COLUMN[key].items() if code != "all"}
    return pairs | {code: code for code in pairs.values()}


def known_words(frames) -> dict[str, dict[str, str]]:
    """key → word → code, of every key of KEYS, and of owner and payee."""
    return {key: words_of(frames, key) for key in (*KEYS, "owner", "payee")}


def code_of(frames, key: str, text: str, where: str) -> tuple[str, list[Fault]]:
    """The code of a certificate, level, organisation or college written by code or name, and what is wrong with it: unknown (with the
    nearest), or a name of several (with their codes). `where`: what the fault begins with."""
    words = words_of(frames, key)
    if text in words:
        return words[text], []
    frame = frames[NAMED[key]] if key in NAMED else None
    same = list(frame.loc[frame["name"] == text, key]) if frame is not None else []
    if same:
        do = f"写其中一个代码：{'、'.join(same[:MOST])}{'……' if len(same) > MOST else ''}"
        return text, [
            Fault(where, f"有 {len(same)} {COUNTED.get(key, '个')}{KEYS[key]}都叫这个名字", do)
        ]
    return text, [
        Fault(
            where, f"数据中没有这{COUNTED.get(key, '个')}{KEYS[key]}", nearest=nearest(text, words)
        )
    ]
