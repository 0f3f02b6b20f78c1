"""Where the things that travel with the package are: in a clone beside it, in a wheel inside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .running.scratch import temporary

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "bundled"


def package_file(*parts: str) -> Path:
    """A file inside the package itself (law, rules, page template, font)."""
    return _PACKAGE.joinpath(*parts)


def shipped(*parts: str) -> Path:
    """`notebooks`, `data/scenarios`, `data/example`, `data/published`: from the clone, else from the wheel's copy."""
    clone = _PACKAGE.parent.joinpath(*parts)
    return clone if (_PACKAGE.parent / "pyproject.toml").exists() else _BUNDLED.joinpath(*parts)


def made_data(name: str) -> Path:
    """Data sets made on first use: beside the shipped ones in a clone, else under the working folder."""
    if (_PACKAGE.parent / "pyproject.toml").exists():
        return _PACKAGE.parent / "data" / name
    return Path.cwd() / "onexmodel-data" / name


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write to; it becomes `path` when the block ends well, and is gone when it does not: never half a file."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with temporary(path.parent) as scratch:
        made = scratch / path.name
        yield made
        os.replace(made, path)
    os.chmod(path, 0o644)
