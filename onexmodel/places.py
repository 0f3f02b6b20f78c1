"""Where the things that travel with the package are: in a clone beside it, in a wheel inside it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .running.ending import undisturbed
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
    with together(path) as (made,):
        yield made


@contextmanager
def together(*paths: Path) -> Iterator[list[Path]]:
    """Names to write to, for files of one folder that belong together: all become `paths` when the block ends well; else none does, and what
    was there before is there again. Whatever happens, kill -9 too, no new file stands beside an old one of another run. An OSError names
    the file, not the name to write to."""
    paths = tuple(map(Path, paths))
    folder = paths[0].parent
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _naming(paths, folder):
            scratch = held.enter_context(temporary(folder))
        with _naming(paths, scratch):
            made = [scratch / path.name for path in paths]
            yield made
            for one in made:
                os.chmod(one, 0o644)
            with undisturbed():
                _put(made, paths, scratch / "before")


def _put(made: Sequence[Path], paths: Sequence[Path], before: Path) -> None:
    """Every made file under its name: those of an earlier run that the first is not put in place of are taken away before it."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    before.mkdir()
    first, *others = paths
    aside, put = [], []
    try:
        for path in others:
            if os.path.lexists(path):
                os.replace(path, before / path.name)
                aside.append(path)
        if others and os.path.lexists(first):
            _keep(first, before / first.name)
            aside.append(first)
        for one, path in zip(made, paths, strict=True):
            os.replace(one, path)
            put.append(path)
    except BaseException:
        for path in put:
            path.unlink()
        for path in aside:
            os.replace(before / path.name, path)
        raise


def _keep(path: Path, copy: Path) -> None:
    """The file under a second name, so that it is not gone for a moment; where the disk has no such names, it is moved."""
    try:
        os.link(path, copy, follow_symlinks=False)
    except OSError:
        os.replace(path, copy)


@contextmanager
def _naming(paths: Sequence[Path], scratch: Path) -> Iterator[None]:
    """An OSError in the block that names nothing, or what lies in `scratch`, names the file that was to be made; one that a library has put
    into an error of its own (XlsxWriter) is taken out of it."""
    try:
        yield
    except Exception as raised:
        error = next((one for one in (raised, *raised.args) if isinstance(one, OSError)), None)
        if error is None:
            raise
        told = (
            Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
        )
        if told is None or scratch in told.parents:
            meant = (path for path in paths if told and path.name == told.name)
            error.filename = str(next(meant, paths[0]))
        if error is raised:
            raise
        raise error from raised
