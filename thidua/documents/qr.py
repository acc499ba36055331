"""An address as a QR code."""

import io

import segno


def qr_svg(address: str) -> bytes:
    """An SVG picture of the address, black on nothing, with its quiet zone.

    Middle error correction: a code that was printed, folded and copied is still read.
    """
    picture = io.BytesIO()
    segno.make_qr(address, error="m").save(
        picture, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=False
    )
    return picture.getvalue()
