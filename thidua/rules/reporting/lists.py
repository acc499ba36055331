"""Checks within the rows of a list form (02/PCTN, 03/PCTN)."""

from collections.abc import Iterator, Sequence

from thidua.rules.reporting.expressions import keys_of
from thidua.rules.reporting.filled import Row
from thidua.rules.reporting.findings import Finding
from thidua.rules.reporting.templates import Check, OneOf, OnlyWith, Template
from thidua.rules.reporting.words import Place, form_name, short

ROWS_NAMED = 8
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
    """At most one finding, which names the first rows that break the check, counted from 1: one
    word of explanation then stands for all of them."""
    told = ((number, _broken(template, statement, row)) for number, row in enumerate(rows, 1))
    broken = [(number, reason) for number, reason in told if reason]
    if not broken:
        return
    shown = [str(number) for number, _ in broken[:ROWS_NAMED]]
    more = f" và {len(broken) - ROWS_NAMED} dòng khác" if len(broken) > ROWS_NAMED else ""
    yield Finding(
        check=check.key,
        severity=check.severity,
        places=tuple(
            Place(template.key, key, number) for number in shown for key in keys_of(statement)
        ),
        sentence=f"{form_name(template)}, dòng {', '.join(shown)}{more}: {broken[0][1]}",
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
