"""An installed wheel works outside the clone: notebooks, template, font, law, scenarios, example and published data travel with it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel unpacked in an empty folder, and a place to work."""
    pytest.importorskip(
        "hatchling",
        reason="hatchling is not installed: it builds the wheel (requirements/build.in)",
    )
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wheel = next(out.glob("*.whl"))
    site = out / "site"
    zipfile.ZipFile(wheel).extractall(site)
    work = out / "work"
    work.mkdir()
    return site, work


def onexmodel(installed, *arguments):
    """Run the installed command."""
    site, work = installed
    return subprocess.run(
        [sys.executable, "-m", "onexmodel", *arguments],
        cwd=work,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(site)},
        timeout=300,
    )


def test_scenarios_and_data_travel(installed):
    listed = onexmodel(installed, "scenarios")
    assert "cap_plus_20" in listed.stdout and listed.returncode == 0
    assert "example" in onexmodel(installed, "data").stdout


def test_report_outside_the_clone(installed):
    done = onexmodel(
        installed, "report", "fee_cap", "--data", "example", "--draws", "2", "--out", "out"
    )
    assert done.returncode == 0, done.stderr
    page = (installed[1] / "out" / "fee_cap.html").read_text(encoding="utf-8")
    assert "示例" in page and "font/woff" in page


def test_wrong_input_gives_a_sentence_and_exit_code_1(installed):
    done = onexmodel(
        installed, "run", "--data", "example", "--set", "fees.betta=1", "--out", "out2"
    )
    assert (
        done.returncode == 1
        and "最接近的是「fees.beta」" in done.stderr
        and "Traceback" not in done.stderr
    )
    assert not (installed[1] / "out2").exists()
