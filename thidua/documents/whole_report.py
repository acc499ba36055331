"""A whole report as a paper: narrative parts, files beside it, the forms as annexes."""

from dataclasses import asdict, dataclass

from thidua.documents.content import Align, Header, SignatureBlock
from thidua.documents.rendering import dated_line, render_pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """One heading of the narrative with its text; `level` 1 is I., 2 is 1."""

    label: str
    heading: str
    level: int = 1
    text: str = ""
    """Paragraphs, parted by line ends."""
    missing: str = ""
    """What stands there where nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """One outline: A. CÔNG TÁC THANH TRA."""

    label: str
    title: str
    sections: tuple[ReportSection, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """One line of the list of files."""

    name: str
    about: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCell:
    """One heading of a grid."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One line of a grid; a title spans all columns."""

    cells: tuple[str, ...]
    is_title: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table with a head of several levels; the head repeats on every page it reaches."""

    widths: tuple[float, ...]
    aligns: tuple[Align, ...]
    head: tuple[tuple[HeadCell, ...], ...]
    rows: tuple[GridRow, ...]
    codes: tuple[str, ...] = ()
    """The numbers of the columns, as the form prints them."""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """One statistical form."""

    label: str
    code: str
    title: str
    about: str
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()
    landscape: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeReport:
    """Báo cáo của một đơn vị, một kỳ: what its paper says."""

    header: Header
    title: str
    subject: str
    lead: str
    parts: tuple[ReportPart, ...]
    files: tuple[AttachedFile, ...]
    annexes: tuple[Annex, ...]
    signer: SignatureBlock | None = None
    recipients: tuple[str, ...] = ()
    state: str = ""
    """Printed on the first page where the report is not handed in yet."""
    demo: bool = False


def report_pdf(document: WholeReport) -> bytes:
    """The paper, A4: narrative upright, wide forms across."""
    data = asdict(document)
    header = document.header
    data["header"] = {
        "parent": header.parent,
        "issuer": header.issuer,
        "number-line": f"Số: {header.number}",
        "dated-line": dated_line(header.place, header.dated, header.year),
    }
    return render_pdf("report.typ", {"report": data})
