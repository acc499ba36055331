"""People: their accounts, their first passwords, their roles."""

import secrets
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from thidua.accounts.models import USERNAME_RULE, User
from thidua.accounts.services import disable, enable, end_all_sessions
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import Assignment, Cluster, Organisation
from thidua.organisations.permissions import is_administrator
from thidua.rules.errors import RuleError

Role = Assignment.Role
OF_ORGANISATION = {Role.OFFICER, Role.HEAD, Role.SUPERIOR}
OF_CLUSTER = {Role.APPRAISER, Role.COUNCIL_MEMBER}


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
    _check_place(role, organisation, cluster)
    # Two who give the same role at once wait here for each other, and the second is told.
    user = User.objects.select_for_update().get(pk=user.pk)
    same = user.assignments.filter(role=role, organisation=organisation, cluster=cluster)
    if same.filter(valid_to=None).exists():
        raise RuleError("Người này đang giữ đúng vai trò ấy ở đúng nơi ấy.")
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


def _check_place(
    role: Assignment.Role, organisation: Organisation | None, cluster: Cluster | None
) -> None:
    name = f"Vai trò “{role.label}”"
    if role in OF_ORGANISATION and (organisation is None or cluster is not None):
        raise RuleError(f"{name} gắn với một đơn vị: hãy chọn đơn vị và để trống cụm.")
    if role in OF_CLUSTER and (cluster is None or organisation is not None):
        raise RuleError(f"{name} gắn với cụm: hãy chọn cụm và để trống đơn vị.")
    if role == Role.ADMINISTRATOR and (organisation is not None or cluster is not None):
        raise RuleError(f"{name} là của toàn hệ thống: hãy để trống cả đơn vị và cụm.")


@transaction.atomic
def end_assignment(*, assignment: Assignment, last_day: date, actor: User, at: datetime) -> None:
    """The role ends after `last_day`; rights go with it, also in open sessions."""
    if not is_administrator(actor):
        raise PermissionDenied
    # Whoever ends a role remains: there is always an administrator left.
    if assignment.user_id == actor.pk:
        raise RuleError("Không ai tự kết thúc vai trò của mình; hãy nhờ một người quản trị khác.")
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.valid_to is not None:
        raise RuleError("Vai trò này đã có ngày kết thúc.")
    if last_day < assignment.valid_from:
        raise RuleError(
            f"Vai trò này bắt đầu ngày {assignment.valid_from:%d/%m/%Y}: "
            "ngày kết thúc phải từ ngày ấy trở đi."
        )
    assignment.valid_to = last_day
    assignment.save(update_fields=["valid_to"])
    end_all_sessions(user=assignment.user, actor=actor)
    record(actor, Action.ASSIGNMENT_ENDED, assignment, at=at, last_day=last_day.isoformat())


@transaction.atomic
def add_person(
    *, username: str, full_name: str, email: str, actor: User, at: datetime
) -> tuple[User, str]:
    """A new person and their first password, which is shown once and kept nowhere readable."""
    if not is_administrator(actor):
        raise PermissionDenied
    password = first_password()
    user = _new_user(username, full_name, password)
    user.email = email
    user.must_change_password = True
    user.save(update_fields=["email", "must_change_password"])
    record(actor, Action.PERSON_ADDED, user, at=at, username=user.username)
    return user, password


@transaction.atomic
def add_first_administrator(*, username: str, full_name: str, password: str, at: datetime) -> User:
    """The one administrator that nobody appoints: at set-up, where there is none yet."""
    if Assignment.objects.filter(role=Role.ADMINISTRATOR).exists():
        raise RuleError("Hệ thống đã có người quản trị.")
    user = _new_user(username, full_name, password)
    record(None, Action.PERSON_ADDED, user, at=at, username=user.username)
    give_assignment(
        user=user, role=Role.ADMINISTRATOR, valid_from=timezone.localdate(at), actor=None, at=at
    )
    return user


def _new_user(username: str, full_name: str, password: str) -> User:
    try:
        USERNAME_RULE(username)
    except ValidationError as error:
        raise RuleError(error.messages[0]) from None
    try:
        with transaction.atomic():
            return User.objects.create_user(username, full_name, password)
    except IntegrityError:
        raise RuleError(f"Tên đăng nhập “{username}” đã có người dùng.") from None


@transaction.atomic
def set_active(*, user: User, active: bool, actor: User, at: datetime) -> None:
    """Disable a person, which ends their sessions at once, or let them in again."""
    if not is_administrator(actor):
        raise PermissionDenied
    if user == actor:
        raise RuleError("Bạn không thể tự khoá tài khoản của mình.")
    user = User.objects.select_for_update().get(pk=user.pk)
    if active:
        enable(user=user, at=at)
    else:
        disable(user=user, actor=actor)
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
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_all_sessions(user=user, actor=actor)
    record(actor, Action.PASSWORD_RENEWED, user, at=at)
    return password


def first_password() -> str:
    """Readable over the telephone: four groups of four, no letters that look alike."""
    alphabet = "abcdefghkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
