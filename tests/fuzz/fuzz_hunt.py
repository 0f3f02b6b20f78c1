"""One case: made, written, read, watched. What is raised that is not the product's own, or takes too long, is a find."""

from __future__ import annotations

import contextlib
import io
import shutil
import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from fuzz_readers import GONE, Files, Reader

from onexmodel.errors import OnexError

SECONDS = 10.0  # of processor time a case may take
TRIES, FOR = 400, 40.0  # tries and seconds of processor time in which a find is made small


class TooLong(BaseException):
    """A case is over its time: no `except Exception` of the product keeps it."""


@dataclass(frozen=True)
class Find:
    """`signature`: kind and place, by which the same fault is told once."""

    signature: str
    files: Files
    trace: str


@dataclass
class Counts:
    """What was tried of a reader."""

    taken: int = 0
    refused: int = 0
    seconds: float = 0.0
    finds: dict[str, int] = field(default_factory=dict)

    @property
    def tried(self) -> int:
        """All cases that were read to an end, good or bad."""
        return self.taken + self.refused + sum(self.finds.values())


def files_of(reader: Reader, seed: int, number: int) -> Files:
    """The case of that number: the same on every machine."""
    return reader.make(Random(f"{seed}:{reader.name}:{number}"))


@contextlib.contextmanager
def scratch(reader: Reader) -> Iterator[Path]:
    """A folder in which a reader's cases are written one after the other, laid over its base."""
    with tempfile.TemporaryDirectory(prefix="onexfuzz") as made:
        folder = Path(made) / "data"
        if reader.base:
            shutil.copytree(reader.base, folder)
        else:
            folder.mkdir()
        yield folder


@contextlib.contextmanager
def _written(reader: Reader, folder: Path, files: Files) -> Iterator[None]:
    for name, content in files.items():
        if content == GONE:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_bytes(content)
    try:
        yield
    finally:
        for name in files:
            good = reader.base / name if reader.base else None
            (folder / name).unlink(missing_ok=True)
            if good is not None and good.exists():
                shutil.copyfile(good, folder / name)


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def over(number, frame):
        raise TooLong(f"more than {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def read(reader: Reader, folder: Path, files: Files, seconds: float = SECONDS) -> bool | Find:
    """Whether the case was taken, or what it broke."""
    with _written(reader, folder, files), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with _limit(seconds), contextlib.redirect_stderr(io.StringIO()):
                return reader.read(folder)
        except OnexError as error:
            str(error)
            return False
        except KeyboardInterrupt:
            raise
        except (Exception, TooLong, SystemExit) as error:
            return Find(signature_of(error), files, "".join(traceback.format_exception(error)))


def signature_of(error: BaseException) -> str:
    """Kind and place: the last line of the product that was running, by file and function."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [one for one in frames if "/onexmodel/" in one.filename.replace("\\", "/")] or frames
    if isinstance(error, (RecursionError, TooLong, MemoryError)):
        own = own[:2]  # where it happens to stop says nothing: what was asked for does
    if not own:
        return type(error).__name__
    last = own[-1]
    return f"{type(error).__name__} {Path(last.filename).name} {last.name}"


def smaller(reader: Reader, folder: Path, find: Find, tries: int = TRIES, each=None) -> Find:
    """The find with every file, then every line, then every few bytes left out that it does not need; `each` is called before each try."""
    best, left, end = find, tries, time.process_time() + FOR

    def holds(files: Files) -> bool:
        nonlocal best, left
        left -= 1
        if each:
            each()
        again = read(reader, folder, files)
        if isinstance(again, Find) and again.signature == find.signature:
            best = again
            return True
        return False

    for name in sorted(find.files) if len(find.files) > 1 else ():
        if left > 0 and time.process_time() < end:
            holds({key: value for key, value in best.files.items() if key != name})
    for name in sorted(best.files):
        for cut in (_lines, _letters):
            pieces = cut(best.files[name])
            size = max(1, len(pieces) // 2)
            while pieces and left > 0 and time.process_time() < end:
                at = 0
                while at < len(pieces) and left > 0 and time.process_time() < end:
                    shorter = pieces[:at] + pieces[at + size :]
                    if holds({**best.files, name: b"".join(shorter)}):
                        pieces = shorter
                    else:
                        at += size
                if size == 1:
                    break
                size = max(1, size // 2)
    return best


def _lines(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)


def _letters(raw: bytes) -> list[bytes]:
    return [raw[at : at + 1] for at in range(len(raw))]


def place_of(find: Find, reader: str, out: Path) -> Path:
    """The folder of a find."""
    name = "".join(one if one.isalnum() or one in "._-" else "_" for one in find.signature)
    return out / f"{reader}_{name}"[:120]


def save(find: Find, reader: str, out: Path, how: str) -> Path:
    """input files, traceback and the command that makes the case again, in a folder named after the find."""
    folder = place_of(find, reader, out)
    (folder / "input").mkdir(parents=True, exist_ok=True)
    for file, content in find.files.items():
        (folder / "input" / file).write_bytes(b"" if content == GONE else content)
    (folder / "traceback.txt").write_text(find.trace, encoding="utf-8", errors="replace")
    (folder / "again.txt").write_text(f"{how}\n", encoding="utf-8")
    return folder


def hunt(
    reader: Reader, seed: int, numbers, out: Path | None = None, each=None
) -> tuple[Counts, list[Find]]:
    """Every case of `numbers`. With `out`, the first find of each signature is made small and saved, unless it is there from an earlier
    call. `each` is told the number of the case whenever something begins to be read."""
    counts, finds = Counts(), []
    start = time.process_time()
    with scratch(reader) as folder:
        for number in numbers:
            if each:
                each(number)
            files = files_of(reader, seed, number)
            found = read(reader, folder, files)
            if isinstance(found, Find):
                if found.signature not in counts.finds:
                    if out and not place_of(found, reader.name, out).exists():
                        tick = partial(each, number) if each else None
                        found = smaller(reader, folder, found, each=tick)
                        how = (
                            f"python tests/fuzz --only {reader.name} --seed {seed} --case {number}"
                        )
                        save(found, reader.name, out, how)
                    finds.append(found)
                counts.finds[found.signature] = counts.finds.get(found.signature, 0) + 1
            elif found:
                counts.taken += 1
            else:
                counts.refused += 1
    counts.seconds = time.process_time() - start
    return counts, finds
