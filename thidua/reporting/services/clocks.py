"""Setting the length of a clock that no text of law was read for."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.reporting.models import ClockSetting
from thidua.reporting.permissions import can_keep_deadlines
from thidua.reporting.queries import setting_history
from thidua.rules.deadlines import (
    VARIANTS,
    Clock,
    Period,
    find_clock,
    shipped_clocks,
    with_setting,
)
from thidua.rules.errors import RuleError


class StaleSetting(RuleError):
    """Somebody set the clock after the page was opened."""


@transaction.atomic
def set_clock(
    *,
    code: str,
    lengths: Mapping[str, Period],
    reason: str,
    number: int,
    actor: User,
    at: datetime,
) -> ClockSetting:
    """Give a clock other lengths for the whole installation; no lengths: back to the shipped ones.

    `number` is the setting the person saw, 0 for none. Only clocks marked as settings can be set.
    Raises `PermissionDenied`, `StaleSetting`, `RuleError`.
    """
    if not can_keep_deadlines(actor):
        raise PermissionDenied
    clock = find_clock(shipped_clocks(), code)
    with_setting(shipped_clocks(), code, lengths)
    if not reason.strip():
        raise RuleError("Hãy ghi căn cứ hoặc lý do của việc đặt lại.")
    current = setting_history(code).first()
    old = current.lengths if current else {}
    if number != (current.number if current else 0):
        raise _stale(clock)
    new = {variant: str(period) for variant, period in lengths.items()}
    if new == old:
        raise RuleError(f"Thời hạn “{clock.name}” không có gì khác so với đang dùng.")
    setting = ClockSetting(
        code=code,
        number=number + 1,
        lengths=new,
        reason=" ".join(reason.split())[:500],
        set_by=actor,
        set_at=at,
    )
    _add(setting, clock)
    record(
        actor,
        Action.CLOCK_SET,
        setting,
        at=at,
        clock=clock.name,
        old=_in_words(old),
        new=_in_words(new),
        reason=setting.reason,
    )
    return setting


def _add(setting: ClockSetting, clock: Clock) -> None:
    try:
        with transaction.atomic():
            setting.save(force_insert=True)
    except IntegrityError as error:
        raise _stale(clock) from error


def _stale(clock: Clock) -> StaleSetting:
    return StaleSetting(
        f"Thời hạn “{clock.name}” vừa được một người khác đặt lại. Hãy mở lại trang để xem số mới."
    )


def _in_words(lengths: Mapping[str, str]) -> str:
    said = "; ".join(f"{VARIANTS[variant]}: {text}" for variant, text in lengths.items())
    return said or "số có sẵn của phần mềm"
