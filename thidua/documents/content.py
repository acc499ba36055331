"""What a paper says, in plain values: gathered by an area, drawn by `rendering`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The two columns at the head of page 1 (Nghị định 30/2020, Phụ lục I, ô số 1–4)."""

    issuer: str
    """Issuing body, as printed: capitals are made by the layout."""
    parent: str = ""
    """Body above the issuer; left out when empty."""
    number: str | None = ""
    """Number and symbol, "05/GƯ-CTĐ"; "" leaves room for the hand; None leaves the line out."""
    place: str = ""
    dated: date | None = None
    """None leaves the day and the month open for the hand, with `year`."""
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Mức phấn đấu: one measurable line of a commitment."""

    indicator: str
    comparison: str
    """"≥", "≤", "=" …"""
    value: str
    """As it must be read, with the Vietnamese decimal comma."""
    measure: str
    """Unit of measure: "%", "cuộc", "vụ việc"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """Cam kết: a sentence, with its measurable targets if it has any."""

    text: str
    label: str = ""
    """"1.", "a)"; the caller numbers."""
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentGroup:
    """Nhóm nội dung giao ước."""

    title: str
    commitments: tuple[Commitment, ...]
    label: str = ""
    """"I.", "II."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBlock:
    """Where one person signs: body and post above, name below."""

    organisation: str
    post: str
    full_name: str
    field_name: str = ""
    """Name of the signature field; empty where the paper is signed by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PactDocument:
    """Giao ước thi đua of one cluster and one year."""

    header: Header
    year: int
    title: str
    subject: str
    groups: tuple[CommitmentGroup, ...]
    signatories: tuple[SignatureBlock, ...]
    """In the order of the members."""
    fingerprint: str
    """SHA-256 in hex of the frozen version; its head is printed on each page."""
    verification_url: str
    """What the QR code on each page holds."""
    theme: str = ""
    grounds: tuple[str, ...] = ()
    """Căn cứ, one each, without the closing mark."""
    opening: str = ""
    """Paragraphs before the groups, parted by line ends."""
    closing: str = ""
    recipients: tuple[str, ...] = ()
    """Nơi nhận, without dash and closing mark."""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBox:
    """Where a signature is drawn: PDF points from the bottom left corner of the page."""

    field_name: str
    label: str
    """Whose box it is; readers show it as the name of the field."""
    page: int
    """From 1."""
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class RenderedPact:
    pdf: bytes
    boxes: tuple[SignatureBox, ...]


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    title: str
    width: float = 1
    """Share of the line, against the other columns."""
    align: Align = Align.LEFT
    group: str = ""
    """Neighbours of one group stand under one spanning head."""


class RowKind(StrEnum):
    PLAIN = "plain"
    GROUP = "group"
    """A bold line over the rows that follow; its first cell may span when the others are empty."""
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    cells: tuple[str, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One table; its head repeats on every page it reaches."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell per column")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDocument:
    """A paper that is mostly tables: a ranking, the matrix of units and criteria."""

    header: Header
    title: str
    panels: tuple[Panel, ...]
    subject: str = ""
    lead: str = ""
    """Paragraphs before the tables, parted by line ends."""
    footnotes: tuple[str, ...] = ()
    landscape: bool = False
    text_size: float = 10
    """Points, in the tables."""
    signer: SignatureBlock | None = None
    recipients: tuple[str, ...] = ()
    fingerprint: str = ""
    verification_url: str = ""
    """Empty leaves the QR code out."""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What stands in the box of a digital signature."""

    organisation: str
    signer: str
    signed_at: datetime
    """Aware; printed in its own zone."""
    width: float
    height: float
    """Points: the size of the box."""
    reason: str = ""
    demo: bool = False


def field_name_for(position: int) -> str:
    """Name of the signature field of the member at this place (from 1)."""
    return f"don-vi-{position:02d}"


def split_columns(
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    fixed: int,
    per_panel: int,
    caption: str = "",
) -> tuple[Panel, ...]:
    """A table too wide for the paper, as panels that each repeat the first `fixed` columns.

    A spanning head is kept whole where it fits into one panel.
    """
    panels = []
    spans = _spans(columns, fixed, per_panel)
    for number, (start, stop) in enumerate(spans, 1):
        part = f"Phần {number}/{len(spans)}" if len(spans) > 1 else ""
        panels.append(
            Panel(
                columns=(*columns[:fixed], *columns[start:stop]),
                rows=tuple(
                    Row(cells=(*row.cells[:fixed], *row.cells[start:stop]), kind=row.kind)
                    for row in rows
                ),
                caption=" – ".join(filter(None, (caption, part))),
            )
        )
    return tuple(panels)


def _spans(columns: Sequence[Column], fixed: int, per_panel: int) -> list[tuple[int, int]]:
    """Ranges of columns, at most `per_panel` each, cut between groups where possible."""
    spans = []
    start = fixed
    while start < len(columns):
        stop = min(start + per_panel, len(columns))
        cut = stop
        while start < cut < len(columns) and _same_group(columns[cut - 1], columns[cut]):
            cut -= 1
        # Half-empty panels would cost more paper than a cut head costs sense.
        if cut - start >= per_panel // 2:
            stop = cut
        spans.append((start, stop))
        start = stop
    return spans


def _same_group(left: Column, right: Column) -> bool:
    return bool(left.group) and left.group == right.group
