"""Commands in processes of their own that are asked to end, and what they leave running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARK = "ONEXMODEL_TEST"  # in the environment of all that is started


class Started:
    """A program in a session of its own, whose output is kept; `mark`: one for each."""

    def __init__(self, words, folder: Path):
        self.mark = f"{folder}/marked"
        self.said = folder / "said"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, *map(str, words)],
                cwd=ROOT,
                env={
                    **os.environ,
                    "PYTHONPATH": str(ROOT),
                    "TMPDIR": str(folder),
                    MARK: self.mark,
                },
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                # a shell's background job begins with Ctrl-C ignored, and so would this
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def wait_for(self, seen, seconds: float = 120) -> None:
        """Until seen(what was said so far); fails where the program ends or takes longer."""
        end = time.monotonic() + seconds
        while not seen(self.text()):
            assert self.process.poll() is None and time.monotonic() < end, self.text()
            time.sleep(0.02)

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def end(self, number: int, group: bool = False) -> tuple[int, float]:
        """Exit code and seconds until then."""
        asked = time.monotonic()
        (os.killpg if group else os.kill)(self.process.pid, number)
        try:
            return self.process.wait(60), time.monotonic() - asked
        finally:
            if self.process.poll() is None:
                self.process.kill()

    def alive(self) -> list[int]:
        """The numbers of all that was started and runs, this one among them."""
        return [
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self._ours(pid)
        ]

    def _ours(self, pid: int) -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            return state != "Z" and f"{MARK}={self.mark}".encode() in environment.split(b"\0")
        except OSError:
            return False

    def gone(self, seconds: float = 5) -> bool:
        """Whether nothing is left within that time; what is, is killed."""
        end = time.monotonic() + seconds
        while self.alive() and time.monotonic() < end:
            time.sleep(0.02)
        left = self.alive()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return not left
