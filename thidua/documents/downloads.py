"""Handing out a file: always as an attachment that no browser runs (threat model T14)."""

import unicodedata

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify


def attachment(data: bytes, *, name: str, media_type: str) -> HttpResponse:
    """`data` to be saved under `name`, whatever letters it has (RFC 5987)."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # Opened by mistake inside a browser, it stays a document without scripts or origin.
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    )
    return response


def plain_name(title: str) -> str:
    """A title as a file name that every system and command line takes: no tones, no blanks."""
    latin = title.replace("đ", "d").replace("Đ", "D")
    return slugify(unicodedata.normalize("NFD", latin)) or "van-ban"
