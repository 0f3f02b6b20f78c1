"""environment.yml, pyproject.toml and the hashed pins agree; no pin names a host."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
WANTED = [Requirement(text) for text in [*PROJECT["dependencies"], *EXTRAS["lab"], *EXTRAS["test"]]]


def test_environment_agrees_with_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge"]
    conda = {
        Requirement(text).name: str(Requirement(text).specifier)
        for text in environment["dependencies"]
    }
    assert conda.pop("python") == PROJECT["requires-python"]
    assert conda == {one.name: str(one.specifier) for one in WANTED}


@pytest.mark.parametrize("name", PROJECT["dependencies"] + EXTRAS["test"])
def test_installed_versions_satisfy_the_ranges(name):
    one = Requirement(name)
    try:
        installed = version(one.name)
    except PackageNotFoundError:
        if name in PROJECT["dependencies"]:
            raise
        pytest.skip(f"{one.name} is not installed: it belongs to the extra onexmodel[test]")
    assert one.specifier.contains(installed, prereleases=True)


@pytest.mark.parametrize("lock", ["core", "test", "lab"])
def test_pins_are_hashed_and_name_no_host(lock):
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert "://" not in text and len(pins) > 40
    assert text.count("--hash=sha256:") >= len(pins)
    names = {line.split("==")[0].lower() for line in pins}
    needed = PROJECT["dependencies"] + (EXTRAS[lock] if lock != "core" else [])
    assert {Requirement(text).name.lower() for text in needed} <= names
