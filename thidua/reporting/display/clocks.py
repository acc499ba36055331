"""Clocks and answers laid out for a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from thidua.accounts.passwords import fold
from thidua.reporting.models import ClockSetting
from thidua.rules.deadlines import (
    VARIANTS,
    Basis,
    Clock,
    Deadline,
    Period,
    Version,
    named,
    written,
)


@dataclass(frozen=True)
class VersionRow:
    """A clock as it stood for a time: lengths in words, law, validity."""

    lengths: tuple[str, ...]
    citation: str
    span: str
    is_setting: bool
    note: str


@dataclass(frozen=True)
class ClockRow:
    """One clock of the register; `setting` where the administrator set it."""

    clock: Clock
    versions: tuple[VersionRow, ...]
    setting: ClockSetting | None
    can_be_set: bool

    @property
    def newest(self) -> VersionRow:
        return self.versions[-1]


@dataclass(frozen=True)
class Group:
    """Clocks of one subject."""

    name: str
    rows: tuple[ClockRow, ...]


def groups(
    clocks: Iterable[Clock], settings: Mapping[str, ClockSetting], wanted: str
) -> list[Group]:
    """Clocks by subject, less those in which a word of `wanted` does not occur."""
    words = [fold(word) for word in wanted.split()]
    found: dict[str, list[ClockRow]] = {}
    for clock in clocks:
        if _fits(clock, words):
            found.setdefault(clock.group, []).append(clock_row(clock, settings.get(clock.code)))
    return [Group(name, tuple(rows)) for name, rows in found.items()]


def _fits(clock: Clock, words: list[str]) -> bool:
    laws = " ".join(each.citation for each in clock.versions)
    text = fold(f"{clock.name} {clock.group} {clock.start} {clock.code} {laws}")
    return all(word in text for word in words)


def clock_row(clock: Clock, setting: ClockSetting | None = None) -> ClockRow:
    """The clock with its versions in words."""
    return ClockRow(
        clock=clock,
        versions=tuple(_version(clock, each) for each in clock.versions),
        setting=setting,
        can_be_set=bool(lengths_set_by_people(clock)),
    )


def lengths_set_by_people(clock: Clock) -> dict[str, Period]:
    """The lengths an administrator may set, by case: those no text of law was read for."""
    return {
        variant: period
        for version in clock.versions
        if version.basis is Basis.SETTING
        for variant, period in version.lengths.items()
    }


def _version(clock: Clock, version: Version) -> VersionRow:
    lengths = tuple(
        _length(version, variant, period) for variant, period in version.lengths.items()
    )
    return VersionRow(
        lengths=lengths or ("theo quyết định",),
        citation=version.citation,
        span=version.span,
        is_setting=version.basis is Basis.SETTING,
        note=version.note,
    )


def _length(version: Version, variant: str, period: Period) -> str:
    case = f"{VARIANTS[variant]}: " if len(version.lengths) > 1 else ""
    more = version.extensions.get(variant, ())
    extra = f", gia hạn tối đa {len(more)} lần, mỗi lần {more[0]}" if more else ""
    return f"{case}{period}{extra}"


@dataclass(frozen=True)
class Answer:
    """A computed deadline in the words of the page."""

    deadline: Deadline
    due: str
    hour: str
    raw: str
    was_moved: bool
    variant: str
    first_counted: str
    is_setting: bool


def answer_of(found: Deadline) -> Answer:
    """The deadline in words."""
    return Answer(
        deadline=found,
        due=_capital(named(found.due_on)),
        hour=f"{found.due_at:%H:%M}" if found.due_at else "",
        raw=_capital(named(found.raw_end_on)),
        was_moved=found.raw_end_on != found.due_on,
        variant=VARIANTS.get(found.variant, ""),
        first_counted=written(found.first_counted_on) if found.first_counted_on else "",
        is_setting=found.basis is Basis.SETTING,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
