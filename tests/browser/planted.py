"""Data, scenario and titles in which every text is an attack: for the reports that are made of them."""

import csv
import io
import shutil
from itertools import cycle
from pathlib import Path

from onexmodel.data.codes import BY_COLUMN, FREE
from onexmodel.data.schema import load_schema
from onexmodel.places import shipped

# each would set window.planted, or ask the network, if it were taken for anything but text
ATTACKS = (
    "<script>planted=1</script>",
    "<img src=http://planted.invalid/i onerror=planted=1>",
    '"><svg onload=planted=1>',
    "</title></style></script><script>planted=1</script>",
    "<!--<script>",
    "' onmouseover='planted=1' x='",
    "<style>@import url(http://planted.invalid/s)</style>",
    "[x](javascript:planted=1) <a href=javascript:planted=1>x</a>",
    "<iframe srcdoc='<script>parent.planted=1</script>'></iframe>",
    "{{7*7}}{% raw %}${planted=1}$x^2$",
    "&lt;script&gt;planted=1&lt;/script&gt;&#60;script>planted=1</script>",
    "]]><link rel=stylesheet href=http://planted.invalid/l>",
)
CODED = {*BY_COLUMN} - {*FREE}  # columns of codes, where any other word is refused
SCENARIO = """title:
  zh: '{0}'
  en: '{1}'
author: '{2}'
description:
  zh: '{3}'
  en: '{4}'
changes:
  - {{parameter: fees.cap.practical, scale: 1.2, rationale: '{5}', source: '{6}'}}
  - {{parameter: fees.cap.computer, scale: 1.1, rationale: '{4}'}}
"""


def planted(folder: Path) -> tuple[Path, Path, int]:
    """(the example with an attack in every text that is free, a scenario of attacks, how many texts there are); file names are attacks too."""
    attack, count = cycle(ATTACKS), 0
    data = shutil.copytree(shipped("data", "example"), folder / "<svg onload=planted=1>")
    for table, columns in load_schema().items():
        file = data / f"{table}.csv"
        if not file.exists():
            continue
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
        for row in rows:
            for name, column in columns.items():
                if column.type == "text" and row.get(name) and name not in CODED:
                    row[name] = f"{row[name]}{next(attack)}"
                    count += 1
        with file.open("w", encoding="utf-8", newline="") as to:
            writer = csv.DictWriter(to, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    words = [next(attack).replace("'", "''") for _ in range(4)]
    (data / "dataset.yaml").write_text(
        "status: simulated\ntitle: {{zh: '试{}', en: 'try{}'}}\n"
        "label: {{zh: '示例{}', en: 'Example{}'}}\n".format(*words),
        encoding="utf-8",
    )
    scenario = folder / "<img src=x onerror=planted=1>.yaml"
    texts = [next(attack).replace("'", "''") for _ in range(7)]
    scenario.write_text(SCENARIO.format(*texts), encoding="utf-8")
    return data, scenario, count + len(words) + len(texts)
