"""Places of a scenario by whatever name they are written: 广东, 广东省, Guangdong, 44; 中职, secondary; a certificate's code or name."""

from __future__ import annotations

from ...data.codes import BY_COLUMN
from ...data.places import SUFFIXES

KEYS = {
    "province": "省份",
    "certificate": "证书",
    "level": "等级",
    "organisation": "评价组织",
    "college": "院校",
    "tier": "层次",
    "ownership": "性质",
}
NAMED = {"certificate": "certificates", "organisation": "organisations", "college": "colleges"}


def known_words(frames) -> dict[str, dict[str, str]]:
    """key → word → code, of every key of KEYS. A name that two rows share stands for neither."""
    provinces = frames["provinces"]
    words: dict[str, dict[str, str]] = {"province": {}}
    for code, zh, en in zip(
        provinces["province"], provinces["name_zh"], provinces["name_en"], strict=True
    ):
        words["province"] |= (
            {code: code}
            | ({zh + suffix: code for suffix in SUFFIXES} if zh else {})
            | ({en: code} if en else {})
        )
    for key, table in NAMED.items():
        frame = frames[table]
        single = frame[(frame["name"] != "") & ~frame["name"].duplicated(keep=False)]
        words[key] = dict(zip(single["name"], single[key], strict=True)) | {
            code: code for code in frame[key]
        }
    for key in ("level", "tier", "ownership"):
        pairs = {zh: code for zh, code in BY_COLUMN[key].items() if code != "all"}
        words[key] = pairs | {code: code for code in pairs.values()}
    return words
