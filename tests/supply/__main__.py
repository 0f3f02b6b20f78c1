"""What the product stands on.

    python tests/supply licences    the licence of every pinned package that is installed, against tests/supply/licences.yaml (make licences)
    python tests/supply audit       what is known against their versions, by pip-audit in an environment of its own (make audit)

Exit code 1 where a licence is not on the list or a weakness is known; where nobody can be asked, a notice."""

from __future__ import annotations

import sys

from supply import audit, licences

COMMANDS = {"licences": licences, "audit": audit}


def main(argv: list[str]) -> int:
    """The commands named, or both."""
    if set(argv) - set(COMMANDS):
        print(__doc__, file=sys.stderr)
        return 2
    return max([COMMANDS[name]() for name in argv or COMMANDS])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
