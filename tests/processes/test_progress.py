"""What is said of work that lasts: on stderr only, nothing of what is soon over, and no number moves for it."""

import io
import time

import numpy as np
import pytest

from onexmodel.analysis.draws import sensitivity
from onexmodel.analysis.draws.montecarlo import monte_carlo
from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.draws.solve import solve
from onexmodel.analysis.study import open_study
from onexmodel.cli import main
from onexmodel.data.read import parse
from onexmodel.places import shipped
from onexmodel.running import progress
from onexmodel.running.progress import part, shown, silent
from onexmodel.study import open_run


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def soon(monkeypatch):
    """What takes 3 s takes 30 ms."""
    for name, value in (("FIRST", 0.03), ("ON_TERMINAL", 0.03), ("BEAT", 0.01), ("APART", 0.05)):
        monkeypatch.setattr(progress, name, value)


def until(seen) -> None:
    end = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.01)


def work(stream, steps: int, seconds: float = 0.02) -> str:
    with shown("算 computing", stream) as told:
        for done in range(steps):
            time.sleep(seconds)
            told(done + 1, steps)
    return stream.getvalue()


def test_what_is_soon_over_is_not_spoken_of():
    assert work(io.StringIO(), 3, 0) == work(Terminal(), 3, 0) == ""


def test_a_log_has_few_lines_with_share_and_time_left(soon):
    lines = work(io.StringIO(), 40).splitlines()
    assert 2 <= len(lines) < 40 and "\r" not in "".join(lines)
    assert lines[-1].startswith("算 computing：") and "%，约余 " in lines[-1]


def test_a_terminal_has_one_line_which_goes_away_for_what_is_printed_and_at_the_end(soon):
    stream = Terminal()
    with shown("算 computing", stream) as told:
        until(lambda: "算" in stream.getvalue())
        with told.aside():
            print("提示", file=stream)
        until(lambda: "算" in stream.getvalue().partition("提示")[2])
    assert "\n" not in stream.getvalue().replace("提示\n", "")
    assert "\r\x1b[K提示\n" in stream.getvalue() and stream.getvalue().endswith("\r\x1b[K")


def test_the_time_left_knows_what_was_done_before(monkeypatch):
    with shown("", io.StringIO()) as told:
        told.step("扫描", already=0.5)
        told._since -= 100
        told(3, 4)
        assert told.line() == "扫描：75%，约余 2 min left"
        told(1, 1)
        assert told.line().startswith("扫描 … ")
    heard = []
    part(lambda *one: heard.append(one), 10, 5, 20)(1, 2)
    assert heard == [(12.5, 20)]


@pytest.fixture(scope="module")
def study():
    return open_study("example", ["cap_plus_20"])


def same(one, other) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def asked(study, told):
    """What lasts, in small: name → result."""
    drawn = study_draws(study, 2, 1)
    return {
        "montecarlo": monte_carlo(
            study, ["cap_plus_20"], "none", 2, 1, block_rows=1, told=told
        ).headlines("cap_plus_20")["fee_bill"],
        "solve": [
            solve(study, "cap_scale", "fee_bill", 4e4, True, 0.1, 2, "none", drawn, told).value
        ],
        "sensitivity": sensitivity.asked(study, "fee_bill", "none", drawn, told),
    }


def test_it_is_told_to_the_end_and_gives_the_same_numbers(study):
    heard = []
    plain, told = asked(study, silent), asked(study, lambda *one: heard.append(one))
    assert all(same(plain[name], told[name]) for name in plain)
    shares = [done / whole for done, whole in heard]
    assert all(0 <= share <= 1 for share in shares) and shares.count(1.0) >= 2


def test_reading_and_running_tell(two_years):
    heard = []
    parse(shipped("data", "example"), told=lambda *one: heard.append(one))
    assert len(heard) > 10 and heard == sorted(heard)
    begun, heard = [], []
    open_run(two_years, step=lambda name: begun.append(name) or (lambda *one: heard.append(one)))
    assert begun == ["read", "run"] and heard[-2:] == [(1, 2), (2, 2)]


@pytest.mark.parametrize("command", [["check", "example"], ["run", "--data", "example"]])
def test_stdout_and_results_are_as_without(command, soon, tmp_path, capsys):
    monkey = pytest.MonkeyPatch()
    said, made = [], []
    for first in (1e-9, 1e9):
        monkey.setattr(progress, "FIRST", first)
        out = tmp_path / "out"
        assert main([*command, "--out", str(out)]) == 0
        said.append(capsys.readouterr())
        made.append({one.name: one.read_bytes() for one in out.glob("*")})
    monkey.undo()
    assert said[0].out == said[1].out and made[0] == made[1]
    begun = ("读取数据 reading the data", "计算 computing")  # a set that is kept is read in no time
    assert any(one in said[0].err for one in begun)
    assert not any(one in said[1].err for one in begun)
