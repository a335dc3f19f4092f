"""Tiles from a file: PMTiles written by another program, MBTiles made here, and files that are neither.

files/small.pmtiles was written with the package pmtiles 3.8.1: zooms 0 to 2, each image a PNG signature and its own name.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProblemError
from geo.tile_files import Tile, _tile_number, read_tile

PNG = b"\x89PNG\r\n\x1a\n"
SMALL = Path(__file__).parent / "files" / "small.pmtiles"


@pytest.mark.parametrize(
    ("z", "x", "y", "name"),
    [(0, 0, 0, b"0/0/0"), (1, 0, 0, b"1/0/0"), (1, 0, 1, b"sea"), (1, 1, 1, b"sea"), (2, 3, 1, b"2/3/1"), (2, 3, 2, b"2/3/2")],
)
def test_pmtiles_hold_what_was_written(z: int, x: int, y: int, name: bytes) -> None:
    assert read_tile(SMALL, z, x, y) == Tile(PNG + name, "image/png")


@pytest.mark.parametrize(("z", "x", "y"), [(1, 1, 0), (2, 0, 0), (3, 1, 1), (-1, 0, 0), (1, 2, 0), (1, 0, -1), (99, 0, 0)])
def test_what_a_file_does_not_hold_is_nothing(z: int, x: int, y: int) -> None:
    assert read_tile(SMALL, z, x, y) is None


def mbtiles(path: Path, content: bytes) -> Path:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)")
        file.execute("INSERT INTO tiles VALUES (3, 6, 1, ?)", (content,))
    return path


def test_mbtiles_count_rows_from_the_south(tmp_path: Path) -> None:
    file = mbtiles(tmp_path / "a county.mbtiles", PNG + b"3/6/6")
    assert read_tile(file, 3, 6, 6) == Tile(PNG + b"3/6/6", "image/png")
    assert read_tile(file, 3, 6, 1) is None


@pytest.mark.parametrize(("start", "kind"), [(b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF\x00\x00\x00\x00WEBP", "image/webp")])
def test_kinds_of_images(tmp_path: Path, start: bytes, kind: str) -> None:
    tile = read_tile(mbtiles(tmp_path / "x.mbtiles", start), 3, 6, 6)
    assert tile is not None
    assert tile.media_type == kind


def test_vector_tiles_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as refused:
        read_tile(mbtiles(tmp_path / "streets.mbtiles", b"\x1f\x8b\x08"), 3, 6, 6)
    assert "streets.mbtiles" in refused.value.say("zh")


@pytest.mark.parametrize("name", ["x.mbtiles", "x.pmtiles"])
@pytest.mark.parametrize(
    "content", [b"", b"not tiles", b"PMTiles\x02" + bytes(200), b"PMTiles\x03" + b"\xff" * 200, SMALL.read_bytes()[:140]]
)
def test_broken_files_say_so(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ProblemError) as refused:
        read_tile(file, 1, 0, 0)
    assert refused.value.key == "map.tiles.broken"


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProblemError):
        read_tile(tmp_path / "gone.pmtiles", 0, 0, 0)


@given(st.integers(0, 9), st.data())
def test_neighbours_on_the_curve_are_neighbours_on_the_map(z: int, data: st.DataObject) -> None:
    """The Hilbert curve visits every tile of a zoom once and never jumps."""
    side = min(1 << z, 16)
    numbers = {_tile_number(z, x, y): (x, y) for x in range(side) for y in range(side)}
    assert len(numbers) == side * side
    number = data.draw(st.sampled_from(sorted(numbers)))
    if number + 1 in numbers:
        (x, y), (next_x, next_y) = numbers[number], numbers[number + 1]
        assert abs(x - next_x) + abs(y - next_y) == 1
