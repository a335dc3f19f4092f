"""Basemap tiles from one file on our own machine: MBTiles (SQLite) or PMTiles 3, raster images only.

Formats: MBTiles 1.3 (rows counted from the south) and PMTiles 3 (tiles numbered along a Hilbert curve, directories of
varints). Vector tiles would need a style and a renderer in the browser; they are refused by name.
"""

import gzip
import sqlite3
import struct
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from domain.errors import ProblemError

_IMAGES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
_DEEPEST = 26  # zoom
_PMTILES_HEADER = struct.Struct("<7sB11Q6B")
_GZIP = 2
_MAX_DIRECTORY = 1 << 24  # bytes; real ones are far smaller


@dataclass(frozen=True)
class Tile:
    """One image of 256 x 256 or 512 x 512 pixels."""

    content: bytes
    media_type: str


def read_tile(path: Path, z: int, x: int, y: int) -> Tile | None:
    """The tile at zoom `z`, column `x`, row `y` (from the north) of the file; None where it has none.

    Raises ProblemError when the file is neither format, is broken, or holds something other than PNG, JPEG or WebP.
    """
    if not (0 <= z <= _DEEPEST and 0 <= x < 1 << z and 0 <= y < 1 << z):
        return None
    try:
        content = _read_pmtiles(path, z, x, y) if path.suffix.lower() == ".pmtiles" else _read_mbtiles(path, z, x, y)
    except (sqlite3.Error, OSError, struct.error, EOFError, IndexError, ValueError) as error:
        raise ProblemError("map.tiles.broken", name=path.name) from error
    if content is None:
        return None
    media_type = next((kind for start, kind in _IMAGES.items() if content.startswith(start)), None)
    if media_type is None:
        raise ProblemError("map.tiles.not_images", name=path.name)
    return Tile(content, media_type)


def _read_mbtiles(path: Path, z: int, x: int, y: int) -> bytes | None:
    wanted = "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        found = file.execute(wanted, (z, x, (1 << z) - 1 - y)).fetchone()
    return bytes(found[0]) if found else None


@dataclass(frozen=True)
class _Directory:
    """Entries of one PMTiles directory, sorted by the number of their first tile."""

    first: tuple[int, ...]
    runs: tuple[int, ...]  # how many tiles in a row are this one; 0: the entry is another directory
    lengths: tuple[int, ...]
    offsets: tuple[int, ...]


def _read_pmtiles(path: Path, z: int, x: int, y: int) -> bytes | None:
    number = _tile_number(z, x, y)
    with path.open("rb") as file:
        magic, version, *places = _PMTILES_HEADER.unpack(file.read(_PMTILES_HEADER.size))
        if magic != b"PMTiles" or version != 3:
            raise ValueError("not PMTiles 3")
        offset, length, _, _, leaves, _, tiles = places[:7]
        packed = places[12] == _GZIP
        for _ in range(4):  # the root and at most three directories below it
            found = _find(_parse_directory(_read_at(file, offset, length), packed), number)
            if found is None:
                return None
            run, length, offset = found
            if run:
                return _read_at(file, tiles + offset, length)
            offset += leaves
    raise ValueError("directories too deep")


def _read_at(file: BinaryIO, offset: int, length: int) -> bytes:
    if length > _MAX_DIRECTORY:
        raise ValueError("too long")
    file.seek(offset)
    return file.read(length)


def _find(directory: _Directory, number: int) -> tuple[int, int, int] | None:
    """Run, length and offset of the entry that holds the tile."""
    place = bisect_right(directory.first, number) - 1
    if place < 0 or (directory.runs[place] and number >= directory.first[place] + directory.runs[place]):
        return None
    return directory.runs[place], directory.lengths[place], directory.offsets[place]


@lru_cache(maxsize=64)
def _parse_directory(content: bytes, packed: bool) -> _Directory:
    count, *numbers = _read_varints(gzip.decompress(content) if packed else content)
    steps, runs, lengths, stated = (tuple(numbers[part * count : (part + 1) * count]) for part in range(4))
    offsets: list[int] = []
    for place in range(count):  # stated 0: right behind the entry before
        offsets.append(stated[place] - 1 if stated[place] else offsets[place - 1] + lengths[place - 1])
    return _Directory(tuple(accumulate(steps)), runs, lengths, tuple(offsets))


def _read_varints(content: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in content:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0


def _tile_number(z: int, x: int, y: int) -> int:
    """All tiles of the zooms above, then the place on the Hilbert curve of this one."""
    number = ((1 << 2 * z) - 1) // 3
    side = 1 << z >> 1
    while side:
        east, south = bool(x & side), bool(y & side)
        number += side * side * ((3 * east) ^ south)
        if not south:
            if east:
                x, y = side - 1 - (x & (side - 1)), side - 1 - (y & (side - 1))
            x, y = y, x
        side >>= 1
    return number
