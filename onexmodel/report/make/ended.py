"""Why a notebook was not executed to its end, in words for whoever asked for the report: what a cell ran into, what became of the kernel."""

from __future__ import annotations

import re
import signal
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from ...errors import Fault, visible, why_not

SECONDS = 600  # that a cell may take
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MOST = 300  # letters that are told of what a library says
KINDS = {
    "ArithmeticError": "算式无解",
    "AssertionError": "内部核对不通过",
    "AttributeError": "对象没有这一项",
    "FileNotFoundError": "没有这个文件",
    "ImportError": "缺少程序模块",
    "IndentationError": "程序缩进不对",
    "IndexError": "序号超出范围",
    "KeyError": "没有这一项",
    "KeyboardInterrupt": "被中断",
    "MemoryError": "内存不足",
    "ModuleNotFoundError": "缺少程序模块",
    "NameError": "用到没有定义的名称",
    "OSError": "系统不允许",
    "OverflowError": "数太大",
    "PermissionError": "没有权限",
    "RecursionError": "嵌套太深",
    "RuntimeError": "运行出错",
    "SyntaxError": "程序写法不对",
    "TimeoutError": "超时",
    "TypeError": "内容的类型不对",
    "UndefinedError": "模板缺少内容",
    "UnicodeDecodeError": "文字编码不对",
    "UnicodeEncodeError": "文字编码不对",
    "ValueError": "取值不对",
    "ZeroDivisionError": "除以零",
}
OTHERS = "程序出错"
AGAIN = "再试一次；仍然如此，请把这句话和所用的命令告诉提供产品的人"


def watched(manager: type[AsyncKernelManager], gone: list[int]) -> type[AsyncKernelManager]:
    """The class, whose kernels note in `gone` how they ended before anybody asked them to: the exit code, or minus the signal."""

    class Watched(manager):  # type: ignore[misc, valid-type]
        async def _async_is_alive(self) -> bool:
            alive = await super()._async_is_alive()
            process: Any = getattr(self.provisioner, "process", None)
            if not alive and process is not None and (code := process.poll()) is not None:
                gone.append(code)
            return alive

        is_alive = _async_is_alive

    return Watched


def of_cell(notebook: str, error: PapermillExecutionError) -> Fault:
    """What a cell ran into: our own errors speak Chinese and say it all, others are named by their kind."""
    said = visible(str(error.evalue)).strip().rstrip("。")
    where = f"（笔记本 {notebook} 第 {error.cell_index} 格）"
    if error.ename.endswith("Error") and CHINESE.search(said):
        return Fault("", said + where)
    what = f"{KINDS.get(error.ename, OTHERS)}{'：' * bool(said)}{said[:MOST]}"
    return Fault("", what + where, do=AGAIN)


def of_kernel(notebook: str, error: Exception, gone: list[int]) -> Fault:
    """Why the kernel did not answer to the end. `gone`: what `watched` noted."""
    where = f"笔记本 {notebook}"
    if isinstance(error, CellTimeoutError):
        do = "减少抽样（--draws），或只看一个省"
        return Fault(where, f"没有执行完：有一格 {SECONDS} 秒还没有算完", do=do)
    if isinstance(error, OSError):
        named = f"{error.filename}：" if error.filename else ""
        do = "腾出临时文件夹（TMPDIR）所在磁盘的空间，或给它写入的权限"
        return Fault(where, f"没有执行完：{named}{why_not(error)}", do=do)
    if gone and gone[0] == -signal.SIGTERM:
        return Fault(where, "没有执行完：执行它的进程被要求结束（信号 15）", do="再试一次")
    if gone and gone[0] in (-9, 137):
        what = "没有执行完：执行它的进程被系统或别的程序强行结束（信号 9），多半是内存不足"
        return Fault(
            where, what, do="关掉别的程序后再试；仍不行时减少抽样（--draws），或只看一个省"
        )
    if gone and gone[0] < 0:
        return Fault(where, f"没有执行完：执行它的进程崩溃（信号 {-gone[0]}）", do=AGAIN)
    if gone:
        what = f"没有执行完：执行它的进程自行退出（退出码 {gone[0]}）"
        return Fault(
            where, what, do="去掉笔记本里结束进程的语句（exit、os._exit）；没有改过，就再试一次"
        )
    if isinstance(error, DeadKernelError):
        return Fault(where, "没有执行完：执行它的进程中途停止", do=AGAIN)
    if isinstance(error, MemoryError):
        return Fault(where, "没有执行完：内存不足", do="关掉别的程序后再试")
    said = visible(str(error)).strip().rstrip("。")[:MOST]
    kind = KINDS.get(type(error).__name__, OTHERS)
    return Fault(where, f"没有执行完：{kind}{'：' * bool(said)}{said}", do=AGAIN)
