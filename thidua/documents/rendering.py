"""Content → PDF, by Typst, with the one face that papers use."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import typst

from thidua.documents.content import (
    Column,
    Header,
    PactDocument,
    RenderedPact,
    SignatureBox,
    Stamp,
    TableDocument,
)
from thidua.documents.qr import qr_svg

TEMPLATES = Path(__file__).parent / "typst"
A4_HEIGHT = 841.89
FINGERPRINT_SHOWN = 16
SIGNATURE_BOX_MM = (48, 23)

# Three blocks on a line hold the longest post; few signers get two wide ones.
FEW_SIGNERS = 4


def render_pdf(
    template: str, data: Mapping[str, object], *, images: Mapping[str, bytes] | None = None
) -> bytes:
    """The PDF a template of `typst/` makes of the data; equal input gives equal bytes.

    Images are SVG or PNG files, named as the template asks for them. Raises `typst.TypstError`
    for a fault in a template: a bug, never the person's.
    """
    rendered = _compiler(template, data, images).compile(format="pdf", timestamp=0)
    if not isinstance(rendered, bytes):
        raise TypeError("a PDF is one file")
    return rendered


def query(
    template: str,
    data: Mapping[str, object],
    selector: str,
    *,
    images: Mapping[str, bytes] | None = None,
) -> list[dict[str, Any]]:
    """Values of the metadata with this label ("<box>"), in the order of the document."""
    found = _compiler(template, data, images).query(selector, field="value")
    values: list[dict[str, Any]] = json.loads(found)
    return values


def pact_pdf(document: PactDocument) -> RenderedPact:
    """The pact and the places of its signatures."""
    data = {"pact": _pact_data(document)}
    images = {"qr": qr_svg(document.verification_url)}
    compiler = _compiler("pact.typ", data, images)
    pdf = compiler.compile(format="pdf", timestamp=0)
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    found = json.loads(compiler.query("<signature-box>", field="value"))
    return RenderedPact(pdf=pdf, boxes=tuple(_box(place) for place in found))


def table_pdf(document: TableDocument) -> bytes:
    """A paper made of tables, A4."""
    data = asdict(document)
    data["header"] = header_data(document.header)
    data["short_fingerprint"] = shorten(document.fingerprint)
    for panel, plain in zip(document.panels, data["panels"], strict=True):
        plain["spans"] = _head_spans(panel.columns)
    images = {"qr": qr_svg(document.verification_url)} if document.verification_url else {}
    return render_pdf("table.typ", {"table": data}, images=images)


VIETNAM = timezone(timedelta(hours=7))


def stamp_pdf(stamp: Stamp) -> bytes:
    """One page as large as the box of the signature."""
    data = asdict(stamp)
    # Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.8b: múi giờ Việt Nam theo chuẩn ISO 8601.
    data["signed_at"] = stamp.signed_at.astimezone(VIETNAM).isoformat(timespec="seconds")
    return render_pdf("stamp.typ", {"stamp": data})


def shorten(fingerprint: str) -> str:
    """The head of a fingerprint, in groups of four, as printed on paper."""
    head = fingerprint[:FINGERPRINT_SHOWN]
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))


def dated_line(place: str, dated: date | None, year: int | None = None) -> str:
    """Địa danh và thời gian: the day has two digits, of the months only January and February.

    Nghị định 30/2020/NĐ-CP, Phụ lục I, phần I, mục II.4.
    """
    if dated is None:
        when = f"ngày       tháng       năm {year or '      '}"
    else:
        month = f"{dated.month:02d}" if dated.month <= 2 else str(dated.month)
        when = f"ngày {dated.day:02d} tháng {month} năm {dated.year}"
    return f"{place}, {when}" if place else when


def _compiler(
    template: str, data: Mapping[str, object], images: Mapping[str, bytes] | None
) -> typst.Compiler:
    pictures = {name: list(content) for name, content in (images or {}).items()}
    return typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**data, "images": pictures})},
    )


@cache
def _fonts() -> typst.Fonts:
    """Our face and no other: a paper looks the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(TEMPLATES / "fonts")],
    )


def header_data(header: Header) -> dict[str, object]:
    """The head of page 1 as the templates read it."""
    number = header.number
    return {
        "parent": header.parent,
        "issuer": header.issuer,
        "number-line": None if number is None else f"Số: {number or '        /'}",
        "dated-line": dated_line(header.place, header.dated, header.year),
    }


def _pact_data(document: PactDocument) -> dict[str, object]:
    data = asdict(document)
    width, height = SIGNATURE_BOX_MM
    data["header"] = header_data(document.header)
    data["short_fingerprint"] = shorten(document.fingerprint)
    data["closing"] = _ended(document.closing)
    data["box_width"], data["box_height"] = width, height
    data["signature_columns"] = 2 if len(document.signatories) <= FEW_SIGNERS else 3
    return data


def _ended(text: str) -> str:
    """The body ends with "./.", as in the model forms."""
    trimmed = text.rstrip()
    return trimmed if not trimmed or trimmed.endswith("./.") else trimmed.rstrip(".") + "./."


def _box(place: Mapping[str, Any]) -> SignatureBox:
    """Typst measures from the top left corner, PDF from the bottom left."""
    return SignatureBox(
        field_name=place["field_name"],
        label=place["label"],
        page=int(place["page"]),
        x=place["x"],
        y=A4_HEIGHT - place["top"] - place["height"],
        width=place["width"],
        height=place["height"],
    )


def _head_spans(columns: tuple[Column, ...]) -> list[dict[str, object]]:
    """Runs of neighbouring columns with one group."""
    spans: list[dict[str, Any]] = []
    for index, column in enumerate(columns):
        if spans and column.group and spans[-1]["group"] == column.group:
            spans[-1]["length"] += 1
        else:
            spans.append({"group": column.group, "start": index, "length": 1})
    return spans
