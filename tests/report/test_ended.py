"""Why a report was not made is said in words: what became of the kernel, what a cell ran into; no name of a Python class, no wrong advice."""

import asyncio
import errno
import re
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from onexmodel.errors import ReportError
from onexmodel.report.make.ended import KINDS, of_cell, of_kernel, watched
from onexmodel.report.make.execute import execute

RAW = re.compile(r"[A-Za-z]*(Error|Exception|Interrupt)\b")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-9, "强行结束（信号 9），多半是内存不足。关掉别的程序后再试"),
        (-11, "崩溃（信号 11）"),
        (-15, "被要求结束（信号 15）"),
        (3, "自行退出（退出码 3）"),
        (0, "自行退出（退出码 0）"),
    ],
)
def test_what_became_of_the_kernel_is_said(code, words):
    said = str(of_kernel("n", DeadKernelError("Kernel died"), [code]))
    assert said.startswith("笔记本 n：没有执行完：") and words in said
    assert not RAW.search(said) and "小一点的数据" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DeadKernelError("Kernel died"), "中途停止"),
        (CellTimeoutError("A cell timed out"), "有一格 600 秒还没有算完"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/proc/.ipython"),
            "/proc/.ipython：没有",
        ),
        (MemoryError(), "内存不足"),
        (RuntimeError("Kernel didn't respond in 120 seconds"), "运行出错：Kernel didn't respond"),
        (type("OddError", (Exception,), {})("x" * 9999), "程序出错：xxx"),
    ],
)
def test_the_real_cause_is_said(error, words):
    said = str(of_kernel("n", error, []))
    assert words in said and not RAW.search(said) and "小一点的数据" not in said and len(said) < 500


@pytest.mark.parametrize("name", [*KINDS, "FooError", "SystemExit"])
def test_what_a_cell_ran_into_is_named_in_chinese(name):
    said = str(of_cell("n", SimpleNamespace(ename=name, evalue="x\x1b[2J", cell_index=4)))
    assert "（笔记本 n 第 4 格）" in said and not RAW.search(said) and said.isprintable()
    assert re.match("[\u4e00-\u9fff]", said)


def test_our_own_errors_are_repeated_as_they_are():
    error = PapermillExecutionError(4, 4, "", "ScenarioError", "s.yaml 第 2 行：不是日期。", [])
    assert str(of_cell("n", error)) == "s.yaml 第 2 行：不是日期（笔记本 n 第 4 格）。"


def test_a_kernel_that_is_gone_is_noted_with_its_code():
    class Gone(AsyncKernelManager):
        async def _async_is_alive(self):
            return False

    gone = []
    manager = watched(Gone, gone)()
    manager.provisioner = SimpleNamespace(process=SimpleNamespace(poll=lambda: -9))
    assert asyncio.run(manager.is_alive()) is False and gone == [-9]


def test_a_killed_kernel_is_told_as_killed(tmp_path):
    """The whole way once: a notebook whose process the system ends."""
    path = tmp_path / "n.ipynb"
    cell = nbformat.v4.new_code_cell("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), path)
    with pytest.raises(ReportError, match="强行结束（信号 9）"):
        execute(path, {"b": 1}, tmp_path)
