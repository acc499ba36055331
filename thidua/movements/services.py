"""Launching the year's movement and confirming that it was received."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.movements.models import Goal, Launch, Receipt
from thidua.movements.permissions import (
    can_confirm_receipt,
    can_draft_launch,
    can_publish_launch,
)
from thidua.organisations.models import EmulationYear, Membership
from thidua.rules.errors import RuleError

STALE = (
    "Người khác vừa sửa bản soạn này nên việc bạn vừa làm chưa được ghi nhận. "
    "Hãy xem bản đang lưu rồi làm lại."
)


@dataclass(frozen=True)
class LaunchText:
    """What the lead types."""

    plan_number: str
    plan_on: date
    slogan: str
    theme: str
    introduction: str
    goals: tuple[str, ...]


@transaction.atomic
def save_launch(
    *,
    year: EmulationYear,
    text: LaunchText,
    version: int | None,
    actor: User,
    at: datetime,
) -> Launch:
    """Keep the draft. `version` is the one the person saw; None makes the first draft."""
    if not can_draft_launch(actor, year):
        raise PermissionDenied
    # The year's row, because there is no launch to lock when two people write the first draft.
    EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    launch = Launch.objects.select_for_update(of=("self",)).filter(year=year).first()
    if launch is not None:
        if launch.published_at is not None:
            raise RuleError("Phát động đã công bố nên không sửa được nữa.")
        if version != launch.version:
            raise RuleError(STALE)
    else:
        launch = Launch(year=year, version=0)
    launch.plan_number = text.plan_number
    launch.plan_on = text.plan_on
    launch.slogan = text.slogan
    launch.theme = text.theme
    launch.introduction = text.introduction
    launch.version += 1
    launch.save()
    launch.goals.all().delete()
    Goal.objects.bulk_create(
        Goal(launch=launch, order=order, text=goal)
        for order, goal in enumerate(text.goals, start=1)
    )
    record(actor, Action.LAUNCH_DRAFTED, launch, at=at, version=launch.version)
    return launch


@transaction.atomic
def publish_launch(
    *, launch: Launch, actor: User, at: datetime, version: int | None = None
) -> Launch:
    """Send it to the members; from now on it does not change.

    `version` is the one the person read; another text than that is not published.
    """
    launch = Launch.objects.select_for_update(of=("self",)).get(pk=launch.pk)
    if not can_publish_launch(actor, launch):
        raise PermissionDenied
    if launch.published_at is not None:
        raise RuleError("Phát động này đã được công bố.")
    if version is not None and version != launch.version:
        raise RuleError(STALE)
    if not launch.goals.exists():
        raise RuleError("Phát động chưa có mục tiêu nào. Hãy ghi ít nhất một mục tiêu.")
    if launch.year.memberships.count() < 2:
        raise RuleError("Năm này chưa chọn đơn vị thành viên. Hãy thiết lập thành viên trước.")
    launch.published_at = at
    launch.published_by = actor
    launch.save(update_fields=["published_at", "published_by"])
    record(actor, Action.LAUNCH_PUBLISHED, launch, at=at, slogan=launch.slogan)
    return launch


@transaction.atomic
def confirm_receipt(
    *, launch: Launch, membership: Membership, actor: User, at: datetime
) -> Receipt:
    """The head of a member confirms to have received the launch."""
    launch = Launch.objects.select_for_update(of=("self",)).get(pk=launch.pk)
    if not can_confirm_receipt(actor, launch, membership):
        raise PermissionDenied
    if launch.published_at is None:
        raise RuleError("Phát động chưa được công bố.")
    if launch.receipts.filter(membership=membership).exists():
        raise RuleError("Đơn vị đã xác nhận nhận phát động trước đó.")
    receipt = Receipt.objects.create(
        launch=launch, membership=membership, confirmed_by=actor, confirmed_at=at
    )
    record(actor, Action.LAUNCH_RECEIVED, launch, at=at, organisation=str(membership.organisation))
    return receipt
