"""What an urging says, by its reader: the unit itself, or those above it."""

from collections.abc import Sequence
from datetime import date

from thidua.accounts.models import User
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.queries.urging import Waiting
from thidua.rules.deadlines import CalendarGap, WorkingCalendar, named, written


def period_name(period: ReportingPeriod) -> str:
    """“báo cáo quý I năm 2026”; the period “Năm” is “báo cáo năm 2026”."""
    name = f"{period.name[0].lower()}{period.name[1:]}"
    return f"báo cáo {name if name != 'năm' else ''} năm {period.year.year}".replace("  ", " ")


def unit_title(period: ReportingPeriod, waiting: Waiting) -> str:
    """The first line to a unit's own people."""
    name, late = period_name(period), waiting.lateness
    if late.days == 0:
        return f"Hôm nay là hạn gửi {name}"
    if late.is_late:
        return f"{_capital(name)} đã {late.in_words()}"
    return f"{_capital(name)}: {late.in_words()} là đến hạn"


def unit_body(
    period: ReportingPeriod, waiting: Waiting, day: date, calendar: WorkingCalendar
) -> str:
    """What the unit has to do, until when, by which text."""
    name = period_name(period)
    said = [
        f"{waiting.membership.organisation.full_name} chưa nộp {name}. "
        f"Hạn gửi: {named(period.due_on)}{_source(period)}."
    ]
    # A permission stays good, also where the due date was moved past its day.
    if waiting.lateness.is_late and waiting.base.allowed_late_on is None:
        said.append(
            "Đã quá hạn nên báo cáo không ghi thêm được. Hãy đề nghị cụm trưởng cho nộp muộn, nêu lý "
            "do, rồi hoàn thành và để thủ trưởng nộp."
        )
    else:
        said.append("Đề nghị hoàn thành số liệu để thủ trưởng xem và nộp.")
    if _is_last_chance(period.due_on, day, calendar):
        said.append("Hôm nay là ngày làm việc cuối cùng trước hạn.")
    return "\n".join(said)


def _is_last_chance(due_on: date, day: date, calendar: WorkingCalendar) -> bool:
    """Only days off lie between today and the due date, that day included."""
    try:
        return day < due_on and calendar.previous_working(due_on) == day
    except CalendarGap:
        return False


def above_title(period: ReportingPeriod, waiting: Sequence[Waiting]) -> str:
    """The first line to lead and superior: one unit by name, several by number."""
    name = period_name(period)
    if len(waiting) == 1:
        return f"{waiting[0].membership.organisation.short_name} chưa nộp {name}"
    return f"{len(waiting)} đơn vị chưa nộp {name}"


def above_body(period: ReportingPeriod, waiting: Sequence[Waiting]) -> str:
    """Each unit with its state and how late it is."""
    lines = [
        f"- {each.membership.organisation.full_name}: {each.state.lower()}, "
        f"{each.lateness.in_words()}{_permission(each)}"
        for each in waiting
    ]
    due = f"Hạn gửi: {named(period.due_on)}{_source(period)}."
    return "\n".join([due, *lines])


def _permission(waiting: Waiting) -> str:
    allowed = waiting.base.allowed_late_on
    return f", được nộp muộn từ {written(allowed)}" if allowed else ""


def _source(period: ReportingPeriod) -> str:
    return f" (theo {period.source})" if period.source else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def hand_title(period: ReportingPeriod) -> str:
    """The first line of an urging by hand."""
    return f"Đôn đốc nộp {period_name(period)}"


def hand_body(period: ReportingPeriod, waiting: Waiting, text: str, actor: User) -> str:
    """The person's own words, then whose they are and when the report was due."""
    return (
        f"{text}\n\n{actor} đôn đốc {waiting.membership.organisation.full_name}. "
        f"Hạn gửi: {named(period.due_on)}, {waiting.in_words()}."
    )
