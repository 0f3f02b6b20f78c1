"""A program of its own, run by its path without the package: start the command that is given, end as it ends, and kill it with all it
has started when our input is closed, that is, when the one who began us lets go or is gone (a browser would go on printing)."""

import contextlib
import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """The command's exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # at the terminal: for the one who began us
    alone = {} if os.name == "nt" else {"start_new_session": True}  # a group to be killed whole
    started = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, **alone)  # type: ignore[call-overload]

    def end(*_) -> None:
        if os.name == "nt":
            started.kill()
        else:
            os.killpg(started.pid, signal.SIGKILL)
        os._exit(1)

    def let_go() -> None:
        while os.read(0, 1024):
            pass
        end()

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=let_go, daemon=True).start()
    code = started.wait()
    if os.name != "nt":
        with contextlib.suppress(
            ProcessLookupError
        ):  # none of its helpers is left, as it should be
            os.killpg(started.pid, signal.SIGKILL)
    return code


if __name__ == "__main__":
    os._exit(main() & 255)
