"""Run a notebook into a report: gate, papermill, page; a temporary file renamed only on success."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import papermill
from jupyter_client.manager import AsyncKernelManager
from nbformat import read
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from ...errors import Fault, ReportError, what_then, why_not
from ...places import shipped, together
from ...running.progress import Told, silent
from ...running.scratch import short, temporary
from .convert import letter_of, to_html
from .ended import SECONDS, of_cell, of_kernel, watched
from .fingerprint import RECORD, fingerprint
from .gate import PLAIN_PAGE, PageOptions, checked, given_whole
from .process_setup import EPOCH, LONGEST, fixed_environment, own_places


def make_report(
    name: str,
    given: Mapping[str, Any],
    out: Path | str,
    file_name: str = "",
    progress: bool = False,
    manager: type | None = None,
    texts: Mapping[str, Mapping] | None = None,
    options: PageOptions = PLAIN_PAGE,
    told: Told = silent,
) -> Path:
    """Execute notebook `name` and write `out`/⟨file_name⟩.html and its run record beside it (.json), with the options' .docx. `manager`: the class that starts the
    kernel, if not Jupyter's own; `texts`: name of a scenario → the scenario given whole (law.read_scenario), in place of a file of that
    name. Raises ParameterError before anything runs, ReportError with one sentence naming notebook, cell and cause, also where the page
    would not be whole; then nothing is left behind."""
    parameters = checked(name, given)
    parameters["scenario"] = given_whole(parameters["scenario"], texts or {})
    out = Path(out).absolute()
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{file_name or name}.html"
    with temporary(short()) as scratch:
        executed = execute(
            shipped("notebooks", f"{name}.ipynb"), parameters, scratch, progress, manager, told
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
    beside = json.dumps(json.loads(record[1]), ensure_ascii=False, indent=1) + "\n"
    files = {".html": page.encode(), ".json": beside.encode()}
    if options.docx:
        files[".docx"] = _letter(executed, page, target.name, options.addressee)
    try:
        with together(*map(target.with_suffix, files)) as made:
            for path, content in zip(made, files.values(), strict=True):
                path.write_bytes(content)
    except OSError as error:
        named = Path(str(error.filename)).name
        do = what_then(error)
        raise ReportError(Fault(named, f"{why_not(error)}；报告没有写出", do=do)) from error
    return target


def _letter(executed, page: str, file: str, addressee: str) -> bytes:
    """The one page for the file. Raises ReportError."""
    from ..letter.paper import document  # slow to import: only where a letter is made
    from ..letter.parts import parts

    said = letter_of(executed)
    if "lead" not in said:
        raise ReportError(
            Fault(
                "呈报件（--docx）",
                "报告没有首页摘要，写不出来",
                do="笔记本里应有 report.front()",
            )
        )
    made = parts(said, addressee, file, fingerprint(page))
    return document(made, said["language"], datetime.fromtimestamp(int(EPOCH), UTC))


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
    told: Told = silent,
):
    """The executed notebook. papermill gets no file to save into: it would write all of it anew before and after every cell; and the kernel,
    which has nothing to lose, is ended at once. Raises ReportError."""
    fixed_environment()
    count = len(read(notebook, 4).cells)  # and the one with the parameters
    gone: list[int] = []
    try:
        with own_places(scratch):
            made = papermill.execute_notebook(
                str(notebook),
                None,
                dict(parameters),
                progress_bar=progress,
                kernel_name="python3",
                cwd=str(Path.cwd()),
                log_output=False,
                execution_timeout=SECONDS,
                start_timeout=120,
                shutdown_kernel="immediate",
                on_cell_complete=lambda cell, cell_index: told(cell_index + 1, count + 1),
                kernel_manager_class=watched(manager or AsyncKernelManager, gone),
                **_transport(scratch),
            )
    except PapermillExecutionError as error:
        raise ReportError(of_cell(notebook.stem, error)) from None
    except Exception as error:  # a dead kernel, a timeout
        raise ReportError(of_kernel(notebook.stem, error, gone)) from error
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


def _transport(scratch: Path) -> dict:
    """Sockets in a folder of the run's own, so that kernels started together cannot meet on a port; ports where its name is too long for
    sockets, and on Windows. What says where they are lies there too, and goes with it."""
    config = Config()
    config.KernelManager.connection_file = str(scratch / "kernel.json")
    if os.name == "nt" or len(os.fsencode(scratch)) > LONGEST:
        return {"config": config}
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = str(scratch / "k")
    return {"config": config}
