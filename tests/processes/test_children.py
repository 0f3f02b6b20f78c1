"""Processes that are started end with the one that started them: killed, interrupted or gone on."""

import os
import signal
import sys
import time
from contextlib import closing
from multiprocessing import get_context

import pytest
from beside import Started

from onexmodel.running.children import each_alone
from onexmodel.running.ending import SENTENCE
from onexmodel.running.progress import silent

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
POOL = """
import sys, time
from onexmodel.running.children import workers
from onexmodel.running.ending import ends_when_asked
if __name__ == "__main__":
    with ends_when_asked(), workers(2) as pool:
        for made in [pool.submit(time.sleep, 60) for _ in range(4)]:
            made.result()
"""
ALONE = """
import os, sys, time
from multiprocessing import get_context
from onexmodel.running.children import each_alone, ends_with_parent
from onexmodel.running.ending import ends_when_asked
def work(tell, seconds):
    ends_with_parent()
    time.sleep(seconds)
if __name__ == "__main__":
    with ends_when_asked():
        list(each_alone(get_context("{how}"), work, [(60,), (60,), (60,)], 2, print))
"""
KEEPER = """
import os, sys
from pathlib import Path
from onexmodel.report.make.pdf import _kept
print(_kept(["/bin/sh", "-c", "sleep 60 & sleep 60; true"], os.environ))
"""
BATCH = ("-m", "onexmodel", "report", "performance_pay", "budget_and_settlement", "--data", "example", "--draws", "2")  # fmt: skip


def program(text: str, folder, least: int) -> Started:
    """Started and so far that it has that many processes, itself among them."""
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    started = Started([path], folder)
    started.wait_for(lambda _: len(started.alive()) >= least)
    return started


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize(
    ("text", "least"),
    [
        (POOL, 4),  # two workers, the resource tracker
        (ALONE.replace("{how}", "spawn"), 4),
        (ALONE.replace("{how}", "forkserver"), 5),
    ],
    ids=["pool", "spawned", "forked"],
)
def test_none_is_left(text, least, number, tmp_path):
    started = program(text, tmp_path, least)
    _, seconds = started.end(number)
    assert seconds < 3 and started.gone()
    assert "leaked" not in started.text() or number == signal.SIGKILL
    assert started.text().count("Traceback") <= (
        number == signal.SIGINT
    )  # of Ended, in the program


def test_a_ctrl_c_at_the_terminal_is_the_command_s_alone(tmp_path):
    started = program(POOL, tmp_path, 4)
    _, seconds = started.end(signal.SIGINT, group=True)
    assert seconds < 3 and started.gone() and started.text().count("Traceback (") == 1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_browser_ends_with_the_command(number, tmp_path):
    started = program(KEEPER, tmp_path, 5)
    started.end(number)
    assert started.gone()


def told(tell, what):
    """Work of a process: as it is told."""
    if what == "die":
        os._exit(3)
    if what == "raise":
        raise ValueError(what)
    tell(1, 2)
    return what


def test_each_alone_gives_what_each_gives_and_none_for_one_that_is_gone():
    heard = []
    made = each_alone(
        get_context("fork"),
        told,
        [("a",), ("die",), ("b",)],
        2,
        lambda number, *what: heard.append((number, *what)),
    )
    assert dict(made) == {0: "a", 1: None, 2: "b"} and sorted(heard) == [(0, 1, 2), (2, 1, 2)]


def test_what_one_raises_is_raised_and_the_others_end():
    begun = time.monotonic()
    with pytest.raises(ValueError, match="raise"):
        list(each_alone(get_context("fork"), sleeps_or_raises, [(60,), ("raise",)], 2, silent))
    assert time.monotonic() - begun < 10


def sleeps_or_raises(tell, what):
    """Work of a process."""
    return told(tell, what) if what == "raise" else time.sleep(what)


def test_whoever_goes_away_leaves_none_running():
    with closing(
        each_alone(get_context("fork"), sleeps_or_raises, [(0,), (60,)], 2, silent)
    ) as made:
        assert next(made) == (0, None)
        begun = time.monotonic()
    assert time.monotonic() - begun < 3


def batch(tmp_path) -> Started:
    return Started([*BATCH, "--out", tmp_path / "out"], tmp_path)


def test_ctrl_c_to_a_batch_alone_ends_it_in_a_sentence(tmp_path):
    """It went on to make all the reports, and left temporary folders."""
    started = batch(tmp_path)
    # the command, tracker, fork server, and two reports with their kernels
    started.wait_for(lambda _: len(started.alive()) >= 7)
    code, seconds = started.end(signal.SIGINT)
    said = started.text()
    assert code == 130 and seconds < 3 and started.gone()
    assert said.count(SENTENCE) == 1 and "Traceback" not in said and "leaked" not in said
    assert not [
        one for one in os.listdir(tmp_path) if one.startswith((".onexmodel-", "pymp", "tmp"))
    ]


def test_a_batch_killed_while_it_starts_leaves_no_fork_server(tmp_path):
    started = batch(tmp_path)
    started.wait_for(lambda said: "执行 running" in said)
    started.end(signal.SIGKILL)
    assert started.gone()
