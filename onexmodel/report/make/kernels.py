"""A kernel that starts warm: a process of its own, forked before its report begins from one that has imported what reports need and
done nothing else. It knows of no other notebook: each has a fork of its own."""

from __future__ import annotations

import gc
import os
import signal
import sys
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from ...running.children import dies_with

LAUNCHER = "ipykernel_launcher"
GARBAGE = 500_000  # objects between two searches for garbage (Python: 700, or 2,000): a report makes millions and lives for seconds


def kernel_ahead() -> type[AsyncKernelManager]:
    """Fork a kernel from this process, which must not have begun anything yet (a thread, a socket), and give the manager class that
    tells it where to listen. A kernel that is not this Python's own ipykernel is launched as Jupyter always does."""
    orders, sender = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(
        target=_kernel, args=(orders, sender, os.getpid()), daemon=True
    )
    process.start()
    orders.close()

    class Manager(AsyncKernelManager):
        async def _async_pre_start_kernel(self, **given):
            if self.provisioner is None:
                self.provisioner = _Forked(
                    parent=self, kernel_id=self.kernel_id, kernel_spec=self.kernel_spec
                )
                self.provisioner.ahead = _Started(process, sender)
            return await super()._async_pre_start_kernel(**given)

    return Manager


class _Forked(LocalProvisioner):
    """`ahead`: the process that waits to become the kernel."""

    ahead: _Started

    async def launch_kernel(self, cmd, **given):
        if LAUNCHER not in cmd or not os.path.samefile(cmd[0], sys.executable):
            return await super().launch_kernel(cmd, **given)
        self.ahead.sender.send(
            (cmd[cmd.index(LAUNCHER) + 1 :], given["env"], given.get("cwd") or os.getcwd())
        )
        # jupyter_client declares a Popen; what it asks of one _Started has
        self.process = self.ahead  # type: ignore[assignment]
        self.pid, self.pgid = self.ahead.pid, None
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        if (
            signum != signal.SIGINT or self.parent is None or not self.parent.shutting_down
        ):  # no interrupt to what is killed next: it would only complain
            await super().send_signal(signum)


class _Started:
    """A multiprocessing.Process by the names that a subprocess.Popen has."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess, sender: Connection):
        self.process, self.sender, self.pid = process, sender, process.pid
        self.kill, self.terminate = process.kill, process.terminate

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, signum: int) -> None:
        if self.pid is not None:  # a process has a number once it is started
            os.kill(self.pid, signum)


def _kernel(orders: Connection, sender: Connection, parent: int) -> None:
    """In the forked process: wait for the order, then be the kernel; end where the other side ends without one."""
    sender.close()
    dies_with(parent)
    try:
        arguments, environment, folder = orders.recv()
    except EOFError:
        return
    from ipykernel.kernelapp import IPKernelApp

    gc.freeze()  # what was imported stays to the end: not worth looking through again and again
    gc.set_threshold(GARBAGE, 20, 20)
    os.setsid()  # an interrupt at the terminal is for the command, which then ends its kernels
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    IPKernelApp.launch_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
