"""The parts of a front page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from thidua.organisations.models import EmulationYear, Milestone
from thidua.organisations.permissions import Part
from thidua.ui.timeline import Milestone as Mark

SOON_DAYS = 7
# Beyond this a count of days tells a person less than the date.
MANY_DAYS = 60


@dataclass(frozen=True)
class Task:
    """One thing to do, with the page on which it is done."""

    title: str
    url: str
    icon: str
    note: str = ""
    state: str = ""
    label: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the members are with one step; `milestone` is the date it belongs to."""

    label: str
    done: int
    total: int
    url: str
    milestone: str


@dataclass
class Step:
    """One step of the person's own organisation; `state` is done, current or next."""

    label: str
    url: str
    is_done: bool
    note: str = ""
    state: str = "done"


@dataclass
class Dashboard:
    """Everything the front page shows."""

    year: EmulationYear
    part: Part
    due: list[Task] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    next_mark: Mark | None = None


def deadline(milestone: Milestone | None, today: date) -> tuple[str, str]:
    """State and words of the days left to a milestone; nothing where there is none."""
    if milestone is None:
        return "", ""
    return day_label(milestone.due_on, today, "quá mốc")


def day_label(due_on: date, today: date, past: str) -> tuple[str, str]:
    """State and words of the days left to a date; `past` says what it is to have missed it."""
    days = (due_on - today).days
    if days < -MANY_DAYS:
        return "overdue", f"{past} {due_on:%d/%m/%Y}"
    if days < 0:
        return "overdue", f"{past} {-days} ngày"
    if days == 0:
        return "due", "hôm nay"
    return ("due" if days <= SOON_DAYS else "open"), f"còn {days} ngày"


def order_steps(steps: list[Step]) -> None:
    """The first step that is not done is the current one; those after it come next."""
    current = next((step for step in steps if not step.is_done), None)
    for step in steps:
        if not step.is_done:
            step.state = "current" if step is current else "next"


# Steps whose state the product knows; of the others it only knows the date.
FOLLOWED = {
    Milestone.Kind.LAUNCH,
    Milestone.Kind.PACT,
    Milestone.Kind.SELF_SCORE,
    Milestone.Kind.APPRAISAL,
}


def mark(milestone: Milestone, url: str, reached: Mapping[str, Progress], today: date) -> Mark:
    """A milestone on the line of the year, with how far the members are."""
    progress = reached.get(milestone.kind)
    done = progress is not None and progress.done == progress.total
    late = milestone.kind in FOLLOWED and milestone.due_on < today and not done
    return Mark(
        on=milestone.due_on,
        label=milestone.get_kind_display(),
        state="done" if done else "overdue" if late else "",
        url=url,
        note=f"{progress.done}/{progress.total} {progress.label}" if progress else "",
    )
