"""Phần lời: the three outlines of a report, what of them is still unwritten, sentences of figures.

What is shipped says of itself how sure it is (`Outline.mark`). The lead may give an outline other
headings for a year; a stored outline keeps the keys of its sections, so texts stay where they are.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.reporting.amounts import NO_DATA, Values, in_words
from thidua.rules.reporting.rates import Rate, all_rates, share
from thidua.rules.reporting.templates import Edition, Mark
from thidua.rules.reporting.words import with_measure

DATA = Path(__file__).parent / "data" / "outlines.toml"
YEAR = "year"
MOST_SECTIONS = 60
LONGEST_HEADING = 300
LONGEST_HELP = 1000
LONGEST_TEXT = 20_000
NAMED = 8
OWN_SOURCE = "Đề cương do cụm trưởng đặt cho năm này."
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_PLACE = re.compile(r"\{(%?)([a-z0-9-]+)\}")


@dataclass(frozen=True)
class Section:
    """Đề mục: one heading with its own text, or a `is_title` over those that are `under` it.

    `number` is "" until `of_period` numbers the outline. `sentences` are patterns of figures.
    """

    key: str
    heading: str
    help: str = ""
    under: bool = False
    is_title: bool = False
    yearly: bool = False
    required: bool = True
    sentences: tuple[str, ...] = ()
    number: str = ""

    @property
    def name(self) -> str:
        """“II.1. Kết luận thanh tra”."""
        return f"{self.number}. {self.heading}" if self.number else self.heading


@dataclass(frozen=True)
class Outline:
    """Đề cương: the headings of one narrative; `source` says where they come from."""

    key: str
    code: str
    title: str
    mark: Mark
    source: str
    sections: tuple[Section, ...]

    @property
    def is_checked(self) -> bool:
        """Whether its headings were read in the text of the circular."""
        return self.mark == Mark.READ

    @property
    def name(self) -> str:
        """“Mẫu số 01 (Công tác thanh tra)”."""
        return f"{self.code} ({self.title})"

    @property
    def texts(self) -> tuple[Section, ...]:
        """The sections in which something is written."""
        return tuple(each for each in self.sections if not each.is_title)

    def section(self, key: str) -> Section:
        """The section of that key that takes a text; KeyError when there is none."""
        for each in self.texts:
            if each.key == key:
                return each
        raise KeyError(key)


@cache
def _shipped() -> tuple[str, tuple[Outline, ...]]:
    data = tomllib.loads(DATA.read_text("utf-8"))
    return data["edition"], tuple(_outline(row) for row in data["outlines"])


def _outline(row: Mapping[str, Any]) -> Outline:
    return Outline(
        key=row["key"],
        code=row["code"],
        title=row["title"],
        mark=Mark(row["mark"]),
        source=row["source"],
        sections=tuple(_section(each) for each in row["sections"]),
    )


def _section(row: Mapping[str, Any]) -> Section:
    return Section(
        key=row["key"],
        heading=row["heading"],
        help=row.get("help", ""),
        under=row.get("under", False),
        is_title=row.get("title", False),
        yearly=row.get("yearly", False),
        required=row.get("required", True),
        sentences=tuple(row.get("sentences", ())),
    )


def shipped_outlines(edition: str) -> tuple[Outline, ...]:
    """The outlines that belong to an edition of forms; none where no facts are known."""
    home, outlines = _shipped()
    return outlines if edition == home else ()


def section_to_data(section: Section) -> dict[str, Any]:
    """A section as it is stored; sentences of figures stay with the software."""
    return {
        "key": section.key,
        "heading": section.heading,
        "help": section.help,
        "under": section.under,
        "title": section.is_title,
        "yearly": section.yearly,
        "required": section.required,
    }


def adapted(outline: Outline, rows: Iterable[Mapping[str, Any]]) -> Outline:
    """The outline with the sections the lead stored; figures go with the key of a section."""
    figures = {each.key: each.sentences for each in outline.sections}
    sections = tuple(replace(_section(row), sentences=figures.get(row["key"], ())) for row in rows)
    return replace(outline, sections=sections, mark=Mark.GENERAL, source=OWN_SOURCE)


def check_sections(sections: Sequence[Section]) -> None:
    """Refuse (RuleError) an outline that cannot be written by: the line is named."""
    if not any(not each.is_title for each in sections):
        raise RuleError("Đề cương cần ít nhất một mục để viết lời.")
    if len(sections) > MOST_SECTIONS:
        raise RuleError(f"Đề cương chỉ nhận không quá {MOST_SECTIONS} đề mục.")
    for line, section in enumerate(sections, start=1):
        _check_section(line, section)
    keys = [each.key for each in sections]
    if len(set(keys)) < len(keys):
        raise RuleError("Hai dòng của đề cương cùng một khoá. Hãy tải lại trang rồi sửa tiếp.")
    if sections[0].under:
        raise RuleError("Dòng 1: mục con phải đứng sau một đề mục lớn.")


def _check_section(line: int, section: Section) -> None:
    if not section.heading.strip():
        raise RuleError(f"Dòng {line}: hãy ghi tên đề mục.")
    if len(section.heading) > LONGEST_HEADING:
        raise RuleError(f"Dòng {line}: tên đề mục dài quá {LONGEST_HEADING} ký tự.")
    if len(section.help) > LONGEST_HELP:
        raise RuleError(f"Dòng {line}: lời gợi ý dài quá {LONGEST_HELP} ký tự.")
    if section.is_title and section.under:
        raise RuleError(f"Dòng {line}: đề mục lớn không nằm trong đề mục khác.")


def of_period(outline: Outline, period: str) -> Outline:
    """The outline as one period asks for it, numbered I, II, 1, 2; yearly sections only in `year`.

    A title under which nothing is left is dropped.
    """
    asked = [each for each in outline.sections if period == YEAR or not each.yearly]
    kept = [
        each
        for place, each in enumerate(asked)
        if not each.is_title or (place + 1 < len(asked) and asked[place + 1].under)
    ]
    return replace(outline, sections=tuple(_numbered(kept)))


def _numbered(sections: Iterable[Section]) -> Iterable[Section]:
    above = within = 0
    for section in sections:
        if section.under and above:
            within += 1
            yield replace(section, number=f"{_roman(above)}.{within}")
            continue
        above, within = above + 1, 0
        yield replace(section, number=_roman(above))


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written


def unwritten(outline: Outline, texts: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections that must say something and do not yet; `texts` by key of section."""
    return tuple(
        each for each in outline.texts if each.required and not texts.get(each.key, "").strip()
    )


def unwritten_sentence(outline: Outline, sections: Sequence[Section]) -> str:
    """What a report is told about sections still empty."""
    numbers = [each.number for each in sections]
    more = f" và {len(numbers) - NAMED} mục khác" if len(numbers) > NAMED else ""
    return (
        f"{outline.name}: {len(numbers)} mục chưa có lời ({', '.join(numbers[:NAMED])}{more}). Viết "
        "vào từng mục, ghi “Không phát sinh” nếu không có gì; nếu thật sự chưa viết được thì ghi lý do."
    )


def words_in(text: str) -> int:
    """How many words a text has, as people count them."""
    return len(text.split())


def figure_sentences(section: Section, edition: Edition, values: Values) -> tuple[str, ...]:
    """The sentences of a section with the figures of a report, ready to be put into its text.

    `values` are the completed values. A sentence that speaks of a figure the edition does not have
    is left out; one of which no figure has data says so once.
    """
    return tuple(
        _sentence(pattern, edition, values)
        for pattern in section.sentences
        if _is_known(pattern, edition)
    )


def _is_known(pattern: str, edition: Edition) -> bool:
    rates = {each.key for each in all_rates() if each.edition == edition.key}
    return all(key in (rates if is_rate else edition) for is_rate, key in _PLACE.findall(pattern))


def _sentence(pattern: str, edition: Edition, values: Values) -> str:
    if not any(_has_data(found, values) for found in _PLACE.finditer(pattern)):
        return f"{_subject(pattern)}: {NO_DATA}."
    return _PLACE.sub(lambda found: _written(found, edition, values), pattern)


def _has_data(found: re.Match[str], values: Values) -> bool:
    is_rate, key = found[1], found[2]
    if not is_rate:
        return values.get(key) is not None
    worked_out = share(_rate(key), values)
    return worked_out.numerator is not None or worked_out.denominator is not None


@cache
def _rate(key: str) -> Rate:
    return next(each for each in all_rates() if each.key == key)


def _subject(pattern: str) -> str:
    """What a sentence is about: its words before the first figure or colon."""
    return re.split(r"[:{]", pattern, maxsplit=1)[0].strip(" ,;")


def _written(found: re.Match[str], edition: Edition, values: Values) -> str:
    is_rate, key = found[1], found[2]
    if is_rate:
        return share(_rate(key), values).sentence
    amount = values.get(key)
    if amount is None:
        return NO_DATA
    return with_measure(in_words(amount), edition.indicator(key).measure)
