"""Setting up a cluster's year: members, leadership, milestones; giving people their roles."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import (
    Assignment,
    Cluster,
    EmulationYear,
    Membership,
    Milestone,
    Organisation,
)
from thidua.organisations.permissions import (
    can_open_year,
    can_set_up_year,
    is_administrator,
)
from thidua.rules.errors import RuleError
from thidua.rules.milestones import default_milestones


@transaction.atomic
def open_year(
    *, cluster: Cluster, year: int, members_as_of: date, actor: User | None, at: datetime
) -> EmulationYear:
    """A new emulation year with the customary milestones; `actor` None is the set-up itself."""
    if actor is not None and not can_open_year(actor):
        raise PermissionDenied
    if EmulationYear.objects.filter(cluster=cluster, year=year).exists():
        raise RuleError(f"{cluster} đã có năm {year}.")
    opened = EmulationYear.objects.create(
        cluster=cluster, year=year, members_as_of=members_as_of
    )
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
        raise RuleError(
            "Người khác vừa sửa thiết lập của năm này. Hãy tải lại trang để xem rồi sửa tiếp; "
            "nội dung bạn gửi chưa được lưu."
        )
    return locked


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
        relation.related_model._default_manager.filter(
            **{relation.field.name: membership}
        ).exists()
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
        if not date(year.year, 1, 1) <= wanted <= date(year.year + 1, 3, 31):
            raise RuleError(
                f"Mốc “{milestone.get_kind_display()}” phải trong khoảng từ 01/01/{year.year} "
                f"đến 31/03/{year.year + 1}."
            )
        changes[milestone.kind] = f"{milestone.due_on.isoformat()} → {wanted.isoformat()}"
        milestone.due_on = wanted
        milestone.source = "Do cụm tự đặt"
        milestone.save(update_fields=["due_on", "source"])
    if changes:
        _touch(year)
        record(actor, Action.MILESTONES_SET, year, at=at, changes=changes)


@transaction.atomic
def give_assignment(
    *,
    user: User,
    role: Assignment.Role,
    organisation: Organisation | None = None,
    cluster: Cluster | None = None,
    post: str = "",
    valid_from: date,
    actor: User | None,
    at: datetime,
) -> Assignment:
    """Give a person a role from a day on; `actor` None is the set-up itself."""
    if actor is not None:
        if not is_administrator(actor):
            raise PermissionDenied
        if actor == user:
            raise RuleError("Không ai tự giao vai trò cho mình.")
    needs_organisation = role in {
        Assignment.Role.OFFICER,
        Assignment.Role.HEAD,
        Assignment.Role.SUPERIOR,
    }
    needs_cluster = role in {Assignment.Role.APPRAISER, Assignment.Role.COUNCIL_MEMBER}
    if needs_organisation != (organisation is not None):
        raise RuleError("Vai trò này gắn với một đơn vị: hãy chọn đơn vị, không chọn cụm.")
    if needs_cluster != (cluster is not None):
        raise RuleError("Vai trò này gắn với cụm: hãy chọn cụm, không chọn đơn vị.")
    assignment = Assignment.objects.create(
        user=user,
        role=role,
        organisation=organisation,
        cluster=cluster,
        post=post,
        valid_from=valid_from,
    )
    record(actor, Action.ASSIGNMENT_GIVEN, assignment, at=at, valid_from=valid_from.isoformat())
    return assignment


@transaction.atomic
def end_assignment(
    *, assignment: Assignment, last_day: date, actor: User, at: datetime
) -> None:
    """The role ends after `last_day`; rights go with it, also in open sessions."""
    if not is_administrator(actor):
        raise PermissionDenied
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.valid_to is not None:
        raise RuleError("Vai trò này đã có ngày kết thúc.")
    if last_day < assignment.valid_from:
        raise RuleError("Ngày kết thúc phải từ ngày bắt đầu trở đi.")
    assignment.valid_to = last_day
    assignment.save(update_fields=["valid_to"])
    record(actor, Action.ASSIGNMENT_ENDED, assignment, at=at, last_day=last_day.isoformat())


@transaction.atomic
def add_person(
    *, username: str, full_name: str, email: str, actor: User | None, at: datetime
) -> tuple[User, str]:
    """A new person and the first password, shown once and changed at the first sign-in by them."""
    if actor is not None and not is_administrator(actor):
        raise PermissionDenied
    password = first_password()
    user = User.objects.create_user(username, full_name, password)
    user.email = email
    user.save(update_fields=["email"])
    record(actor, Action.PERSON_ADDED, user, at=at, username=user.username)
    return user, password


@transaction.atomic
def set_active(*, user: User, active: bool, actor: User, at: datetime) -> None:
    """Disable a person, which ends their sessions at once, or let them in again."""
    if not is_administrator(actor):
        raise PermissionDenied
    if user == actor:
        raise RuleError("Bạn không thể tự khoá tài khoản của mình.")
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(actor, Action.PERSON_ENABLED if active else Action.PERSON_DISABLED, user, at=at)


@transaction.atomic
def renew_password(*, user: User, actor: User, at: datetime) -> str:
    """A new first password for who forgot theirs; every open session of theirs ends."""
    if not is_administrator(actor):
        raise PermissionDenied
    if user == actor:
        raise RuleError("Hãy đổi mật khẩu của mình ở trang Đổi mật khẩu.")
    user = User.objects.select_for_update().get(pk=user.pk)
    password = first_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor, Action.PASSWORD_RENEWED, user, at=at)
    return password


def first_password() -> str:
    """Readable over the telephone: four groups of four, no letters that look alike."""
    alphabet = "abcdefghkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
