"""Temporary folders: gone at the end, cleared by the next run where their own was killed, never taken from a living one."""

import os
import signal
import tempfile

import pytest
from beside import Started

from onexmodel.places import whole
from onexmodel.running import scratch
from onexmodel.running.scratch import PREFIX, clear, temporary

HOLDS = """
import sys, time
from pathlib import Path
from onexmodel.running.scratch import temporary
with temporary(Path(sys.argv[1])) as made:
    (made / "half").write_text("half")
    print("held", flush=True)
    time.sleep(60)
"""


def ours(folder):
    return [path for path in folder.iterdir() if path.name.startswith(PREFIX)]


def test_what_a_killed_run_left_is_cleared_by_the_next_and_a_living_one_keeps_its_own(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    started = Started(["-c", HOLDS, out], tmp_path)
    started.wait_for(lambda said: "held" in said)
    (living,) = ours(out)
    assert str(started.process.pid) in living.name
    with whole(out / "a.txt") as made:
        made.write_text("a")
    assert (living / "half").exists()
    started.end(signal.SIGKILL)
    assert (living / "half").exists()
    with whole(out / "a.txt") as made:
        made.write_text("b")
    assert not ours(out) and (out / "a.txt").read_text() == "b"


def test_it_is_gone_after_an_error_and_keeps_what_another_in_this_process_holds(tmp_path):
    with temporary(tmp_path) as first:
        with pytest.raises(ValueError), temporary(tmp_path) as second:
            raise ValueError
        assert first.exists() and not second.exists()
    assert not ours(tmp_path)


def test_one_that_is_just_being_made_is_left_alone_and_a_link_is_not_followed(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "mine").touch()
    young, old = tmp_path / f"{PREFIX}1-young", tmp_path / f"{PREFIX}1-old"
    for one in (young, old):
        one.mkdir()
    os.utime(old, (1, 1))
    (tmp_path / f"{PREFIX}1-link").symlink_to(kept)
    (tmp_path / f"{PREFIX}1-file").touch()
    clear(tmp_path)
    assert young.exists() and not old.exists() and (kept / "mine").exists()


def test_where_nothing_can_be_locked_nothing_is_removed(tmp_path, monkeypatch):
    left = tmp_path / f"{PREFIX}1-left"
    left.mkdir()
    (left / scratch.LOCK).touch()

    def refuses(*_):
        raise OSError

    monkeypatch.setattr(scratch.fcntl, "flock", refuses)
    with temporary(tmp_path):
        assert left.exists()


def test_sockets_find_a_short_place(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("x" * 90)))
    assert len(str(scratch.short())) <= scratch.SHORT
