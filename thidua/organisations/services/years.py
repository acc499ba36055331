"""Setting up a cluster's year: members, leadership, milestones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.queries import history_of
from thidua.audit.services import record
from thidua.organisations.models import (
    Cluster,
    EmulationYear,
    Membership,
    Milestone,
    Organisation,
)
from thidua.organisations.permissions import can_open_year, can_set_up_year
from thidua.rules.errors import RuleError
from thidua.rules.milestones import allowed_days, default_milestones


@transaction.atomic
def open_year(
    *, cluster: Cluster, year: int, members_as_of: date, actor: User | None, at: datetime
) -> EmulationYear:
    """A new emulation year with the customary milestones; `actor` None is the set-up itself."""
    if actor is not None and not can_open_year(actor):
        raise PermissionDenied
    # Two who open the same year wait here for each other, and the second is told.
    cluster = Cluster.objects.select_for_update().get(pk=cluster.pk)
    if EmulationYear.objects.filter(cluster=cluster, year=year).exists():
        raise RuleError(f"{cluster} đã có năm {year}.")
    opened = EmulationYear.objects.create(cluster=cluster, year=year, members_as_of=members_as_of)
    Milestone.objects.bulk_create(
        Milestone(year=opened, kind=default.kind, due_on=default.due_on, source=default.source)
        for default in default_milestones(year)
    )
    record(actor, Action.YEAR_OPENED, opened, at=at, members_as_of=members_as_of.isoformat())
    return opened


def _lock(year: EmulationYear, version: int | None) -> EmulationYear:
    """The year's row, locked; refused when somebody changed it since the page was opened (R08)."""
    locked = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if version is not None and locked.version != version:
        raise RuleError(_who_was_first(year))
    return locked


def _who_was_first(year: EmulationYear) -> str:
    last = history_of(year, limit=1)
    who = last[0].actor_label if last else "Người khác"
    when = f" lúc {timezone.localtime(last[0].at):%H:%M ngày %d/%m/%Y}" if last else ""
    return (
        f"{who} đã sửa thiết lập của năm này{when}, sau khi bạn mở trang. "
        "Nội dung bạn gửi chưa được lưu; hãy mở lại trang, xem bản mới rồi sửa tiếp."
    )


def _touch(year: EmulationYear) -> None:
    year.version += 1
    year.save(update_fields=["version", "members_as_of"])


@transaction.atomic
def set_members(
    *,
    year: EmulationYear,
    organisations: Sequence[Organisation],
    lead: Organisation,
    deputy: Organisation | None,
    members_as_of: date,
    version: int | None = None,
    actor: User | None,
    at: datetime,
) -> None:
    """The members in their order, with one lead and at most one deputy.

    Refused for an organisation that did not exist on the day, and once the year is under way: a
    member that has taken part cannot be dropped.
    """
    if actor is not None and not can_set_up_year(actor, year):
        raise PermissionDenied
    year = _lock(year, version)
    _check_members(organisations, lead, deputy, members_as_of)
    existing = {m.organisation_id: m for m in year.memberships.all()}
    chosen = {organisation.pk for organisation in organisations}
    dropped = [m for key, m in existing.items() if key not in chosen]
    for membership in dropped:
        if has_taken_part(membership):
            raise RuleError(
                f"{membership.organisation} đã tham gia các việc trong năm nên không bỏ ra được."
            )
    Membership.objects.filter(pk__in=[m.pk for m in dropped]).delete()
    # Two steps, because one lead per year is a constraint of the database.
    year.memberships.update(role=Membership.Role.MEMBER)
    for order, organisation in enumerate(organisations, start=1):
        role = Membership.Role.MEMBER
        if organisation.pk == lead.pk:
            role = Membership.Role.LEAD
        elif deputy is not None and organisation.pk == deputy.pk:
            role = Membership.Role.DEPUTY
        Membership.objects.update_or_create(
            year=year, organisation=organisation, defaults={"role": role, "order": order}
        )
    year.members_as_of = members_as_of
    _touch(year)
    record(
        actor,
        Action.MEMBERS_SET,
        year,
        at=at,
        members=[organisation.short_name for organisation in organisations],
        lead=lead.short_name,
        deputy=deputy.short_name if deputy else None,
        members_as_of=members_as_of.isoformat(),
    )


def _check_members(
    organisations: Sequence[Organisation],
    lead: Organisation,
    deputy: Organisation | None,
    day: date,
) -> None:
    if len(organisations) < 2:
        raise RuleError("Một cụm cần ít nhất hai đơn vị thành viên.")
    for organisation in organisations:
        if not organisation.exists_on(day):
            raise RuleError(f"{organisation} không tồn tại vào ngày {day:%d/%m/%Y}.")
    if lead not in organisations:
        raise RuleError("Cụm trưởng phải là một đơn vị thành viên.")
    if deputy is not None and deputy not in organisations:
        raise RuleError("Cụm phó phải là một đơn vị thành viên.")
    if deputy == lead:
        raise RuleError("Cụm trưởng và cụm phó phải là hai đơn vị khác nhau.")


def has_taken_part(membership: Membership) -> bool:
    """Any record of the year refers to this membership (areas below name themselves by relation)."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: membership}).exists()
        for relation in Membership._meta.related_objects
    )


@transaction.atomic
def set_milestones(
    *,
    year: EmulationYear,
    dates: Mapping[str, date],
    version: int | None = None,
    actor: User,
    at: datetime,
) -> None:
    """Move the year's milestones; `dates` by kind. A moved date says that the cluster set it."""
    if not can_set_up_year(actor, year):
        raise PermissionDenied
    year = _lock(year, version)
    changes: dict[str, str] = {}
    for milestone in year.milestones.all():
        wanted = dates.get(milestone.kind, milestone.due_on)
        if wanted == milestone.due_on:
            continue
        first, last = allowed_days(year.year)
        label = milestone.get_kind_display()
        if not first <= wanted <= last:
            raise RuleError(
                f"Mốc “{label}” phải trong khoảng từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}."
            )
        changes[label] = f"{milestone.due_on:%d/%m/%Y} → {wanted:%d/%m/%Y}"
        milestone.due_on = wanted
        milestone.source = "Do cụm tự đặt"
        milestone.save(update_fields=["due_on", "source"])
    if changes:
        _touch(year)
        record(actor, Action.MILESTONES_SET, year, at=at, changes=changes)
