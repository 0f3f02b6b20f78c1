"""A few hundred spoiled and made-up inputs for every reader (`make fuzz` does 100,000), and the hunt itself: what breaks is seen, kept and
made small."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_hunt import Find, files_of, hunt, read, scratch
from fuzz_readers import READERS, Reader

CASES = {
    "scenario": 50,
    "sweep": 25,
    "dataset": 30,
    "record": 60,
    "set": 50,
    "csv": 15,
    "workbook": 20,
}


@pytest.mark.parametrize("name", READERS)
def test_what_comes_of_odd_input_is_the_products_own_error(name):
    counts, finds = hunt(READERS[name], 0, range(CASES[name]))
    assert not finds, "\n".join(f"{one.trace}\n{dict(one.files)}"[-3000:] for one in finds)
    assert counts.taken and counts.refused  # neither all good nor all hopeless


DIGEST = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from fuzz_hunt import files_of
from fuzz_readers import READERS
made = [sorted(files_of(one, 3, n).items()) for one in READERS.values() for n in range(4)]
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


def test_a_case_is_the_same_each_time():
    """In another process, whatever its hash seed: else a find could not be repeated."""
    here = Path(__file__).parent
    made = [sorted(files_of(one, 3, n).items()) for one in READERS.values() for n in range(4)]
    other = subprocess.run(
        [sys.executable, "-c", DIGEST, str(here)],
        capture_output=True,
        text=True,
        check=True,
        cwd=here.parents[1],
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert other.stdout.strip() == hashlib.sha256(repr(made).encode()).hexdigest()


def fragile(folder: Path) -> bool:
    """A reader that cannot bear an x, and does not end on a y."""
    text = (folder / "f").read_text()
    while "y" in text:
        pass
    return bool(10 / text.count("a") if "x" in text else 1)


WORDS = Reader("words", 1, lambda rng: {"f": b"one\ntwo\nthree x four\nfive"}, fragile)


def test_what_breaks_a_reader_is_made_small_and_kept(tmp_path):
    counts, (find,) = hunt(WORDS, 5, range(3), tmp_path)
    assert counts.finds == {"ZeroDivisionError test_fuzz.py fragile": 3} and counts.tried == 3
    (folder,) = tmp_path.iterdir()
    assert (folder / "input" / "f").read_bytes() == b"x" == find.files["f"]
    assert "ZeroDivisionError" in (folder / "traceback.txt").read_text()
    assert (folder / "again.txt").read_text().endswith("--only words --seed 5 --case 0\n")


def test_what_does_not_end_is_a_find():
    with scratch(WORDS) as folder:
        found = read(WORDS, folder, {"f": b"y"}, seconds=0.2)
        assert isinstance(found, Find) and found.signature.startswith("TooLong")
        assert read(WORDS, folder, {"f": b"a"}, seconds=0.2) is True


def test_files_of_one_case_are_gone_in_the_next():
    reader = READERS["csv"]
    with scratch(reader) as folder:
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        for number in range(12):
            read(reader, folder, files_of(reader, 1, number))
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
