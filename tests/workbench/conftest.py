"""A workbench on the example, in a folder of its own. Its widgets are models: no browser is needed."""

import pytest

from onexmodel.workbench import start


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The folder a notebook would run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def bench(here):
    """The form as it is first seen."""
    return start("zh", "example")
