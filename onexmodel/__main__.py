"""python -m onexmodel, and the command onexmodel."""

import atexit
import os
import signal
import sys

from .running.ending import SENTENCE, Ended, ends_when_asked


def main() -> int:
    """The command line, which can be asked to end from the first moment, while it still imports."""
    try:
        with ends_when_asked():
            from .cli import main

            code = main()
    except Ended as end:
        print(SENTENCE, file=sys.stderr, flush=True)
        os._exit(end.code)  # half an import is nothing to leave in good order
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # done: a Ctrl-C now has nothing to say
    if code > 128:  # asked to end: what is left in memory is not tidied up, which takes a second
        atexit._run_exitfuncs()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
