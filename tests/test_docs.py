"""What the documents say of the repository holds: every path they name exists, what is cited has its section, the changelog begins with the
version."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

import onexmodel

ROOT = Path(__file__).parents[1]
# of all but the changelog, which tells of what is gone
DOCUMENTS = sorted(
    [*ROOT.glob("docs/**/*.md"), *(one for one in ROOT.glob("*.md") if one.name != "CHANGELOG.md")]
)
CODE = sorted(
    path for part in ("onexmodel", "tests", "benchmarks") for path in (ROOT / part).rglob("*.py")
)
HOMES = (
    "",
    "onexmodel",
    "data/example",
)  # where a name may start from; beside them the document's own folder
SUFFIXES = "py|md|yaml|yml|csv|toml|ipynb|lock|in|css|js|j2|png|json"
NAMED = re.compile(
    rf"(?<![\w./⟨*:-])((?:[\w.-]+/)*[\w*.-]*\w\.(?:{SUFFIXES})|(?:[\w.-]+/)+)(?![\w/⟩])"
)
FOLDER = re.compile(
    r"`((?:onexmodel|tests|docs|data|notebooks|requirements|benchmarks)(?:/[\w.-]+)*/?)`"
)
LINK = re.compile(r"\]\(([^)#]+)\)")
MADE = ("build/", "reports/", "data/national", "results/")  # made by a command, in no clone
YOURS = ("caps.csv", "file.yaml")  # files of whoever reads


def here(path: Path, name: str) -> bool:
    """Is there such a file or folder (or, with a star, one like it)?"""
    return any(
        next(base.glob(name.rstrip("/")), None)
        for base in (path.parent, *(ROOT / home for home in HOMES))
    )


def named(text: str) -> set[str]:
    """Paths that a text names: names with a known ending, folders with a stroke at the end, links. Web addresses are none."""
    text = re.sub(r"\w+://\S+", " ", text).replace("\\", "/")
    links = {one for one in LINK.findall(text) if "://" not in one}
    return {
        one
        for one in {*NAMED.findall(text), *FOLDER.findall(text), *links}
        if one not in YOURS and not one.startswith(MADE)
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_a_document_names_exists(path):
    gone = sorted(name for name in named(path.read_text(encoding="utf-8")) if not here(path, name))
    assert not gone


def test_a_path_that_is_gone_is_seen():
    text = "see `engine/explain.py`, [here](no/such.md), docs/none.md and `data/nowhere`, or `law/`"
    assert named(text) == {
        "engine/explain.py",
        "no/such.md",
        "docs/none.md",
        "data/nowhere",
        "law/",
    }
    assert [name for name in sorted(named(text)) if here(ROOT / "README.md", name)] == ["law/"]


def test_every_defence_has_a_test_that_exists():
    """docs/security.md: each row of a table ends with test files and, after each, the tests in it that show the defence."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [
        line for line in text.splitlines() if line.startswith("| ") and "| threat |" not in line
    ]
    assert len(rows) > 15
    for row in rows:
        cited = re.findall(r"`(tests/[\w/]+\.py)` ((?:test_\w+(?:, )?)+)", row.split(" | ")[-1])
        assert cited, row
        for name, tests in cited:
            there = set(
                re.findall(r"^def (test_\w+)", (ROOT / name).read_text("utf-8"), flags=re.M)
            )
            assert set(tests.rstrip(", ").split(", ")) <= there, (name, tests)


def test_documents_that_code_cites_exist_with_the_section_cited():
    method = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## (\d+) |^\*\*(\d+\.\d+) ", method, flags=re.M))
    sections = {"".join(one) for one in sections}
    cited = {
        (path, name, section)
        for path in CODE
        if path != Path(__file__)
        for name, section in re.findall(
            r"([\w/-]+\.md)(?: §(\d+(?:\.\d+)?))?", path.read_text(encoding="utf-8")
        )
    }
    assert len([one for one in cited if one[1] == "docs/method.md" and one[2]]) > 30
    gone = [
        (str(path.relative_to(ROOT)), name, section)
        for path, name, section in cited
        if not any((ROOT / home / name).exists() for home in ("", "docs", "docs/model"))
        or (name == "docs/method.md" and section and section not in sections)
    ]
    assert not gone


def test_the_changelog_begins_with_the_version():
    """A number that moves raises the version and has its entry."""
    entries = re.findall(
        r"^## \[([^\]]+)\] - (\d{4}-\d\d-\d\d)$",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        flags=re.M,
    )
    assert entries[0][0] == onexmodel.__version__
    assert [day for _, day in entries] == sorted((day for _, day in entries), reverse=True)
    assert len(entries) == len(
        re.findall(
            r"^## (?!\[Unreleased\]$)",
            (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
            flags=re.M,
        )
    )


def test_licence_and_authors_are_stated():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"].startswith("MIT") and project["authors"] == [
        {"name": "onexmodel authors"}
    ]
    assert all((ROOT / name).is_file() for name in project["license-files"])


def test_hooks_are_local():
    """Nothing is fetched before a commit."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    assert all(
        hook["language"] == "system" and hook["entry"].startswith(".venv/bin/python -m ")
        for hook in hooks["repos"][0]["hooks"]
    )


def test_reports_have_a_folder_in_a_clone():
    """Others' reports beside it are not committed."""
    assert (ROOT / "reports" / "README.md").is_file()
    ignored = subprocess.run(
        ["git", "check-ignore", "reports/README.md", "reports/fee_cap.html"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if ignored.returncode == 128:
        pytest.skip("not a git clone")
    assert ignored.stdout.split() == ["reports/fee_cap.html"]
