"""What the processes of a report find when they start: an environment in which two runs give the same bytes, and on Linux one process
that has imported what reports need and from which the others are forked."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing import get_context

from .. import REPORTS

EPOCH = "1577836800"  # a fixed clock for whatever writes dates into outputs
FORKS = (
    sys.platform == "linux"
)  # Windows cannot fork, macOS not safely: there every process starts anew and imports for itself
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


def context():
    """How the processes of a batch come about."""
    return get_context("forkserver" if FORKS else "spawn")


def import_ahead() -> None:
    """Begin the process that others are forked from; returns at once, while it imports. It is deaf to an interrupt: it ends with us."""
    if not FORKS:
        return
    from multiprocessing import forkserver

    context().set_forkserver_preload(list(IMPORTED))
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if main else None
    try:
        forkserver.ensure_running()
    finally:
        if main:
            signal.signal(signal.SIGINT, before)


def ready_to_fork() -> bool:
    """Whether this process is such a fork: one that began with this environment and may be forked again."""
    return FORKS and not sys.flags.hash_randomization
