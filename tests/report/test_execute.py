"""How notebooks are executed: each in a process of its own that knows of no other, warm or not, with the same result."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest

from onexmodel.errors import ReportError
from onexmodel.places import shipped
from onexmodel.report.make import batch, kernels, process_setup
from onexmodel.report.make.batch import make_reports
from onexmodel.report.make.execute import execute, make_report

GIVEN = {"data": "example", "province": "", "log2_draws": 2}
forks = pytest.mark.skipif(not process_setup.FORKS, reason="kernels are forked on Linux only")


def notebook(path: Path, *cells: str) -> Path:
    nbformat.write(
        nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={
                "kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}
            },
        ),
        path,
    )
    return path


def warm(path: Path, scratch: Path) -> list[str]:
    """What a notebook's cells print, executed as a batch does."""
    kernel = kernels.kernel_ahead()
    scratch.mkdir()
    made = execute(path, {}, scratch, manager=kernel)
    return [output["text"].strip() for cell in made.cells for output in cell.get("outputs", ())]


@pytest.fixture(scope="module")
def pool():
    """As a batch has it."""
    process_setup.fixed_environment()
    process_setup.import_ahead()
    with ProcessPoolExecutor(1, mp_context=process_setup.context(), max_tasks_per_child=1) as made:
        yield made


@forks
def test_a_kernel_of_a_batch_has_imported_and_nothing_else(pool, tmp_path):
    path = notebook(
        tmp_path / "a.ipynb",
        "import sys, os\nprint(sorted({'onexmodel.report.fee_cap.report', 'scipy.stats'} - set(sys.modules)))",
        "print(sys.flags.hash_randomization, os.environ['SOURCE_DATE_EPOCH'], os.getcwd())",
        "print(sorted(name for name in globals() if not name.startswith('_')))",
    )
    said = pool.submit(warm, path, tmp_path / "s").result()
    assert said == [
        "[]",
        f"0 {process_setup.EPOCH} {os.getcwd()}",
        "['In', 'Out', 'exit', 'get_ipython', 'open', 'os', 'quit', 'sys']",
    ]


@forks
def test_a_notebook_sees_nothing_of_another(pool, tmp_path):
    leave = notebook(
        tmp_path / "a.ipynb",
        "import os, onexmodel, onexmodel.report.page.words as words\nleft = onexmodel.left = words.left = 1\nos.environ['LEFT'] = '1'",
        "print(os.getpid())",
    )
    look = notebook(
        tmp_path / "b.ipynb",
        "import os, onexmodel, onexmodel.report.page.words as words\n"
        "print('left' in globals(), hasattr(onexmodel, 'left'), hasattr(words, 'left'), 'LEFT' in os.environ)",
        "print(os.getpid())",
    )
    first, second = (
        pool.submit(warm, path, tmp_path / path.stem).result() for path in (leave, look)
    )
    assert second[0] == "False False False False" and first[-1] != second[-1]


@forks
def test_a_kernel_that_dies_is_one_sentence_and_the_next_one_runs(pool, tmp_path):
    path = notebook(tmp_path / "dies.ipynb", "import os\nos._exit(3)")
    with pytest.raises(
        ReportError, match="笔记本 dies：没有执行完：执行它的进程自行退出（退出码 3）"
    ):
        pool.submit(warm, path, tmp_path / "s").result(60)
    assert pool.submit(
        warm, notebook(tmp_path / "b.ipynb", "print(1)"), tmp_path / "t"
    ).result() == ["1"]


@pytest.mark.parametrize(
    "words",
    [
        "import sys; sys.exit(0)",
        "raise SystemExit",
        "import sys; sys.exit(1)",
        "import os; os._exit(0)",
    ],
)
def test_a_cell_that_ends_the_notebook_is_no_success(words, tmp_path):
    """papermill takes sys.exit(0) for a success; the rest was left out and a cut-off page made."""
    with pytest.raises(ReportError, match="笔记本 n"):
        execute(notebook(tmp_path / "n.ipynb", "a = 1", words, "print(2)"), {"b": 1}, tmp_path)


def test_a_cell_that_only_speaks_of_leaving_and_an_empty_one_are_no_fault(tmp_path):
    made = execute(
        notebook(
            tmp_path / "n.ipynb",
            "a = 1",
            "",
            "try:\n    raise SystemExit\nexcept SystemExit:\n    print(2)",
        ),
        {"b": 1},
        tmp_path,
    )
    assert made.cells[-1].outputs[0]["text"] == "2\n"


STALE = {"performance_pay.html": "older page", "performance_pay.json": "older record"}


def with_notebook(folder: Path, name: str, change) -> None:
    """A shipped notebook, changed, put into `folder`."""
    made = nbformat.read(shipped("notebooks", f"{name}.ipynb"), 4)
    change(made.cells)
    nbformat.write(made, folder / f"{name}.ipynb")


def leaves(cells) -> None:
    cells.insert(3, nbformat.v4.new_code_cell("import sys; sys.exit(0)"))


def forgets_its_record(cells) -> None:
    """Its last cell; and what stands between, which takes time and says nothing here."""
    del cells[4:]


@pytest.mark.parametrize(
    ("change", "words"),
    [(leaves, "在第 4 格中途退出，其后各格没有执行"), (forgets_its_record, "页面里却没有运行记录")],
)
def test_a_report_that_is_not_whole_is_not_made_and_an_older_one_stays(
    change, words, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    out.mkdir()
    with_notebook(tmp_path, "performance_pay", change)
    monkeypatch.setattr(
        "onexmodel.report.make.execute.shipped", lambda *parts: tmp_path / parts[-1]
    )
    kept = STALE if change is leaves else {}
    for name, text in kept.items():
        (out / name).write_text(text, encoding="utf-8")
    with pytest.raises(ReportError, match=words):
        make_report("performance_pay", GIVEN, out)
    assert {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()} == kept


def test_a_batch_says_which_report_is_cut_off_and_ends_with_one(tmp_path):
    """The command on a copy of the product in which one notebook leaves early."""
    home, out = tmp_path / "home", tmp_path / "out"
    shutil.copytree(
        Path(batch.__file__).parents[2],
        home / "onexmodel",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for part in ("notebooks", "data/example", "data/scenarios"):
        shutil.copytree(shipped(*part.split("/")), home / part)
    (home / "pyproject.toml").touch()
    with_notebook(home / "notebooks", "performance_pay", leaves)
    out.mkdir()
    for name, text in STALE.items():
        (out / name).write_text(text, encoding="utf-8")
    made = subprocess.run(
        [
            sys.executable,
            "-m",
            "onexmodel",
            "report",
            "performance_pay",
            "budget_and_settlement",
            "--data",
            "example",
            "--draws",
            "2",
            "--out",
            str(out),
        ],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert (
        made.returncode == 1
        and "performance_pay：没有生成。笔记本 performance_pay：在第 4 格中途退出" in made.stderr
        and "Traceback" not in made.stderr
    )
    assert "performance_pay" not in made.stdout and "budget_and_settlement.html" in made.stdout
    assert {path.name for path in out.iterdir()} == {
        *STALE,
        "budget_and_settlement.html",
        "budget_and_settlement.json",
    }
    assert {name: (out / name).read_text(encoding="utf-8") for name in STALE} == STALE


def unknown_launcher(path: Path, scratch: Path) -> list[str]:
    kernels.LAUNCHER = "another_kernel"
    return warm(path, scratch)


@forks
def test_a_kernel_that_is_not_ours_is_launched_as_ever(pool, tmp_path):
    path = notebook(tmp_path / "a.ipynb", "import sys\nprint('onexmodel' in sys.modules)")
    assert pool.submit(unknown_launcher, path, tmp_path / "s").result() == ["False"]


@pytest.fixture(scope="module")
def forked(tmp_path_factory):
    """Two reports made as a batch, and the temporary folders that it took."""
    kept, folders = [], batch.temporary

    @contextmanager
    def noted(*given):
        with folders(*given) as made:
            kept.append(made)
            yield made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batch, "temporary", noted)
        names = ("performance_pay", "budget_and_settlement")
        return dict(make_reports(names, GIVEN, tmp_path_factory.mktemp("forked"))), kept


@pytest.mark.parametrize(
    "names",
    [
        ("performance_pay",),
        pytest.param(
            ("performance_pay", "budget_and_settlement"),
            marks=pytest.mark.thorough,  # the second takes what both have parsed, as where it forks
        ),
    ],
)
def test_a_batch_without_forks_gives_the_same_bytes(names, forked, tmp_path, monkeypatch):
    monkeypatch.setattr(process_setup, "FORKS", False)
    other = dict(make_reports(names, GIVEN, tmp_path))
    assert set(other) == set(names)
    for name, path in other.items():
        assert path.read_bytes() == forked[0][name].read_bytes()


def test_a_fault_of_one_report_leaves_the_others(tmp_path):
    made = dict(
        make_reports(
            ("fee_cap", "performance_pay"),
            {**GIVEN, "province": "S01", "internal": False},
            tmp_path,
        )
    )
    assert all(
        isinstance(error, ReportError) and "不足5所" in str(error) for error in made.values()
    ) and not list(tmp_path.iterdir())


def test_a_batch_reads_its_data_once_and_keeps_nothing(forked):
    made, kept = forked
    assert len(made) == 2 and all(path.exists() for path in made.values())
    assert len(kept) == 1 and not kept[0].exists() and "ONEXMODEL_PARSED" not in os.environ
