"""Words as people type and paste them, made fit to keep."""

import re
import unicodedata

# NUL above all: PostgreSQL cannot hold it, and a page that is sent one would end in an error 500.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


def cleaned(text: str) -> str:
    """The text as it is kept: one form of letters, plain line ends, nothing that cannot be read."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", lines).strip()
