"""The editions of forms that the software brings along: Thông tư 06/2025, 01/2024 and 02/2021."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from thidua.rules.errors import RuleError
from thidua.rules.reporting.language import read_edition
from thidua.rules.reporting.templates import Edition

DATA = Path(__file__).parent / "data"
FILES = ("tt06-2025.toml", "tt01-2024.toml", "tt02-2021.toml")


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, the newest first."""
    return tuple(read_edition(tomllib.loads((DATA / name).read_text("utf-8"))) for name in FILES)


def edition(key: str) -> Edition:
    """The edition of that key, e.g. "TT06-2025". RuleError when there is none."""
    for each in editions():
        if each.key == key:
            return each
    raise RuleError(f"Phần mềm không có bộ biểu mẫu “{key}”.")


def edition_on(day: date) -> Edition:
    """The edition in force on a day. RuleError, never a guess, where none is known."""
    for each in editions():
        if each.holds_on(day):
            return each
    raise RuleError(f"Phần mềm chưa có bộ biểu mẫu áp dụng cho ngày {day:%d/%m/%Y}.")


def clashes(own: Edition) -> tuple[str, ...]:
    """Sentences on keys of a cluster's own edition that the software's editions already use."""
    forms = {template.key for each in editions() for template in each.templates}
    used = {
        i.key for each in editions() for template in each.templates for i in template.indicators
    }
    found = [
        f"Khoá biểu “{template.key}” đã có trong biểu mẫu của Thanh tra Chính phủ."
        for template in own.templates
        if template.key in forms
    ]
    found += [
        f"Khoá chỉ tiêu “{each.key}” đã có trong biểu mẫu của Thanh tra Chính phủ."
        for template in own.templates
        for each in template.indicators
        if each.key in used
    ]
    return tuple(found)
