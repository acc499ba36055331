"""What an official letter says, in plain values, and the lines both files print alike."""

from dataclasses import dataclass
from datetime import datetime

from thidua.documents.content import Header, Panel, SignatureBlock
from thidua.documents.rendering import dated_line

# Room for the number that the hand writes, before the symbol.
ROOM = "        "
END = "./."


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDocument:
    """Công văn (mẫu 1.5, Phụ lục III): header, subject, addressees, body, signer, recipients.

    A `header.number` that begins with "/" is a symbol alone: the number is left open for the hand.
    """

    header: Header
    subject: str
    """Trích yếu without "V/v"."""
    addressees: tuple[str, ...]
    """Kính gửi, without dash and closing mark."""
    opening: tuple[str, ...]
    """Paragraphs before the table."""
    closing: tuple[str, ...]
    """Paragraphs after the table; the last one is ended by "./."."""
    signer: SignatureBlock
    recipients: tuple[str, ...]
    """Nơi nhận, without dash and closing mark."""
    made_at: datetime
    """When the draft was made: the properties of the DOCX."""
    table: Panel | None = None
    demo: bool = False


def number_line(header: Header) -> str:
    """“Số:         /TTr-VP”; room is left where no number is given."""
    number = header.number or "/"
    return f"Số: {ROOM}{number}" if number.startswith("/") else f"Số: {number}"


def place_line(header: Header) -> str:
    """Địa danh và thời gian, the day left open where there is none."""
    return dated_line(header.place, header.dated, header.year)


def subject_line(document: LetterDocument) -> str:
    """“V/v đôn đốc …”."""
    return f"V/v {document.subject}"


def listed(items: tuple[str, ...]) -> list[str]:
    """Items of a list with their closing marks: ";" each, "." the last."""
    last = len(items) - 1
    return [f"{each}{'.' if place == last else ';'}" for place, each in enumerate(items)]


def body_end(paragraphs: tuple[str, ...]) -> list[str]:
    """The closing paragraphs, the last one with "./." as in the model forms."""
    *others, last = paragraphs
    return [*others, last.rstrip().rstrip(".").removesuffix("./") + END]
