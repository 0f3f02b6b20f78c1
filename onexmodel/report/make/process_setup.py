"""What the processes of a report find when they start: an environment in which two runs give the same bytes, and on Linux one process
that has imported what reports need and from which the others are forked."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from .. import REPORTS

EPOCH = "1577836800"  # a fixed clock for whatever writes dates into outputs
FORKS = (
    sys.platform == "linux"
)  # Windows cannot fork, macOS not safely: there every process starts anew and imports for itself
LONGEST = 90  # bytes of a folder's name; a socket's own name comes on top
SHORT = ("/tmp", "/var/tmp", "/dev/shm")  # where folders of sockets go whose name would be too long
IMPORTED = (
    "ipykernel.kernelapp",
    f"{__package__}.execute",
    f"{__package__}.kernels",
    "scipy.stats",
    *(f"{__package__.rpartition('.')[0]}.{name}.report" for name in REPORTS),
)


def fixed_environment() -> None:
    """Settle the environment of the processes that this one starts; the order of sets is settled when a Python starts."""
    os.environ |= {"SOURCE_DATE_EPOCH": EPOCH, "PYTHONHASHSEED": "0", "MPLBACKEND": "svg"}


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


@contextmanager
def for_sockets(scratch: Path) -> Iterator[Path | None]:
    """A folder whose name is short enough for sockets: `scratch`, else one of its own in a usual place, gone when the block ends; None
    where no such place can be written to (and on Windows, which has none)."""
    if os.name == "nt":
        yield None
    elif fits_a_socket(scratch):
        yield scratch
    elif not (places := [one for one in SHORT if os.access(one, os.W_OK | os.X_OK)]):
        yield None
    else:
        with tempfile.TemporaryDirectory(prefix="onexmodel-", dir=places[0]) as short:
            yield Path(short)


def fits_a_socket(folder: Path | str) -> bool:
    """Whether a socket in it can be named: systems take 104 to 108 bytes."""
    return len(os.fsencode(folder)) <= LONGEST


def context():
    """How the processes of a batch come about."""
    return get_context("forkserver" if FORKS else "spawn")


def import_ahead() -> None:
    """Begin the process that others are forked from; returns at once, while it imports. It is deaf to an interrupt: it ends with us."""
    if not FORKS:
        return
    from multiprocessing import forkserver

    _short_listener()
    context().set_forkserver_preload(list(IMPORTED))
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        forkserver.ensure_running()
    finally:
        if main:
            signal.signal(signal.SIGINT, before)


def _short_listener() -> None:
    """Have multiprocessing make its folder, which holds the socket it listens at, where its name is short enough. It is made once."""
    from multiprocessing import util

    usual = tempfile.gettempdir()
    if fits_a_socket(f"{usual}/pymp-12345678/listener-12345678"):
        return
    tempfile.tempdir = next((one for one in SHORT if os.access(one, os.W_OK | os.X_OK)), usual)
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = usual


def ready_to_fork() -> bool:
    """Whether this process is such a fork: one that began with this environment and may be forked again."""
    return FORKS and not sys.flags.hash_randomization
