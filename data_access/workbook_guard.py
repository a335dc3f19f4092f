"""What a workbook must pass before any parser sees it.

The checks need only the bytes: no XML is parsed, nothing is unpacked to disk. They run in the reading child (`workbook_child`),
under its memory and time limits, because even a zip directory can be made to hurt. Each refusal is a `WorkbookError`.
"""

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import ProblemError
from domain.terms import Lang, say


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be, and how much the reading child may use.

    `rows`, `columns` and `cells` (rows x columns of the used area) hold for each sheet; `ratio` is unpacked : packed of one part.
    `memory_bytes` is the child's address space, `seconds` its processor time; it is ended after twice that on the clock.
    """

    file_bytes: int = 20 * 1024**2
    entries: int = 2_000
    unpacked_bytes: int = 300 * 1024**2
    ratio: int = 200
    sheets: int = 100
    rows: int = 100_000
    columns: int = 256
    cells: int = 5_000_000
    memory_bytes: int = 1024**3
    seconds: int = 30


LIMITS = Limits()


class FileKind(StrEnum):
    """What the bytes are, whatever the name says."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


class WorkbookError(ProblemError):
    """A workbook that is not read, or a cell that cannot be used: where it is, what is wrong, how to mend it.

    `params` may hold `file` (base name), `sheet` and `cell` ("C7"); the words of the mend stand under `<key>.mend`.
    """

    def where(self) -> str:
        """File, sheet and cell, as far as they are known."""
        return " › ".join(str(self.params[part]) for part in ("file", "sheet", "cell") if self.params.get(part))

    def message(self, lang: Lang = "zh") -> str:
        """What is wrong, without where and how to mend it."""
        return say(self.key, lang, **self.params)

    def mend(self, lang: Lang = "zh") -> str:
        """What the clerk can do about it."""
        return say(f"{self.key}.mend", lang, **self.params)

    def say(self, lang: Lang = "zh") -> str:
        place, colon, gap = self.where(), *((": ", " ") if lang == "en" else ("：", ""))
        return f"{place}{colon if place else ''}{self.message(lang)}{gap}{self.mend(lang)}"


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
BOMS = re.compile(rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff")
NO_TEXT = (b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b")
MARKUP = re.compile(rb"\s*(?:<[!?a-z]|mime-version:)", re.IGNORECASE)
WORKBOOK_TYPE = re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml")
END_RECORD = b"PK\x05\x06"
ENCRYPTED_FLAG = 1
SMALL_PART = 1024**2


def check_file(data: bytes, limits: Limits = LIMITS) -> FileKind:
    """The kind of the file, after every check that kind has.

    Raises WorkbookError: empty, too large, no workbook at all, a web page named like one, encrypted, with macros, broken,
    packed to burst (entries, total, ratio), or with a document type declaration (entity bombs, outside references).
    """
    if len(data) > limits.file_bytes:
        raise WorkbookError("workbook.too_large", megabytes=limits.file_bytes // 1024**2)
    kind = _find_kind(data)
    if kind is FileKind.XLSX:
        check_zip(data, limits)
    elif kind is FileKind.XLS:
        _check_ole(data)
    return kind


def _find_kind(data: bytes) -> FileKind:
    if not data.strip():
        raise WorkbookError("workbook.empty")
    if data.startswith(OLE):
        return FileKind.XLS
    if data.startswith(ZIP):
        return FileKind.XLSX
    if data.startswith(NO_TEXT):
        raise WorkbookError("workbook.unknown_kind")
    if MARKUP.match(BOMS.sub(b"", data[:2048], count=1).replace(b"\0", b"")):
        raise WorkbookError("workbook.web_page")
    return FileKind.CSV


def _check_ole(data: bytes) -> None:
    if _has_ole_entry(data, "EncryptedPackage"):
        raise WorkbookError("workbook.encrypted")
    if _has_ole_entry(data, "_VBA_PROJECT_CUR") or _has_ole_entry(data, "_VBA_PROJECT"):
        raise WorkbookError("workbook.macro")
    if not (_has_ole_entry(data, "Workbook") or _has_ole_entry(data, "Book")):
        raise WorkbookError("workbook.unknown_kind" if _has_ole_entry(data, "WordDocument") else "workbook.broken")


def _has_ole_entry(data: bytes, name: str) -> bool:
    """Whether a compound file lists `name`: an entry is the name padded to 64 bytes, then its length (MS-CFB 2.6.1)."""
    return name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) in data


def check_zip(data: bytes, limits: Limits = LIMITS) -> None:
    """Refuse a zip that is broken, packed to burst, encrypted, no XLSX, or carries macros or document type declarations."""
    _check_entry_count(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            _check_sizes(parts, limits)
            _check_names({part.filename for part in parts})
            for part in parts:
                _check_part(part.filename, packed.read(part))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error, zlib.error) as broken:
        raise WorkbookError("workbook.broken") from broken


def _check_entry_count(data: bytes, limits: Limits) -> None:
    """Look at the end record alone: listing a million entries would already cost a gigabyte."""
    end = data.rfind(END_RECORD, max(0, len(data) - 65_557))
    if end < 0 or len(data) - end < 22:
        raise WorkbookError("workbook.broken")
    count, directory_bytes = struct.unpack_from("<HI", data, end + 10)
    if count > limits.entries or directory_bytes > limits.entries * 512:
        raise WorkbookError("workbook.bomb")


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise WorkbookError("workbook.encrypted")
    swollen = (part for part in parts if part.file_size > max(SMALL_PART, part.compress_size * limits.ratio))
    if sum(part.file_size for part in parts) > limits.unpacked_bytes or any(swollen):
        raise WorkbookError("workbook.bomb")


def _check_names(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise WorkbookError("workbook.macro")
    if "xl/workbook.bin" in names or "[Content_Types].xml" not in names:
        raise WorkbookError("workbook.unknown_kind")


def _check_part(name: str, content: bytes) -> None:
    if name.startswith("xl/media/"):
        return
    if name == "[Content_Types].xml" and b"macroEnabled" in content:
        raise WorkbookError("workbook.macro")
    if name == "[Content_Types].xml" and not WORKBOOK_TYPE.search(content):
        raise WorkbookError("workbook.unknown_kind")
    is_xml = name.endswith((".xml", ".rels", ".vml"))
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or (is_xml and b"\0" in content):
        raise WorkbookError("workbook.doctype")
