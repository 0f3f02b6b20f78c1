"""The command line. Exit codes: 0 done, 1 a fault in data, law or scenario (said in sentences), 2 wrong usage, 130 and 143 ended
by Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import os
import sys

from .. import __version__
from ..errors import OnexError, visible, what_then, why_not
from ..running.ending import SENTENCE, Ended, ends_when_asked
from . import ask, check, data, lab, law, many, reports, sharing, targets
from .options import Usage
from .terminal import show_what_can_be_shown

ABOUT = (
    "1+X 证书成本、经费与政策测算\nWhat 1+X certificates cost, who pays, and what a policy would change\n\n"
    "例 examples:\n  onexmodel report fee_cap --province 44 --scenario cap_plus_20\n  onexmodel run --data 我的数据 --out 结果\n"
    "  onexmodel parameters\n\n退出码 exit codes: 0 完成 done · 1 数据、法规或情景有问题 fault · 2 用法不对 usage"
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; faults are printed as sentences on stderr."""
    show_what_can_be_shown()
    commands = parser()
    given = sys.argv[1:] if argv is None else argv
    if slip := next(
        (one for one in given if one.endswith("=--")), ""
    ):  # argparse makes a list of it
        commands.error(f"{slip}：取值不能是 --")
    arguments = commands.parse_args(given)
    try:
        with ends_when_asked():
            return arguments.command(arguments)
    except Usage as error:
        print(error, file=sys.stderr)
        return 2
    except OnexError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has closed it: nothing is wrong
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        named = visible(str(error.filename or "文件"))
        print(f"{named}：{why_not(error)}。{what_then(error)}。", file=sys.stderr)
        return 1
    except KeyboardInterrupt as end:
        print(SENTENCE, file=sys.stderr)
        return end.code if isinstance(end, Ended) else 130


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    made = argparse.ArgumentParser(
        "onexmodel", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--version", action="version", version=__version__)
    commands = made.add_subparsers(required=True, metavar="命令 COMMAND")
    for part in (reports, check, data, ask, targets, sharing, many, law, lab):
        part.add(commands)
    return made
