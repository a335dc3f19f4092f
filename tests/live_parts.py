"""What may start or fetch something in a document, found by name: formulas, fields, links, scripts, things of elsewhere."""

import io
import re
import zipfile
import zlib

OFFICE = re.compile(
    rb"<f[ >]|<hyperlink|<script|<w:instrText|<w:fldSimple|<w:hyperlink|<w:object|oleObject|TargetMode=\"External\""
)
PDF = re.compile(rb"/(JavaScript|JS|URI|Launch|OpenAction|AA|EmbeddedFile|SubmitForm|GoToR|RichMedia)\b")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def live_parts(content: bytes) -> set[str]:
    """The live things in a PDF, a DOCX or an XLSX; empty when it is words and numbers only."""
    if content.startswith(b"%PDF"):
        return {found.group().decode() for part in (content, *_streams(content)) for found in PDF.finditer(part)}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return {found.group().decode() for name in parts.namelist() for found in OFFICE.finditer(parts.read(name))}


def _streams(content: bytes) -> list[bytes]:
    """What a PDF holds packed: its objects may lie there too."""
    found = []
    for stream in STREAM.findall(content):
        try:
            found.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return [one for one in found if b"/Type" in one]
