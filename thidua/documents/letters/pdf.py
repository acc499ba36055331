"""An official letter as PDF, by Typst."""

from dataclasses import asdict

from thidua.documents.letters.content import (
    LetterDocument,
    body_end,
    listed,
    number_line,
    place_line,
    subject_line,
)
from thidua.documents.rendering import render_pdf


def letter_pdf(document: LetterDocument) -> bytes:
    """The letter, A4; equal content gives equal bytes."""
    header = document.header
    data = {
        "header": {
            "parent": header.parent,
            "issuer": header.issuer,
            "number-line": number_line(header),
            "dated-line": place_line(header),
        },
        "subject": subject_line(document),
        "addressees": listed(document.addressees),
        "opening": list(document.opening),
        "table": asdict(document.table) if document.table else None,
        "closing": body_end(document.closing),
        "signer": asdict(document.signer),
        "recipients": list(document.recipients),
        "demo": document.demo,
    }
    return render_pdf("letter.typ", {"letter": data})
