"""Workbooks as they come from schools, messy but right, and such as must be refused; each with its known outcome.

`python -m tests.corpus.build FOLDER` writes them all.
"""

import sys
from pathlib import Path

from tests.corpus.messy import FLAGGED, MESSY
from tests.corpus.wrong import WRONG

SPECIMENS = [*MESSY, *FLAGGED, *WRONG]


def write_corpus(folder: Path) -> None:
    """Write every specimen into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for specimen in SPECIMENS:
        (folder / specimen.name).write_bytes(specimen.make())


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]))
