"""Files that others give us: what is no ordinary file is never opened (a pipe may hang, a device has no end), and is told as a sentence."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

WHY = {
    errno.EACCES: ("没有读取的权限，或正被别的程序占用", "关闭占用它的程序，改权限，或复制到别处"),
    errno.EPERM: ("没有读取的权限", "改权限，或复制到别处"),
    errno.ELOOP: ("是链接，绕一圈指向了自己", "把文件本身放在这里"),
    errno.ENAMETOOLONG: ("名字太长", "改一个短的名字"),
    errno.EIO: ("磁盘读不出这个文件", "换一份完好的文件"),
    errno.ENOTDIR: ("路径中有一段是文件，不是文件夹", "核对路径"),
}


def unreadable(path: Path) -> tuple[str, str] | None:
    """(what is wrong, what to do) of what is no ordinary file that can be opened; None of one that is. Nothing is opened but it."""
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            return "是文件夹，不是文件", "给出文件本身"
        if not stat.S_ISREG(kind):
            return "是管道或设备，不是普通文件", "先存成文件再用"
        with open(path, "rb"):
            return None
    except FileNotFoundError:
        if os.path.lexists(path):
            return "是链接，指向的文件不在了", "把文件本身放在这里，或删去这个链接"
        return "没有这个文件", "核对路径"
    except (OSError, ValueError) as error:  # ValueError: NUL in the name
        return why_unread(error)


def why_unread(error: OSError | ValueError) -> tuple[str, str]:
    """(what is wrong, what to do) of a file that the system does not let us read."""
    number = getattr(error, "errno", None)
    if number is None:
        return "路径里有不能用的字符", "核对路径"
    return WHY.get(number, (f"系统不让读（错误 {number}）", "换一个位置，或换一份文件"))
