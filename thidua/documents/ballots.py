"""Papers of a secret ballot: the minutes of the count, and papers to vote on."""

from dataclasses import asdict, dataclass

from thidua.documents.content import Header, Panel, SignatureBlock
from thidua.documents.qr import qr_svg
from thidua.documents.rendering import header_data, render_pdf, shorten

LINES_OF_HALF_A_PAGE = 14
LETTERS_OF_A_LINE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSection:
    """One part of the minutes: paragraphs, then tables, then what explains them."""

    title: str
    label: str = ""
    paragraphs: tuple[str, ...] = ()
    panels: tuple[Panel, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesDocument:
    """Biên bản kiểm phiếu."""

    header: Header
    subject: str
    opening: tuple[str, ...]
    sections: tuple[MinutesSection, ...]
    closing: tuple[str, ...]
    signers: tuple[SignatureBlock, ...]
    """Secretary and tellers; the one who chairs the count is last."""
    fingerprint: str
    """SHA-256 of the archive; empty where nobody voted on a machine."""
    verification_url: str
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperQuestion:
    """One question on a paper: its names, and how to mark them."""

    text: str
    hint: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    """Heads of the boxes to mark: one to choose, two to agree or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotPaperDocument:
    """Phiếu bầu: every copy is the same, without number or mark."""

    issuer: str
    title: str
    dated: str
    questions: tuple[PaperQuestion, ...]
    copies: int
    trial: bool
    """The list is not frozen: the copies say that they are none."""


def minutes_pdf(document: MinutesDocument) -> bytes:
    """The minutes as a PDF; equal content gives equal bytes."""
    data = asdict(document)
    data["header"] = header_data(document.header)
    data["short_fingerprint"] = shorten(document.fingerprint)
    return render_pdf(
        "minutes.typ", {"minutes": data}, images={"qr": qr_svg(document.verification_url)}
    )


def ballot_paper_pdf(document: BallotPaperDocument) -> bytes:
    """All copies; two to a page of A4 where one fills no more than half of it."""
    data = asdict(document)
    data["halved"] = _lines(document) <= LINES_OF_HALF_A_PAGE
    return render_pdf("ballot_paper.typ", {"paper": data})


def _lines(document: BallotPaperDocument) -> int:
    """How many lines one paper takes, roughly; a long name takes several."""
    return sum(
        3
        + len(one.text) // LETTERS_OF_A_LINE
        + sum(1 + len(name) // LETTERS_OF_A_LINE for name in one.names)
        for one in document.questions
    )
