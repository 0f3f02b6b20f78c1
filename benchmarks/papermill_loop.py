"""Contestant for whole reports: papermill in a loop (execute a notebook, convert it to HTML, next) against `make_reports`, on the example data.

`python -m benchmarks.papermill_loop loop|ours FOLDER` makes the three reports once and prints one line of JSON. The loop is what most people write:
papermill.execute_notebook, then nbconvert's HTML template; it runs no gate, writes no run record and no offline page of one file with the report's style.
nbconvert is no dependency of ours: it comes with JupyterLab (requirements/lab.lock).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

REPORTS = ("fee_cap", "performance_pay", "cost_reduction")
GIVEN = {"data": "example", "province": "", "internal": True}


def loop(out: Path) -> None:
    """One notebook after the other."""
    import nbformat
    import papermill
    from nbconvert import HTMLExporter

    from onexmodel.places import shipped
    from onexmodel.report.make.gate import checked

    os.environ |= {"MPLBACKEND": "svg"}
    for name in REPORTS:
        executed = out / f"{name}.ipynb"
        papermill.execute_notebook(
            str(shipped("notebooks", f"{name}.ipynb")),
            str(executed),
            checked(name, GIVEN),
            progress_bar=False,
            kernel_name="python3",
            log_output=False,
        )
        page, _ = HTMLExporter().from_notebook_node(nbformat.read(executed, as_version=4))
        (out / f"{name}.html").write_text(page, encoding="utf-8")


def ours(out: Path) -> None:
    """The project's own way, two at a time."""
    from onexmodel.report.make.batch import make_reports

    for _, made in make_reports(REPORTS, GIVEN, out):
        if isinstance(made, Exception):
            raise made


def main(way: str, folder: str) -> None:
    """Time one way; memory is the largest single process, kernels included."""
    out = Path(folder) / way
    out.mkdir()
    began = time.perf_counter()
    try:
        {"loop": loop, "ours": ours}[way](out)
    except ImportError as reason:
        print(json.dumps({"skipped": f"not installed: {reason}"}))
        return
    held = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    sizes = [(out / f"{name}.html").stat().st_size for name in REPORTS]
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - began,
                "peak_mb": held / (1 << 20 if sys.platform == "darwin" else 1 << 10),
                "kb": sum(sizes) / 1000,
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
