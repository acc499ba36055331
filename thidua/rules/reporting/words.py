"""How a cell, a row and a sum are called in sentences."""

from dataclasses import dataclass

from thidua.rules.reporting.amounts import Values, in_words
from thidua.rules.reporting.templates import Edition, Indicator, Shape, Sum, Template, Term


@dataclass(frozen=True)
class Place:
    """One cell: form, indicator, and the row ("" where the form has one row)."""

    template: str
    indicator: str
    row: str = ""


def kind_of(template: Template) -> str:
    """What the form calls an indicator: a column, or a line."""
    return "chỉ tiêu" if template.shape == Shape.LINES else "cột"


def short(template: Template, indicator: Indicator) -> str:
    """“cột 8”, “chỉ tiêu 43.1”, or the heading in quotes where nothing is numbered."""
    name = indicator.code or f"“{indicator.label}”"
    return f"{kind_of(template)} {name}"


def form_name(template: Template) -> str:
    """“Biểu 01/TTr”, or the title where the form has no code."""
    return f"Biểu {template.code}" if template.code else f"Biểu “{template.title}”"


def where(template: Template, indicator: Indicator, row: str = "") -> str:
    """Form, row and column of a cell, as every refusal begins."""
    named = short(template, indicator)
    if indicator.code:
        named = f"{named} ({indicator.label})"
    parts = [form_name(template), f"dòng “{row}”" if row else "", named]
    return ", ".join(part for part in parts if part)


def named(edition: Edition, term: Term, home: str) -> str:
    """A term as “cột 8”, with its form where that is not `home`, with its factor."""
    if term.rows:
        return f"số dòng của biểu {edition.template(term.key).code}"
    template = edition.home(term.key)
    text = short(template, template.indicator(term.key))
    if template.key != home:
        text = f"{text} của biểu {template.code or template.title}"
    return text if abs(term.factor) == 1 else f"{abs(term.factor)} × {text}"


def sum_named(edition: Edition, terms: Sum, home: str) -> str:
    """“cột 4 + cột 23”."""
    return _joined(terms, [named(edition, term, home) for term in terms])


def sum_counted(terms: Sum, values: Values) -> str:
    """“2.233 + 2.677”, with “chưa có số liệu” where there is none."""
    return _joined(terms, [_counted(term, values) for term in terms])


def _counted(term: Term, values: Values) -> str:
    text = in_words(values.get(term.key))
    return text if abs(term.factor) == 1 else f"{abs(term.factor)} × {text}"


def _joined(terms: Sum, texts: list[str]) -> str:
    written = ""
    for term, text in zip(terms, texts, strict=True):
        sign = " − " if term.factor < 0 else " + "
        written += text if not written else sign + text
    return written


def with_measure(number: str, measure: str) -> str:
    """“77 triệu đồng”."""
    return f"{number} {measure}".rstrip()
