"""Checks within the rows of a list form (02/PCTN, 03/PCTN)."""

from collections.abc import Iterator, Sequence

from thidua.rules.reporting.expressions import keys_of
from thidua.rules.reporting.filled import Row
from thidua.rules.reporting.findings import Finding
from thidua.rules.reporting.templates import Check, OneOf, OnlyWith, Template
from thidua.rules.reporting.words import Place, form_name, short

NOT_TICKED = {"", "0", "không"}


def is_ticked(text: str) -> bool:
    """Whether a tick cell is ticked: an "x" or anything else a person puts there."""
    return text.strip().lower() not in NOT_TICKED


def check_rows(
    template: Template,
    check: Check,
    statement: OnlyWith | OneOf,
    rows: Sequence[Row],
    article: str,
) -> Iterator[Finding]:
    """The findings of one check, row by row; rows are counted from 1."""
    for number, row in enumerate(rows, start=1):
        reason = _broken(template, statement, row)
        if reason:
            yield Finding(
                check=check.key,
                severity=check.severity,
                places=tuple(Place(template.key, key, str(number)) for key in keys_of(statement)),
                sentence=f"{form_name(template)}, dòng {number}: {reason}",
                explainable=check.explainable,
                article=article,
            )


def _broken(template: Template, statement: OnlyWith | OneOf, row: Row) -> str:
    """What is wrong with a row; "" where nothing is."""
    names = _names(template, keys_of(statement))
    if isinstance(statement, OneOf):
        ticked = sum(is_ticked(row.get(key, "")) for key in statement.keys)
        said = f"cần đánh dấu đúng một trong {', '.join(names)}, đang có {ticked}."
        return "" if ticked == 1 else said
    if not row.get(statement.key, "").strip() or is_ticked(row.get(statement.other, "")):
        return ""
    return f"{names[0]} chỉ ghi khi đã đánh dấu {names[1]}."


def _names(template: Template, keys: tuple[str, ...]) -> list[str]:
    return [
        f"{short(template, template.indicator(key))} ({template.indicator(key).heading[-1]})"
        for key in keys
    ]
