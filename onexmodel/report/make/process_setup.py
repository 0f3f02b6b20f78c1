"""What the processes of a report find when they start: an environment in which two runs give the same bytes, and on Linux one process
that has imported what reports need (each/warm.py: and compiled what many are made with) and from which the others are forked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context, process, resource_tracker
from pathlib import Path

from ...running.children import PARENT
from ...running.ending import starting_deaf
from ...running.scratch import for_this_process, short
from .. import REPORTS

EPOCH = "1577836800"  # a fixed clock for whatever writes dates into outputs
FORKS = (
    sys.platform == "linux"
)  # Windows cannot fork, macOS not safely: there every process starts anew and imports for itself
LONGEST = 90  # bytes of a folder's name; a socket's own name comes on top
IMPORTED = (
    f"{__package__.rpartition('.report')[0]}.running.fork_server",  # first: it ends with us
    "ipykernel.kernelapp",
    f"{__package__}.execute",
    f"{__package__}.kernels",
    "scipy.stats",
)
WARM = "ONEXMODEL_WARM"  # the environment variable by which each/warm.py is told a language and reports
# Arrays of a report come and go by the hundred: what glibc gives back to the system each time is asked for again page by page.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 26),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 28),
    "MALLOC_TOP_PAD_": str(1 << 24),
}


def fixed_environment() -> None:
    """Settle the environment of the processes that this one starts; the order of sets is settled when a Python starts."""
    os.environ |= {"SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "0", "MPLBACKEND": "svg"} | MEMORY


@contextmanager
def own_places(scratch: Path) -> Iterator[None]:
    """For the processes begun in the block: what Jupyter and IPython keep lies in the run's own folder, not in a home that may not be there,
    may not be written to, or may hold start-up scripts of somebody's."""
    places = {"IPYTHONDIR": "ipython", "JUPYTER_RUNTIME_DIR": "jupyter"}
    before = {name: os.environ.get(name) for name in places}
    os.environ |= {name: str(scratch / folder) for name, folder in places.items()}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def context():
    """How the processes of a batch come about."""
    return get_context("forkserver" if FORKS else "spawn")


def import_ahead(names: Sequence[str] = REPORTS, language: str = "") -> None:
    """Settle the environment and begin the process that others are forked from, unless it runs; returns at once, while it imports what
    reports of these names need and, with a language, compiles what many of them are made with. It is deaf to a Ctrl-C: it ends with us."""
    fixed_environment()
    if not FORKS:
        return
    from multiprocessing import forkserver

    home = __package__.rpartition(".")[0]
    rooms = [f"{home}.{name}.report" for name in names]
    context().set_forkserver_preload([*IMPORTED, *rooms, f"{home}.each.warm"])
    _own_folder()
    os.environ |= {PARENT: str(os.getpid()), WARM: " ".join([language, *names])}
    try:
        resource_tracker.ensure_running()  # before: it would open our ears in the middle
        with starting_deaf():
            forkserver.ensure_running()
    finally:
        del os.environ[PARENT], os.environ[WARM]


def _own_folder() -> None:
    """multiprocessing keeps its socket in a folder that the next run knows and clears, should this one be killed."""
    config = process.current_process()._config  # type: ignore[attr-defined]
    if config.get("tempdir") is None:
        config["tempdir"] = str(for_this_process(short()))


def ready_to_fork() -> bool:
    """Whether this process is such a fork: one that began with this environment and may be forked again."""
    return FORKS and not sys.flags.hash_randomization
