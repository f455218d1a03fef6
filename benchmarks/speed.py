"""How fast: ours against peers, in turn in one run.

    python benchmarks/speed.py terms                counting terms and TF-IDF, beside scikit-learn's TfidfVectorizer
    python benchmarks/speed.py classify [SET ...]   training from files to an artifact, and text to label
    python benchmarks/speed.py segment              cutting pages: megabytes a second, and how time grows with the page
    python benchmarks/speed.py lda                  latent topics beside tomotopy, gensim and scikit-learn

Each command has its own --help. Ratios count, seconds do not: another process on the machine moves both sides.
"""

from __future__ import annotations

import importlib
import sys

#: A command is a module beside this one, with a function `main(arguments)`.
COMMANDS = {"terms": "speed_terms", "classify": "speed_classify", "segment": "speed_segment", "lda": "lda"}


def main() -> None:
    """Hand over to the command's own file."""
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        raise SystemExit(f"{__doc__}\ncommands: {', '.join(COMMANDS)}")
    importlib.import_module(COMMANDS[sys.argv[1]]).main(sys.argv[2:])


if __name__ == "__main__":
    main()
