"""`python -m topics` and the console script `topics`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; return its exit code."""
    from topics.cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
