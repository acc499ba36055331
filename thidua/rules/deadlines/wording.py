"""How a deadline came about, in Vietnamese sentences: nothing is counted here a second time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from thidua.rules.deadlines.calendar import ONE_DAY, WorkingCalendar
from thidua.rules.deadlines.clocks import VARIANTS, Clock, Direction, Version
from thidua.rules.deadlines.counting import End, Period, Unit, add_months, is_suspended
from thidua.rules.deadlines.days import named, runs, written, written_run
from thidua.rules.deadlines.outcomes import Basis, Circumstances, cited

CIVIL_CODE = "Bộ luật Dân sự 2015"
_MOST_RUNS = 40


@dataclass(frozen=True)
class Told:
    """What the sentences speak of."""

    clock: Clock
    version: Version
    variant: str
    base: Period
    extensions: tuple[Period, ...]
    total: Period


def trace(
    told: Told,
    circumstances: Circumstances,
    end: End,
    hours: tuple[time, time] | None,
    calendar: WorkingCalendar,
) -> tuple[str, ...]:
    """The computation from the event to the last hour, one sentence a step."""
    return (
        *_start(told, circumstances),
        _law(told.version),
        *_length(told),
        *_counting(told, circumstances, end, hours, calendar),
        *([told.clock.closing] if told.clock.closing else []),
    )


def _start(told: Told, circumstances: Circumstances) -> Iterator[str]:
    yield f"Mốc tính: {named(circumstances.start_on)}, ngày {told.clock.start}."
    if circumstances.began_on:
        yield (
            f"Cuộc thanh tra bắt đầu ngày {written(circumstances.began_on)} nên theo luật có hiệu lực "
            "vào ngày đó (Luật Thanh tra 84/2025/QH15, Điều 64)."
        )


def _law(version: Version) -> str:
    told = f"Áp dụng: {version.citation}; hiệu lực {version.span}."
    if version.basis is Basis.SETTING:
        told += (
            " Số ngày là thiết lập của phần mềm theo hiểu biết chung, chưa đối chiếu với văn bản; "
            "người quản trị đặt lại được."
        )
    return told


def _length(told: Told) -> Iterator[str]:
    yield f"Thời hạn{_case(told)}: {told.base}."
    if told.extensions:
        each = ", ".join(str(period) for period in told.extensions)
        yield (
            f"Gia hạn {len(told.extensions)} lần ({each}): đếm liên tục từ mốc tính, "
            f"tổng cộng {told.total}."
        )
        if told.clock.extension_note:
            yield told.clock.extension_note
    elif allowed := told.version.extensions.get(told.variant, ()):
        yield f"Chưa ghi lần gia hạn nào; trường hợp này được gia hạn tối đa {len(allowed)} lần."


def _case(told: Told) -> str:
    if told.clock.is_granted:
        return " theo quyết định"
    several = len(told.version.lengths) > 1
    return f" (trường hợp {VARIANTS[told.variant]})" if several else ""


def _counting(
    told: Told,
    circumstances: Circumstances,
    end: End,
    hours: tuple[time, time] | None,
    calendar: WorkingCalendar,
) -> Iterator[str]:
    if hours:
        yield from _hours(told, end, *hours)
        return
    match told.total.unit:
        case Unit.AT_ONCE:
            yield f"Luật yêu cầu làm ngay, không cho số ngày: hạn là chính ngày {written(end.due_on)}."
        case Unit.DAYS_A_MONTH:
            yield from _month(told, end, calendar)
        case _ if told.clock.direction is Direction.BEFORE:
            yield from _backward(told, circumstances, end, calendar)
        case _:
            yield from _forward(told, circumstances, end, calendar)


def _forward(
    told: Told, circumstances: Circumstances, end: End, calendar: WorkingCalendar
) -> Iterator[str]:
    first = _first_forward(told, circumstances.start_on, calendar)
    yield (
        f"Không tính ngày của mốc; ngày đầu tiên được tính là {named(first)} ({CIVIL_CODE}, Điều 147)."
    )
    yield from _suspensions(told, circumstances)
    if told.total.unit is Unit.WORKING_DAYS:
        yield from _left_out(circumstances.start_on + ONE_DAY, end.raw_on, circumstances, calendar)
        yield f"Ngày làm việc thứ {told.total.length}: {named(end.raw_on)}."
    else:
        yield (
            f"Thời hạn tính theo {told.total.unit}, không phải ngày làm việc, nên ngày nghỉ nằm giữa "
            "thời hạn vẫn được tính."
        )
        yield from _short_month(told, circumstances)
        yield f"Đếm đủ {told.total}: {named(end.raw_on)}."
        yield _rolled(end, calendar)
    yield f"Hạn cuối: hết 24 giờ {named(end.due_on)} ({CIVIL_CODE}, Điều 148)."


def _suspensions(told: Told, circumstances: Circumstances) -> Iterator[str]:
    rule = told.clock.suspension
    if rule is None:
        return
    for each in circumstances.suspensions:
        yield (
            f"Không tính {each.days} ngày từ {written(each.from_on)} đến trước "
            f"{written(each.continued_on)}: {rule.what} ({cited(rule.law, rule.article)}). "
            f"Thời hạn chạy tiếp từ {named(each.continued_on)}."
        )


def _left_out(
    first: date, last: date, circumstances: Circumstances, calendar: WorkingCalendar
) -> Iterator[str]:
    """Days off that were not counted, and days of rest that were, because they are made up."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    days = [day for day in days if not is_suspended(day, circumstances.suspensions)]
    if left_out := described([day for day in days if not calendar.is_working(day)], calendar):
        yield f"Không tính ngày nghỉ: {left_out}."
    for day in days:
        if calendar.is_working(day) and (why := calendar.why_worked(day)):
            yield f"Có tính {named(day)}, vì là ngày làm việc ({why})."


def described(days: list[date], calendar: WorkingCalendar) -> str:
    """Days off in runs of one reason: "04/07/2026 đến 05/07/2026 (nghỉ hằng tuần); …"."""
    parts: list[tuple[date, date, str]] = []
    for first, last in runs(days):
        run = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        for day in run:
            reason = calendar.why_off(day)
            if parts and parts[-1][2] == reason and day - parts[-1][1] == ONE_DAY:
                parts[-1] = (parts[-1][0], day, reason)
            else:
                parts.append((day, day, reason))
    told = [f"{written_run(first, last)} ({reason})" for first, last, reason in parts[:_MOST_RUNS]]
    if len(parts) > _MOST_RUNS:
        told.append(f"và {len(parts) - _MOST_RUNS} đợt nghỉ khác, tổng cộng {len(days)} ngày nghỉ")
    return "; ".join(told)


def _short_month(told: Told, circumstances: Circumstances) -> Iterator[str]:
    if told.total.unit not in (Unit.MONTHS, Unit.YEARS):
        return
    months = told.total.length * (12 if told.total.unit is Unit.YEARS else 1)
    end = add_months(circumstances.start_on, months)
    if end.day != circumstances.start_on.day:
        yield (
            f"Tháng {end.month}/{end.year} không có ngày {circumstances.start_on.day} nên kết thúc vào "
            f"ngày cuối tháng ({CIVIL_CODE}, Điều 148)."
        )


def _rolled(end: End, calendar: WorkingCalendar) -> str:
    if end.due_on == end.raw_on:
        why = calendar.why_worked(end.raw_on)
        return f"Ngày đó là ngày làm việc{f' ({why})' if why else ''} nên giữ nguyên."
    days = [end.raw_on + timedelta(days=number) for number in range((end.due_on - end.raw_on).days)]
    return (
        f"Ngày đó là ngày nghỉ nên thời hạn kết thúc vào ngày làm việc tiếp theo, {named(end.due_on)} "
        f"({CIVIL_CODE}, Điều 148 khoản 5); bỏ qua: {described(days, calendar)}."
    )


def _backward(
    told: Told, circumstances: Circumstances, end: End, calendar: WorkingCalendar
) -> Iterator[str]:
    yield f"Phải làm trước ít nhất {told.total}: đếm lùi từ hôm trước ngày của mốc, ngày của mốc không tính."
    if told.total.unit is Unit.WORKING_DAYS:
        yield from _left_out(end.raw_on, circumstances.start_on - ONE_DAY, circumstances, calendar)
    else:
        yield f"Đếm lùi đủ {told.total}: {named(end.raw_on)}."
        if end.due_on != end.raw_on:
            days = [
                end.due_on + timedelta(days=number)
                for number in range(1, (end.raw_on - end.due_on).days + 1)
            ]
            yield (
                f"Ngày đó là ngày nghỉ ({described(days, calendar)}). Dời về sau thì thiếu ngày, nên "
                "phần mềm lấy ngày làm việc liền trước (quy ước, luật không nói)."
            )
    yield f"Chậm nhất: {named(end.due_on)}."


def _hours(told: Told, end: End, at: time, due_at: time) -> Iterator[str]:
    yield (
        f"{'Đếm lùi' if told.clock.direction is Direction.BEFORE else 'Đếm'} {told.total} từ {at:%H:%M}; "
        f"thời hạn theo giờ tính ngay từ thời điểm của mốc ({CIVIL_CODE}, Điều 147 khoản 1)."
    )
    yield f"Chậm nhất: {due_at:%H:%M} {named(end.due_on)}."


def _month(told: Told, end: End, calendar: WorkingCalendar) -> Iterator[str]:
    yield f"Nghĩa vụ của từng tháng: ít nhất {told.total.length} ngày trong tháng {end.raw_on:%m/%Y}."
    yield f"Ngày cuối tháng: {named(end.raw_on)}."
    if end.due_on != end.raw_on:
        days = [
            end.due_on + timedelta(days=number)
            for number in range(1, (end.raw_on - end.due_on).days + 1)
        ]
        yield f"Không thể dời sang tháng sau; bỏ qua ngày nghỉ cuối tháng: {described(days, calendar)}."
    yield f"Chậm nhất: {named(end.due_on)}, ngày làm việc cuối cùng của tháng."


def first_counted(told: Told, start: date, calendar: WorkingCalendar) -> date | None:
    """The first day that counts; None where days are not counted forward."""
    no_days = told.total.unit in (Unit.HOURS, Unit.AT_ONCE, Unit.DAYS_A_MONTH)
    if no_days or told.clock.direction is Direction.BEFORE:
        return None
    return _first_forward(told, start, calendar)


def _first_forward(told: Told, start: date, calendar: WorkingCalendar) -> date:
    first = start + ONE_DAY
    return calendar.next_working(first) if told.total.unit is Unit.WORKING_DAYS else first


def window(told: Told, start: date, end: End) -> tuple[date, date]:
    """The days whose being off or worked decides the end."""
    if told.total.unit is not Unit.WORKING_DAYS:
        return min(end.raw_on, end.due_on), max(end.raw_on, end.due_on)
    if told.clock.direction is Direction.BEFORE:
        return end.due_on, start - ONE_DAY
    return start + ONE_DAY, end.due_on
