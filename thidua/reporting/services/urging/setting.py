"""Setting the steps of a year."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear
from thidua.reporting.models import UrgingRule
from thidua.reporting.permissions import can_set_urging
from thidua.reporting.queries.urging import urging_of
from thidua.rules.errors import RuleError
from thidua.rules.urging import Rule, check_rule, differences, rule_to_data


@transaction.atomic
def change_urging_rule(
    *, year: EmulationYear, rule: Rule, reason: str, number: int, actor: User, at: datetime
) -> UrgingRule:
    """Set the steps of a year; `number` is the setting the person saw, 0 for none.

    What was sent stays sent. Refused: a rule that makes no sense, no change, no reason, somebody else's
    change in between.
    """
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if not can_set_urging(actor, year):
        raise PermissionDenied
    current = urging_of(year)
    if number != current.number:
        raise RuleError(
            "Người khác vừa đặt lại các bước đôn đốc. Hãy mở lại trang, xem bước mới rồi sửa tiếp."
        )
    check_rule(rule)
    if not reason.strip():
        raise RuleError("Hãy ghi lý do sửa các bước đôn đốc.")
    changes = differences(current.rule, rule)
    if not changes:
        raise RuleError("Các bước đôn đốc không có gì khác so với đang dùng.")
    setting = UrgingRule.objects.create(
        year=year,
        number=number + 1,
        content=rule_to_data(rule),
        reason=" ".join(reason.split())[:500],
        set_by=actor,
        set_at=at,
    )
    record(
        actor,
        Action.URGING_RULE_SET,
        setting,
        at=at,
        old="; ".join(one for one, _ in changes),
        new="; ".join(other for _, other in changes),
        reason=setting.reason,
    )
    return setting
