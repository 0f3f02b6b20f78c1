"""Signs in a scenario that turn the direction of their neighbours: a title could make the number beside it read backwards."""

from __future__ import annotations

import re

from ..errors import TURNING

# the sign itself, or what stands for it between double quotes in YAML
_CODES = r"\\(?:u|U0000)(?:061[cC]|200[eEfF]|202[a-eA-E]|206[6-9])"
_SIGN = re.compile(rf"[{TURNING}]|{_CODES}")


def turned(name: str, text: str) -> tuple[str, ...]:
    """A note for each line of the file `name` that has one; readers see it named ([U+202E])."""
    return tuple(
        f"{name} 第 {number} 行含改变文字方向的字符（{'、'.join(found)}），报告里写成可见的样子，请核对"
        for number, line in enumerate(text.split("\n"), 1)
        if (found := dict.fromkeys(map(_code, _SIGN.findall(line))))
    )


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}" if len(sign) == 1 else f"U+{sign[-4:].upper()}"
