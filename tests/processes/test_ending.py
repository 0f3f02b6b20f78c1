"""Ctrl-C and SIGTERM: one sentence and its exit code, once, also out of a call that hears nothing."""

import os
import signal
import time

import pytest
from beside import Started

from onexmodel import cli, places
from onexmodel.engine import write_results
from onexmodel.running.ending import ASKED, GRACE, SENTENCE, Ended, ends_when_asked, undisturbed

DEAF = """
import ctypes, sys
from onexmodel.running.ending import ends_when_asked
with ends_when_asked():
    print("begun", flush=True)
    while True:
        try:
            ctypes.CDLL(None).poll(None, 0, 60_000)
        except BaseException:
            pass
"""


def ask(number: int) -> None:
    os.kill(os.getpid(), number)
    time.sleep(0.1)


@pytest.fixture(autouse=True)
def as_at_a_terminal():
    """Whoever runs the tests in the background of a shell has Ctrl-C ignored."""
    before = {one: signal.signal(one, signal.SIG_DFL) for one in ASKED}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_command_that_is_asked_to_end_says_one_sentence(number, code, monkeypatch, capsys):
    monkeypatch.setattr(cli.data, "_data", lambda _: ask(number))
    assert cli.main(["data"]) == code
    assert capsys.readouterr().err == SENTENCE + "\n" and signal.getsignal(number) == signal.SIG_DFL


def test_only_the_first_is_heard():
    with pytest.raises(Ended) as end, ends_when_asked():
        try:
            ask(signal.SIGTERM)
        finally:
            ask(signal.SIGINT)
    assert end.value.code == 143


def test_what_the_caller_ignores_stays_ignored():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with ends_when_asked():
        ask(signal.SIGHUP)


def test_out_of_a_call_that_hears_nothing_it_ends_all_the_same(tmp_path):
    started = Started(["-c", DEAF], tmp_path)
    started.wait_for(lambda said: "begun" in said)
    code, seconds = started.end(signal.SIGTERM)
    assert code == 143 and seconds < GRACE + 1 and started.text().endswith(SENTENCE + "\n")


def test_steps_that_belong_together_are_all_done_before_it_is_heard():
    done = []
    with pytest.raises(Ended), ends_when_asked():
        with undisturbed():
            ask(signal.SIGINT)
            done.append(1)
        done.append(2)
    assert done == [1]


def test_tables_of_two_runs_never_lie_side_by_side(tmp_path, monkeypatch):
    import pandas as pd

    replace = os.replace

    def interrupted(source, target):
        replace(source, target)
        if str(target).endswith("a.csv"):
            ask(signal.SIGINT)

    monkeypatch.setattr(places.os, "replace", interrupted)
    with pytest.raises(Ended), ends_when_asked():
        write_results.write_tables({"a": pd.DataFrame({"x": [1]}), "b": pd.DataFrame()}, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "b.csv"}
