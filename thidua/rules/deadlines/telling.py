"""Deadlines and clocks as data for machines and as lines to read."""

from collections.abc import Iterator
from typing import Any

from thidua.rules.deadlines.clocks import VARIANTS, Clock, Version
from thidua.rules.deadlines.days import named
from thidua.rules.deadlines.outcomes import Basis, Deadline


def outcome_data(found: Deadline) -> dict[str, Any]:
    """The deadline as JSON: days as 2026-03-05, `law` with its article."""
    first, at = found.first_counted_on, found.due_at
    return {
        "ok": True,
        "rule": found.clock,
        "name": found.name,
        "variant": found.variant,
        "length": str(found.period),
        "start_on": found.start_on.isoformat(),
        "first_counted_on": first.isoformat() if first else None,
        "raw_end_on": found.raw_end_on.isoformat(),
        "due_on": found.due_on.isoformat(),
        "due_at": f"{at:%H:%M}" if at else None,
        "law": found.citation,
        "article": found.article,
        "basis": found.basis.value,
        "provisional": found.is_provisional,
        "trace": list(found.trace),
        "notes": list(found.notes),
    }


def outcome_lines(found: Deadline) -> Iterator[str]:
    """The deadline to read, with its computation."""
    hour = f"{found.due_at:%H:%M} " if found.due_at else ""
    yield found.name
    yield f"Hạn: {hour}{named(found.due_on)}"
    yield f"Hết theo cách đếm: {named(found.raw_end_on)}"
    mark = (
        " (số ngày là thiết lập, chưa đối chiếu với văn bản)"
        if found.basis is Basis.SETTING
        else ""
    )
    yield f"Căn cứ: {found.citation}{mark}"
    yield "Cách tính:"
    for number, sentence in enumerate(found.trace, 1):
        yield f"  {number}. {sentence}"
    if found.notes:
        yield "Lưu ý:"
    for sentence in found.notes:
        yield f"  - {sentence}"


def clock_data(clock: Clock) -> dict[str, Any]:
    """A clock with all its versions and variants as JSON."""
    return {
        "rule": clock.code,
        "name": clock.name,
        "group": clock.group,
        "start": clock.start,
        "direction": clock.direction.value,
        "law_chosen_by": clock.governed_by.value,
        "can_be_suspended": clock.suspension is not None,
        "is_granted": clock.is_granted,
        "versions": [_version_data(each) for each in clock.versions],
    }


def _version_data(version: Version) -> dict[str, Any]:
    return {
        "from": version.valid_from.isoformat(),
        "to": version.valid_to.isoformat() if version.valid_to else None,
        "law": version.citation,
        "article": version.article,
        "basis": version.basis.value,
        "variants": [
            {
                "variant": code,
                "name": VARIANTS[code],
                "length": str(period),
                "extensions": [str(each) for each in version.extensions.get(code, ())],
            }
            for code, period in version.lengths.items()
        ],
    }


def clock_lines(clock: Clock) -> Iterator[str]:
    """A clock to read, one line a version."""
    yield f"  {clock.code}"
    yield f"      {clock.name}; mốc: ngày {clock.start}"
    for version in clock.versions:
        mark = " [thiết lập]" if version.basis is Basis.SETTING else ""
        yield f"      {_lengths(version) or 'theo quyết định'} – {version.citation}, {version.span}{mark}"


def _lengths(version: Version) -> str:
    told = []
    for code, period in version.lengths.items():
        more = version.extensions.get(code, ())
        extra = f", gia hạn tối đa {len(more)} lần, mỗi lần {more[0]}" if more else ""
        case = f" ({code}: {VARIANTS[code]}{extra})" if len(version.lengths) > 1 else ""
        told.append(f"{period}{case}")
    return "; ".join(told)
