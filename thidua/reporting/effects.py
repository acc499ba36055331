"""What an accepted report changes elsewhere: areas that use figures register here.

Reporting knows nobody who reads its figures; scoring and pacts say in `AppConfig.ready` what they
would change (`preview`, before anybody accepts) and change it (`accepted`, in the transaction of the
acceptance). `handed_in` is told of every hand-in, since lateness is a figure too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from thidua.accounts.models import User
from thidua.reporting.models import Report


@dataclass(frozen=True)
class Effect:
    """One thing that an acceptance changes, or would change if it were not closed.

    `where` names sheet and criterion, or commitment; `what` the figure. `points` and `total` are old
    → new in words, "" where none follow. `note`: what else is to be known, with the way out.
    """

    where: str
    what: str
    old: str
    new: str
    points: str = ""
    total: str = ""
    note: str = ""
    is_closed: bool = False


Preview = Callable[[Report], Sequence[Effect]]
Apply = Callable[[Report, User, datetime], None]
Hold = Callable[[str], str]


@dataclass(frozen=True)
class _Reader:
    preview: Preview
    accepted: Apply | None
    handed_in: Apply | None
    holds: Hold | None


_readers: dict[str, _Reader] = {}


def register(
    name: str,
    *,
    preview: Preview,
    accepted: Apply | None = None,
    handed_in: Apply | None = None,
    holds: Hold | None = None,
) -> None:
    """An area that reads figures, by its name; registering again replaces."""
    _readers[name] = _Reader(preview, accepted, handed_in, holds)


def holds(key: str) -> str:
    """Why the indicator of that key may not be linked to another figure now; "" when it may."""
    found = (each.holds(key) for each in _readers.values() if each.holds)
    return next(filter(None, found), "")


def preview(report: Report) -> list[Effect]:
    """Everything that accepting the report would change, area by area; changes nothing."""
    return [effect for each in _readers.values() for effect in each.preview(report)]


def accepted(report: Report, *, actor: User, at: datetime) -> None:
    """Change what follows from the acceptance; called inside its transaction."""
    for each in _readers.values():
        if each.accepted:
            each.accepted(report, actor, at)


def handed_in(report: Report, *, actor: User, at: datetime) -> None:
    """Change what follows from the day of a hand-in; called inside its transaction."""
    for each in _readers.values():
        if each.handed_in:
            each.handed_in(report, actor, at)
