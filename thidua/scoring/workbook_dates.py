"""When a workbook was made, as it says itself: a hint for people, never a proof."""

import io
import re
import zipfile
from datetime import UTC, datetime

from thidua.workbooks.safety import checked_archive

_PROPERTIES = "docProps/core.xml"
_CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]{10,40})<")


def made_at(data: bytes) -> datetime | None:
    """The moment of making, kept by spreadsheets when they save; None where it is not told.

    In: the bytes of an .xlsx. RuleError when they are none.
    """
    with zipfile.ZipFile(io.BytesIO(checked_archive(data))) as archive:
        if _PROPERTIES not in archive.namelist():
            return None
        told = _CREATED.search(archive.read(_PROPERTIES))
    try:
        moment = datetime.fromisoformat(told[1].decode("ascii")) if told else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
