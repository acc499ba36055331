"""The word of people where every written rule leaves units equal."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import Membership
from thidua.rules.errors import RuleError
from thidua.rules.scoring.ranking import Decision
from thidua.scoring.models import CriteriaSet, TieDecision
from thidua.scoring.permissions import can_decide_tie
from thidua.scoring.queries.standings import open_ties


@transaction.atomic
def decide_tie(
    *, criteria_set: CriteriaSet, order: Sequence[int], reason: str, actor: User, at: datetime
) -> TieDecision:
    """The head of the lead puts tied units in order, best first; `order` are keys of memberships.

    Only all units of one tie that the written rules leave open, and only with a reason. A later
    decision on the same units takes the place of an earlier one.
    """
    # Locked, so that two decisions at once come one after the other.
    criteria_set = (
        CriteriaSet.objects.select_for_update(of=("self",))
        .select_related("year__cluster")
        .get(pk=criteria_set.pk)
    )
    if not can_decide_tie(actor, criteria_set.year):
        raise PermissionDenied
    refuse_superseded_table(criteria_set)
    decision = Decision(tuple(order), reason)
    tied = [set(tie.members) for tie in open_ties(criteria_set)]
    if set(order) not in tied:
        raise RuleError(
            "Các đơn vị nêu trong quyết định không phải là một nhóm đang bằng điểm theo mọi quy tắc "
            "đã ghi. Hãy mở lại trang Xếp hạng: kết quả có thể vừa thay đổi."
        )
    made = TieDecision.objects.create(
        criteria_set=criteria_set,
        order=list(decision.order),
        reason=decision.reason.strip(),
        decided_by=actor,
        decided_at=at,
    )
    names = {
        member.pk: member.organisation.short_name
        for member in Membership.objects.filter(pk__in=order).select_related("organisation")
    }
    record(
        actor,
        Action.TIE_DECIDED,
        made,
        at=at,
        order=[names[key] for key in decision.order],
        reason=made.reason,
    )
    return made


def refuse_superseded_table(criteria_set: CriteriaSet) -> None:
    """RuleError unless the table is the one in force."""
    newer = CriteriaSet.objects.filter(
        year=criteria_set.year_id,
        state=CriteriaSet.State.ISSUED,
        number__gt=criteria_set.number,
    )
    if criteria_set.state != CriteriaSet.State.ISSUED or newer.exists():
        raise RuleError("Bảng điểm này không phải phiên bản đang có hiệu lực.")
