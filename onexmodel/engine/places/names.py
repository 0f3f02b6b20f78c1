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


def known_words(frames) -> dict[str, dict[str, str]]:
    """key → word → code, of every key of KEYS, and of owner and payee."""
    words = {"province": province_names(frames["provinces"])}
    words |= {key: single_names(frames[table], key) for key, table in NAMED.items()}
    for key in ("level", "tier", "ownership"):
        pairs = {zh: code for zh, code in BY_COLUMN[key].items() if code != "all"}
        words[key] = pairs | {code: code for code in pairs.values()}
    words["owner"] = words["province"] | words["college"]
    words["payee"] = words["organisation"]
    return words


def code_of(frames, key: str, text: str, where: str) -> tuple[str, list[Fault]]:
    """The code of a certificate, level, organisation or college written by code or name, and what is wrong with it: unknown (with the
    nearest), or a name of several (with their codes). `where`: what the fault begins with."""
    words = known_words(frames)[key]
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
