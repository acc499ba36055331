"""Computing a deadline: choose the version, add the extensions, count, and say how it came about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from thidua.rules.deadlines import reservations, wording
from thidua.rules.deadlines.calendar import CalendarGap, WorkingCalendar
from thidua.rules.deadlines.clocks import Clock, Direction, Version, counts_onward, variant_of
from thidua.rules.deadlines.counting import (
    End,
    Period,
    Unit,
    check_suspensions,
    end_after,
    end_before,
    end_of_month,
)
from thidua.rules.deadlines.days import written
from thidua.rules.deadlines.outcomes import (
    BadCircumstances,
    CalendarNotLoaded,
    Circumstances,
    Deadline,
    Outcome,
)

MOST_SUSPENSIONS = 20
_LAST_YEAR_COUNTED = 9000


@dataclass(frozen=True)
class Chosen:
    """What was chosen before counting: version, variant, period with its extensions."""

    version: Version
    variant: str
    base: Period
    extensions: tuple[Period, ...]
    total: Period


def compute(clock: Clock, circumstances: Circumstances, calendar: WorkingCalendar) -> Outcome:
    """When the act is due, with the reasons; or that a year's calendar is not loaded.

    Raises `OutsideValidity` where no rule covers the date, `BadCircumstances` where variant,
    extensions or suspensions do not fit; the message is the sentence for the person.
    """
    chosen = _choose(clock, circumstances)
    try:
        end = _end(clock, chosen, circumstances, calendar)
        return _deadline(clock, chosen, circumstances, end, calendar)
    except CalendarGap as gap:
        return CalendarNotLoaded(clock.code, gap.year, str(gap))


def _choose(clock: Clock, circumstances: Circumstances) -> Chosen:
    version = clock.version_for(circumstances)
    if clock.is_granted:
        variant, base = "", _granted(clock, circumstances)
    else:
        _refuse(
            circumstances.granted is not None,
            f"“{clock.name}” có thời hạn do luật định; không ghi số ngày.",
        )
        variant = variant_of(version, circumstances.variant, clock.name)
        base = version.lengths[variant]
    _refuse(
        circumstances.at is not None and base.unit is not Unit.HOURS,
        f"“{clock.name}” tính theo {base.unit}; không ghi giờ.",
    )
    extensions = _extensions(clock, version, variant, circumstances.extensions)
    total = base
    for each in extensions:
        total = total.plus(each)
    return Chosen(version, variant, base, extensions, total)


def _granted(clock: Clock, circumstances: Circumstances) -> Period:
    _refuse(
        circumstances.granted is None,
        f"“{clock.name}”: hãy ghi số ngày đúng như quyết định, ví dụ “70 ngày làm việc”.",
    )
    _refuse(bool(circumstances.variant), f"“{clock.name}” không chia trường hợp.")
    granted = circumstances.granted or Period(0, Unit.AT_ONCE)
    _refuse(
        not counts_onward(granted), f"Thời hạn “{granted}” không dùng được ở đây. Hãy ghi số ngày."
    )
    return granted


def _extensions(
    clock: Clock, version: Version, variant: str, asked: int | Sequence[int]
) -> tuple[Period, ...]:
    """The extensions counted: each as long as allowed, or as many days as were decided."""
    allowed = version.extensions.get(variant, ())
    number = asked if isinstance(asked, int) else len(asked)
    _refuse(number < 0, "Số lần gia hạn phải từ 0 trở lên.")
    if number > len(allowed):
        raise BadCircumstances(reservations.too_many_extensions(clock, version, variant, number))
    if isinstance(asked, int):
        return allowed[:asked]
    for length, limit in zip(asked, allowed, strict=False):
        _refuse(
            not 1 <= length <= limit.length,
            f"Mỗi lần gia hạn phải từ 1 đến {limit}, đang ghi {length}.",
        )
    return tuple(Period(length, limit.unit) for length, limit in zip(asked, allowed, strict=False))


def _end(
    clock: Clock, chosen: Chosen, circumstances: Circumstances, calendar: WorkingCalendar
) -> End:
    if circumstances.suspensions:
        _check_suspensions(clock, chosen, circumstances, calendar)
    start = circumstances.start_on
    # Far beyond any calendar, and beyond what dates can hold.
    if start.year > _LAST_YEAR_COUNTED:
        raise CalendarGap(start.year)
    if chosen.base.unit is Unit.HOURS:
        day = _moment(clock, chosen, circumstances).date()
        return End(day, day)
    if chosen.base.unit is Unit.DAYS_A_MONTH:
        return end_of_month(start, calendar)
    if clock.direction is Direction.BEFORE:
        return end_before(start, chosen.total, calendar)
    return end_after(start, chosen.total, calendar, circumstances.suspensions)


def _moment(clock: Clock, chosen: Chosen, circumstances: Circumstances) -> datetime:
    if circumstances.at is None:
        raise BadCircumstances(f"“{clock.name}” tính theo giờ: hãy ghi cả giờ, ví dụ 14:00.")
    event = datetime.combine(circumstances.start_on, circumstances.at)
    length = timedelta(hours=chosen.base.length)
    return event - length if clock.direction is Direction.BEFORE else event + length


def _hours(clock: Clock, chosen: Chosen, circumstances: Circumstances) -> tuple[time, time] | None:
    """The hour of the event and the hour due, for periods in hours."""
    if chosen.base.unit is not Unit.HOURS or circumstances.at is None:
        return None
    return circumstances.at, _moment(clock, chosen, circumstances).time()


def _check_suspensions(
    clock: Clock, chosen: Chosen, circumstances: Circumstances, calendar: WorkingCalendar
) -> None:
    rule, suspensions = clock.suspension, circumstances.suspensions
    if rule is None:
        raise BadCircumstances(f"“{clock.name}” không có quy định về tạm đình chỉ, tạm dừng.")
    _refuse(
        len(suspensions) > MOST_SUSPENSIONS, f"Chỉ nhận không quá {MOST_SUSPENSIONS} lần tạm dừng."
    )
    early = min(each.from_on for each in suspensions)
    _refuse(
        early < rule.valid_from,
        f"Quy định về {rule.what} chỉ có từ {written(rule.valid_from)} ({rule.law}); "
        f"ngày {written(early)} chưa áp dụng được.",
    )
    check_suspensions(circumstances.start_on, chosen.total, calendar, suspensions)


def _refuse(wrong: bool, sentence: str) -> None:
    if wrong:
        raise BadCircumstances(sentence)


def _deadline(
    clock: Clock,
    chosen: Chosen,
    circumstances: Circumstances,
    end: End,
    calendar: WorkingCalendar,
) -> Deadline:
    told = wording.Told(
        clock, chosen.version, chosen.variant, chosen.base, chosen.extensions, chosen.total
    )
    hours = _hours(clock, chosen, circumstances)
    trace = wording.trace(told, circumstances, end, hours, calendar)
    first, last = wording.window(told, circumstances.start_on, end)
    changed = _if_open_days_are_off(clock, chosen, circumstances, end, calendar, (first, last))
    by_calendar = chosen.base.unit not in (Unit.HOURS, Unit.AT_ONCE)
    years = calendar.provisional_years(first, last) if by_calendar else ()
    return Deadline(
        clock=clock.code,
        name=clock.name,
        variant=chosen.variant,
        start_on=circumstances.start_on,
        period=chosen.total,
        raw_end_on=end.raw_on,
        due_on=end.due_on,
        law=chosen.version.law,
        article=chosen.version.article,
        basis=chosen.version.basis,
        trace=trace,
        first_counted_on=wording.first_counted(told, circumstances.start_on, calendar),
        due_at=hours[1] if hours else None,
        notes=reservations.notes(told, circumstances, end, changed, years),
        is_provisional=bool(changed or years),
    )


def _if_open_days_are_off(
    clock: Clock,
    chosen: Chosen,
    circumstances: Circumstances,
    end: End,
    calendar: WorkingCalendar,
    span: tuple[date, date],
) -> reservations.Changed | None:
    """What the end becomes if the days nobody has settled yet turn out to be days off."""
    open_days = calendar.open_between(*span)
    if not open_days:
        return None
    try:
        other = _end(clock, chosen, circumstances, calendar.with_open_days_off())
    except CalendarGap:
        return reservations.Changed(open_days, None)
    return reservations.Changed(open_days, other.due_on) if other.due_on != end.due_on else None


def due_dates(
    clock: Clock, starts: Iterable[date], calendar: WorkingCalendar, variant: str = ""
) -> list[date | None]:
    """The due dates of many cases of one kind, without words; None where a year is not loaded.

    Each day is counted once, however many cases begin on it. Raises as `compute` does.
    """
    table = _DueTable(clock, calendar, variant)
    return list(map(table.__getitem__, starts))


class _DueTable(dict[date, date | None]):
    """Start → due date, filled as it is asked."""

    def __init__(self, clock: Clock, calendar: WorkingCalendar, variant: str) -> None:
        super().__init__()
        self.clock, self.calendar, self.variant = clock, calendar, variant

    def __missing__(self, start: date) -> date | None:
        circumstances = Circumstances(start, self.variant)
        chosen = _choose(self.clock, circumstances)
        try:
            due: date | None = _end(self.clock, chosen, circumstances, self.calendar).due_on
        except CalendarGap:
            due = None
        self[start] = due
        return due
