"""Run a notebook into a report: gate, papermill, page; a temporary file renamed only on success."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import papermill
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from ...errors import Fault, ReportError
from ...places import shipped, whole
from .convert import to_html
from .fingerprint import RECORD
from .gate import PLAIN_PAGE, PageOptions, checked
from .process_setup import fixed_environment, for_sockets, own_places

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def make_report(
    name: str,
    given: Mapping[str, Any],
    out: Path | str,
    file_name: str = "",
    progress: bool = False,
    manager: type | None = None,
    texts: Mapping[str, Mapping] | None = None,
    options: PageOptions = PLAIN_PAGE,
) -> Path:
    """Execute notebook `name` and write `out`/⟨file_name⟩.html and its run record beside it (.json). `manager`: the class that starts the
    kernel, if not Jupyter's own; `texts`: name of a scenario → the scenario given whole (law.read_scenario), in place of a file of that
    name. Raises ParameterError before anything runs, ReportError with one sentence naming notebook, cell and cause, also where the page
    would not be whole; then nothing is left behind."""
    parameters = checked(name, given)
    parameters["scenario"] = [(texts or {}).get(one, one) for one in parameters["scenario"]]
    out = Path(out).absolute()
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{file_name or name}.html"
    with tempfile.TemporaryDirectory() as scratch:
        executed = execute(
            shipped("notebooks", f"{name}.ipynb"), parameters, Path(scratch), progress, manager
        )
        page = to_html(executed, str(parameters["lang"]), options)
    record = RECORD.search(page)
    if not record:
        raise ReportError(
            Fault(
                f"笔记本 {name}",
                "执行完了，页面里却没有运行记录",
                do="最后一格应为 report.record()",
            )
        )
    with (
        whole(target.with_suffix(".json")) as beside,
        whole(target) as made,
    ):  # both are written before either takes its name
        beside.write_text(
            record.group(1).replace("<\\/", "</").strip() + "\n", encoding="utf-8", newline="\n"
        )
        made.write_text(page, encoding="utf-8", newline="\n")
    return target


def _cut_off(notebook) -> int | None:
    """The first code cell that has no result or ended the notebook, numbered as PapermillExecutionError does; None where there is none.
    papermill takes a cell that calls sys.exit(0) for a success and leaves out the rest."""
    for number, cell in enumerate(notebook.cells):
        ended = any(output.output_type == "error" for output in cell.get("outputs", ()))
        if (
            cell.cell_type == "code"
            and cell.source.strip()
            and (cell.execution_count is None or ended)
        ):
            return number
    return None


def execute(
    notebook: Path,
    parameters: Mapping[str, Any],
    scratch: Path,
    progress: bool = False,
    manager: type | None = None,
):
    """The executed notebook. papermill gets no file to save into: it would write all of it anew before and after every cell; and the kernel,
    which has nothing to lose, is ended at once. Raises ReportError."""
    fixed_environment()
    kernel = {"kernel_manager_class": manager} if manager else {}
    try:
        with own_places(scratch), for_sockets(scratch) as sockets:
            made = papermill.execute_notebook(
                str(notebook),
                None,
                dict(parameters),
                progress_bar=progress,
                kernel_name="python3",
                cwd=str(Path.cwd()),
                log_output=False,
                execution_timeout=600,
                start_timeout=120,
                shutdown_kernel="immediate",
                **kernel,
                **_transport(sockets),
            )
    except PapermillExecutionError as error:
        raise ReportError(
            Fault(
                "",
                f"{_cause(error).rstrip('。')}（笔记本 {notebook.stem} 第 {error.cell_index} 格）",
            )
        ) from None
    except Exception as error:  # a dead kernel, a timeout
        raise ReportError(
            Fault(
                f"笔记本 {notebook.stem}",
                f"没有执行完：{type(error).__name__} {error}",
                do="再试一次；仍不行时换小一点的数据",
            )
        ) from error
    cell = _cut_off(made)
    if cell is not None:
        raise ReportError(
            Fault(
                f"笔记本 {notebook.stem}",
                f"在第 {cell} 格中途退出，其后各格没有执行，报告不完整",
                do="去掉这一格里的退出语句（exit、quit、sys.exit）",
            )
        )
    return made


def _transport(sockets: Path | None) -> dict:
    """Sockets in a folder of the run's own, so that kernels started together cannot meet on a port; ports where there is no such folder."""
    if sockets is None:
        return {}
    config = Config()
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = str(sockets / "k")
    return {"config": config}


def _cause(error: PapermillExecutionError) -> str:
    """What went wrong: our own errors speak Chinese and say it all, others are named by their kind."""
    ours = error.ename.endswith("Error") and CHINESE.search(str(error.evalue))
    return str(error.evalue) if ours else f"{error.ename}：{error.evalue}"
