"""`python -m benchmarks [--size county|prefecture] [PART ...]`; `make bench` measures all parts at county size."""

import argparse
from collections.abc import Callable

from benchmarks.accuracy import measure_accuracy
from benchmarks.beside import measure_beside
from benchmarks.checks import measure_checks
from benchmarks.files import measure_files
from benchmarks.map import measure_map
from benchmarks.pages import measure_pages
from benchmarks.queries import measure_queries
from benchmarks.registry import measure_registry
from benchmarks.start import measure_start
from benchmarks.walls import measure_walls

PARTS: dict[str, Callable[[str], None]] = {
    "queries": measure_queries,
    "pages": measure_pages,
    "files": measure_files,
    "registry": lambda _size: measure_registry(),
    "beside": measure_beside,
    "walls": measure_walls,
    "checks": measure_checks,
    "accuracy": lambda _size: measure_accuracy(),
    "map": lambda _size: measure_map(),
    "start": lambda _size: measure_start(),
}


def main() -> None:
    """Measure the parts that are named, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--size", choices=("county", "prefecture"), default="county")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    for part in asked.parts or PARTS:
        PARTS[part](asked.size)


if __name__ == "__main__":
    main()
