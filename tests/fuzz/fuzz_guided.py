"""The same readers led by coverage, where atheris is installed (it is no part of the pins): bytes that reach new lines of the product are kept
and spoiled further. What it finds is read again by the hunt, made small and saved."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random

from fuzz_hunt import Find, read, save, scratch, smaller
from fuzz_readers import Reader

PARTS = ["onexmodel.law", "onexmodel.data", "onexmodel.analysis.draws.sweep_file"]


def guided(reader: Reader, out: Path, options: tuple[str, ...] = ()) -> int:
    """Runs until it finds something or is stopped; 3 where atheris is not there. Only readers of one file."""
    try:
        import atheris
    except ImportError:
        print(
            "atheris is not installed: pip install atheris, or leave --guided out", file=sys.stderr
        )
        return 3
    files = reader.make(Random(0))
    if len(files) != 1 or reader.base:
        print(f"{reader.name} reads several files: --guided takes readers of one", file=sys.stderr)
        return 2
    (name,) = files
    _instrument(atheris)
    with tempfile.TemporaryDirectory() as corpus, scratch(reader) as folder:
        for number in range(300):
            made = reader.make(Random(f"guided:{number}"))
            Path(corpus, str(number)).write_bytes(made[name])

        def one(raw: bytes) -> None:
            found = read(reader, folder, {name: raw})
            if isinstance(found, Find):
                small = smaller(reader, folder, found)
                where = save(small, reader.name, out, "found by --guided: read input/ again")
                raise SystemExit(f"{found.signature}: {where}")

        atheris.Setup([sys.argv[0], corpus, "-max_len=20000", *options], one)
        atheris.Fuzz()
    return 0


def _instrument(atheris) -> None:
    """Counts branches of the product's readers, which are loaded by now."""
    for name, module in list(sys.modules.items()):
        if any(name == part or name.startswith(f"{part}.") for part in PARTS):
            for value in list(vars(module).values()):
                if callable(value) and getattr(value, "__module__", "") == name:
                    if hasattr(value, "__code__"):
                        atheris.instrument_func(value)
