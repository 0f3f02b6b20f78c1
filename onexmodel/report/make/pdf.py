"""A report as PDF, printed by the Chromium that is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ...errors import Fault, ReportError
from ...places import package_file, whole
from ...running.scratch import temporary
from .process_setup import EPOCH

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "msedge",
    "microsoft-edge",
)
SECONDS = 120
PRINTED_AT = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}")


def browser() -> str:
    """The browser's path. Raises ReportError naming the way without one."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    if not found:
        raise ReportError(
            Fault(
                "--pdf",
                "这台电脑上没有找到 Chromium、Chrome 或 Edge",
                do="用任一浏览器打开 HTML 报告，打印时选“另存为 PDF”；或安装其一后再试",
            )
        )
    return found


def write_pdf(page: Path, browser_path: str) -> Path:
    """`page` as PDF beside it, whole or not at all. Raises ReportError where the browser gives none."""
    target = page.with_suffix(".pdf")
    with whole(target) as made, temporary() as profile:
        command = [
            browser_path,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-extensions",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
            page.absolute().as_uri(),
        ]
        try:
            code = _kept(command, {**os.environ, "TMPDIR": str(profile)})
        except subprocess.TimeoutExpired:
            raise ReportError(
                Fault(
                    f"{page.name} 的 PDF",
                    f"浏览器 {SECONDS} 秒没有完成",
                    do="在浏览器里打开报告并打印",
                )
            ) from None
        if code or not made.exists():
            raise ReportError(
                Fault(f"{page.name} 的 PDF", "浏览器没有写出文件", do="在浏览器里打开报告并打印")
            )
        made.write_bytes(undated(made.read_bytes()))
    return target


def undated(pdf: bytes) -> bytes:
    """The same file with the fixed clock in place of the moment of printing: two runs give the same bytes. What it replaces is as long, so
    that every offset in the file holds."""
    clock = datetime.fromtimestamp(int(EPOCH), UTC).strftime("%Y%m%d%H%M%S")
    return PRINTED_AT.sub(rb"\g<1>" + clock.encode(), pdf)


def _kept(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """The command's exit code. It and all it starts are gone when this is left, however it is left, or when this process is gone."""
    keeper = [sys.executable, "-I", "-S", str(package_file("running", "keeper.py"))]
    with subprocess.Popen(
        [*keeper, *command],
        stdin=subprocess.PIPE,  # what it is held by
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as started:
        return started.wait(SECONDS)
