"""What a person should look at in the rows themselves: rows that look like trials, twins."""

import re
from collections.abc import Iterable, Iterator

from thidua.workbooks.reading import CellProblem
from thidua.workbooks.scale.layout import CRITERIA
from thidua.workbooks.scale.read.cells import folded, warning_at
from thidua.workbooks.scale.read.criteria import Row

_TRIAL = re.compile(
    r"(test|thử|chạy thử|kiểm thử|demo|abc|abcd|asdf|qwerty|a{3,}|x{3,}|\?+|\.{2,})[\s\d._-]*"
)
_ROMAN = re.compile(r"[IVXLC]+")


def look(placed: Iterable[tuple[str, Row]]) -> Iterator[CellProblem]:
    """Warnings about rows that look like trials, and about criteria that stand twice."""
    seen: dict[tuple[str, str], str] = {}
    for path, row in placed:
        record = row.record
        title = str(record.values.get("title") or "")
        for name, text in (("code", row.code), ("title", title)):
            if _TRIAL.fullmatch(folded(text)) and not _ROMAN.fullmatch(text):
                sentence = f"dòng này giống dòng nhập thử (“{text[:40]}”); hãy xóa nếu không dùng."
                yield warning_at(CRITERIA, record.cell(name), sentence)
                break
        key = (row.code, folded(title))
        if key in seen:
            sentence = (
                f"mã “{row.code}” và tên tiêu chí trùng với dòng “{seen[key]}”;"
                " hãy xem có nhập hai lần không."
            )
            yield warning_at(CRITERIA, record.cell("code"), sentence)
        seen.setdefault(key, path)
