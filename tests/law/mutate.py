"""Spoiled YAML from good: lines lost, doubled, moved or indented otherwise, values of another kind, letters and bytes changed. Seeded."""

import random

VALUES = (
    """
5|-1|0|1.5|1e300|1e400|-.5|.inf|.nan|011|20220101|999999999999999999999999999999999999|1_000|0x1F|1:30|true|false|no|yes|null|~|''|""
"a"|'a'|文字|[]|{}|[a]|[[a]]|[[[]]]|{a: b}|{a: {b: [c]}}|[a, {b: c}, 5]|{[a]: b}|&a [*a]|*a|!!python/object:os.system x|!!str 5|!x y
"\\0"|"\\ud800"|"\\UFFFFFFFF"|2022-W01-1|2022-01-01|9999-12-31|0001-01-01|2022/1/1|current_law|cap_plus_10|a|../a|a/b|fees.beta
fees.cap.computer|pay.uplift_method|workload.class_coefficient|workload.staff_hour_cost|funding.use_order|settlement.deadline
[[30, 1], [inf, 2]]|[[1]]|[[a, b]]|[1, 2]|{secondary: 1}|{need: 1}|offerings|candidates|caps|cap|colleges|name|>|- a|"|'|{|[|---|%YAML 1.2
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
KEYS = (
    "parameter table column where from until value scale add remove rationale source override title author based_on "
    "description changes lever guard per unit responsible one_off_cost life_years evidence data provinces scenarios mode "
    "design points seed draws parameters measures status label mixed impute price_year method zh en low high ? [a] {a: b} ''"
).split(" ")


def mutated(text: str, chance: random.Random) -> bytes:
    """One spoiled variant of a good file."""
    lines = text.splitlines()
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines)) if lines else 0
        line, way = lines[at] if lines else "", chance.randrange(9)
        if way == 0:
            lines[at : at + 1] = []
        elif way == 1:
            lines[at:at] = [line]
        elif way == 2 and ":" in line:
            lines[at] = f"{line[: line.index(':')]}: {chance.choice(VALUES)}"
        elif way == 3 and ":" in line:
            parts = line.split(": ")
            i = chance.randrange(1, len(parts)) if len(parts) > 1 else 0
            rest = parts[i].partition(",")
            parts[i] = chance.choice(VALUES) + ("}" if "}" in rest[0] else "") + rest[1] + rest[2]
            lines[at] = ": ".join(parts)
        elif way == 4:
            old = chance.choice(KEYS)
            lines[at] = line.replace(old, chance.choice(KEYS), 1)
        elif way == 5:
            lines[at] = " " * chance.randrange(4) + line.lstrip()
        elif way == 6:
            lines.insert(at, f"{chance.choice(KEYS)}: {chance.choice(VALUES)}")
        elif way == 7 and line:
            i = chance.randrange(len(line))
            lines[at] = (
                line[:i] + chance.choice("{}[]:,-?&*!|>'\"%@`#\t \0\x07é\u2028") + line[i + 1 :]
            )
        elif way == 8:
            lines[at] = line[: chance.randrange(len(line) + 1)]
    raw = "\n".join(lines).encode(chance.choice(["utf-8"] * 6 + ["gb18030", "utf-16", "utf-8-sig"]))
    if chance.random() < 0.1 and raw:
        i = chance.randrange(len(raw))
        raw = raw[:i] + bytes([chance.randrange(256)]) + raw[i + chance.randrange(3) :]
    return raw
