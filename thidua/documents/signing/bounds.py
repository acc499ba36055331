"""Bounds on what a PDF from outside may make the parser do (T14).

pyHanko limits what streams unpack to, but follows a cross-reference stream whose entries have no width
for as long as the file says, and enumerates every path through a file's objects, of which a few
thousand bytes can hold more than there are atoms. Both are stopped here, without touching pyHanko.
"""

import io
from typing import Any

from pyhanko.pdf_utils.decode_limits import (
    DecodeLimits,
    DocumentDecodeBudget,
    StreamDecodeLimits,
)
from pyhanko.pdf_utils.generic import DictionaryObject, Reference, StreamObject, TrailerReference
from pyhanko.pdf_utils.misc import PdfReadError, skip_over_whitespace
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, process_data_at_eof
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.pdf_utils.xref import XRefBuilder

MIB = 1024 * 1024
MOST_OBJECTS = 50_000
MOST_REVISIONS = 200
MOST_STEPS = 30_000
_ENTRY_LENGTH = 20
_WIDEST_ENTRY = 8

# A stream may unpack to 16 MB, all together to 64 MB: lists, certificates, cross references.
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_ratio=200, max_output_size=16 * MIB),
    document_budget=DocumentDecodeBudget(base_allowance=64 * MIB, max_ratio=3),
)


class TooMuchError(Exception):
    """The file asks for more work than any paper of ours needs."""


def check_cross_references(data: bytes) -> None:
    """Walks the chain of cross references without reading entries; raises when it is unbounded."""
    stream = io.BytesIO(data)
    stream.seek(-1, io.SEEK_END)
    start = process_data_at_eof(stream)
    _Walker(_Nothing(), stream, strict=True, last_startxref=start).read_xrefs()  # type: ignore[no-untyped-call]


class BoundedResolver(HistoricalResolver):
    """One revision of a file, of whose objects only so many are looked at."""

    def __init__(self, reader: PdfFileReader, revision: int) -> None:
        super().__init__(reader, revision)
        self._steps = 0

    def __call__(self, ref: Reference) -> Any:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMuchError("too many paths through the objects of the file")
        return super().__call__(ref)


class _Walker(XRefBuilder):
    """Goes from section to section; counts what each one announces."""

    _announced = 0
    _sections = 0

    def _announce(self, entries: int) -> None:
        self._sections += 1
        self._announced += entries
        if entries < 0 or self._announced > MOST_OBJECTS or self._sections > MOST_REVISIONS:
            raise TooMuchError("too many objects or revisions")

    def _read_xref_stream(self, declared_startxref: int) -> int | None:
        _, section = self._read_xref_stream_object()  # type: ignore[no-untyped-call]
        widths = [int(width) for width in section["/W"]]
        if not sum(widths) > 0 or any(not 0 <= width <= _WIDEST_ENTRY for width in widths):
            raise PdfReadError("a cross-reference entry has no width")
        index = [int(number) for number in section.get("/Index", [0, section["/Size"]])]
        self._announce(sum(index[1::2]))
        return _previous(section)

    def _read_xref_table(self, declared_startxref: int) -> int | None:
        stream = self.stream
        start = stream.tell()
        end = _find(stream, start)
        self._announce((end - start) // _ENTRY_LENGTH)
        stream.seek(end + len(b"trailer"))
        skip_over_whitespace(stream)
        trailer = DictionaryObject.read_from_stream(stream, TrailerReference(self.handler))
        if "/XRefStm" in trailer:
            raise PdfReadError("mixed cross references")
        return _previous(trailer)


def _find(stream: io.BytesIO, start: int) -> int:
    end = stream.getvalue().find(b"trailer", start)
    if end < 0:
        raise PdfReadError("a cross-reference table without trailer")
    return end


def _previous(section: DictionaryObject | StreamObject) -> int | None:
    return int(section["/Prev"]) if "/Prev" in section else None


class _Nothing(PdfHandler):
    """Stands for a file of which nothing has been read yet."""

    def get_object(self, ref: Reference, *_: object, **__: object) -> Any:
        raise PdfReadError("a cross-reference section may not lean on other objects")

    @property
    def trailer_view(self) -> DictionaryObject:
        return DictionaryObject()

    @property
    def root_ref(self) -> Reference:
        raise PdfReadError("nothing was read")

    @property
    def document_id(self) -> tuple[bytes, bytes]:
        return b"", b""
