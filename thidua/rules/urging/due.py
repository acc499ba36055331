"""Which urgings are due on a day. Values in, steps **and the reasons** out; nothing is guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from thidua.rules.deadlines import CalendarGap, WorkingCalendar, named
from thidua.rules.urging.steps import Level, Rule, Side, Step


def closes_on(year: int, due_on: date) -> date:
    """The last day on which a period of the year is urged by rule.

    The year's own last day (R19); a due date that was moved into the next year is still urged there.
    """
    return date(max(year, due_on.year), 12, 31)


@dataclass(frozen=True)
class Base:
    """What the steps of one unit and period are counted from.

    A permission to hand in late has no date of its own: from its day on the steps after the due
    date are counted anew from that day, those before fall away. Lateness itself stays counted from
    `due_on`.
    """

    due_on: date
    closes_on: date
    handed_in_on: date | None = None
    allowed_late_on: date | None = None

    @property
    def is_allowed_late(self) -> bool:
        """Whether steps are counted from a permission."""
        return self.allowed_late_on is not None and self.allowed_late_on > self.due_on

    @property
    def counted_from(self) -> date:
        """The day on which offset 0 lies."""
        return max(self.due_on, self.allowed_late_on or self.due_on)

    def is_urged_on(self, day: date) -> bool:
        """Whether there is anything to urge: not handed in by then, the year not over."""
        handed_in = self.handed_in_on is not None and self.handed_in_on <= day
        return not handed_in and day <= self.closes_on

    def steps_of(self, rule: Rule) -> Iterator[Step]:
        """The steps that count for this unit."""
        for step in rule.active:
            if step.side == Side.AFTER or not self.is_allowed_late:
                yield step


@dataclass(frozen=True)
class DueStep:
    """A step with its day: `raw_on` as counted, `on` after making way for days off."""

    step: Step
    counted_from: date
    raw_on: date
    on: date


@dataclass(frozen=True)
class Urgings:
    """For each level the one step that is due; `gaps` says what could not be told and why."""

    due: Mapping[Level, DueStep] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()


def urgings_on(day: date, base: Base, rule: Rule, calendar: WorkingCalendar) -> Urgings:
    """What is due on the day: for each level the latest step reached, at most one.

    Nothing on days off. A step missed because nobody ran the programme is made up on the next day
    worked, unless a later step to the same level has been reached or `catch_up_days` are over.
    Whether a step has been sent before is for the caller to know.
    """
    if not base.is_urged_on(day):
        return Urgings()
    try:
        if not calendar.is_working(day):
            return Urgings()
    except CalendarGap as gap:
        return Urgings(gaps=(str(gap),))
    due: dict[Level, DueStep] = {}
    gaps: dict[str, None] = {}
    for step in base.steps_of(rule):
        try:
            found = _placed(step, base.counted_from, calendar)
        except CalendarGap as gap:
            gaps[str(gap)] = None
            continue
        if found.on <= day <= found.on + timedelta(days=rule.catch_up_days):
            due.update(dict.fromkeys(step.to, found))
    return Urgings(due, tuple(gaps))


def _placed(step: Step, counted_from: date, calendar: WorkingCalendar) -> DueStep:
    """The step's day. People are warned in time: up to the due date days off are gone before."""
    raw = counted_from + timedelta(days=step.offset)
    move = calendar.next_working if step.side == Side.AFTER else calendar.previous_working
    return DueStep(step, counted_from, raw, move(raw))


@dataclass(frozen=True)
class Planned:
    """A step as the page of a period shows it; `on` None where the calendar is not loaded."""

    step: Step
    on: date | None
    why: str = ""


def planned(base: Base, rule: Rule, calendar: WorkingCalendar) -> tuple[Planned, ...]:
    """Every active step with its day, and why it is not the day counted."""
    return tuple(_planned(step, base, calendar) for step in base.steps_of(rule))


def _planned(step: Step, base: Base, calendar: WorkingCalendar) -> Planned:
    try:
        found = _placed(step, base.counted_from, calendar)
    except CalendarGap as gap:
        return Planned(step, None, str(gap))
    if found.on > base.closes_on:
        return Planned(step, found.on, "không gửi: năm thi đua đã hết")
    if found.on == found.raw_on:
        return Planned(step, found.on)
    return Planned(
        step, found.on, f"{named(found.raw_on)} là ngày nghỉ ({calendar.why_off(found.raw_on)})"
    )
