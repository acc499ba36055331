"""Telling people things, and what they and the administrator do about it."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.notices.jobs import Queued, Status
from thidua.notices.models import Delivery, JobFailure, Notice
from thidua.notices.permissions import can_keep_address, can_keep_background
from thidua.organisations.models import EmulationYear
from thidua.rules.errors import RuleError

TITLE_LENGTH = 200
NO_ADDRESS = "Người nhận chưa có địa chỉ thư điện tử."
BAD_ADDRESS = "Địa chỉ thư điện tử của người nhận không hợp lệ."
CLOSED = "Tài khoản của người nhận đang khoá."


@transaction.atomic
def notify(
    *,
    recipient: User,
    kind: str,
    title: str,
    body: str,
    url: str,
    key: str,
    at: datetime,
    year: EmulationYear | None = None,
    by_mail: bool = True,
) -> Notice:
    """Tell one person one thing, once per `key`; a repetition returns the notice of the first.

    In: `kind` a slug; `title` becomes one line of at most 200 characters; `url` a path of this
    product or empty. Out: the notice. Nothing is sent here: a letter waits in the outbox and goes
    with the caller's transaction or not at all. ValueError where `url` leads elsewhere.
    """
    if not is_own_path(url):
        raise ValueError(url)
    notice, is_new = Notice.objects.get_or_create(
        recipient=recipient,
        key=key,
        defaults={
            "kind": kind,
            "title": one_line(title),
            "body": body,
            "url": url,
            "year": year,
            "created_at": at,
        },
    )
    if is_new and by_mail:
        _put_in_outbox(notice, recipient, at)
    return notice


def one_line(text: str) -> str:
    """No line break and no other control character survives: a title becomes a mail header."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= TITLE_LENGTH else f"{line[: TITLE_LENGTH - 1].rstrip()}…"


def is_own_path(url: str) -> bool:
    """Empty, or a path below the root of this product."""
    return not url or (url[0] == "/" and url[1:2] not in {"/", "\\"} and url.isprintable())


def _put_in_outbox(notice: Notice, recipient: User, at: datetime) -> None:
    why_not = unreachable_because(recipient)
    Delivery.objects.create(
        notice=notice,
        address="" if why_not else recipient.email,
        message_id=_message_id(),
        state=Delivery.State.NO_ADDRESS if why_not else Delivery.State.WAITING,
        last_error=why_not,
        next_try_at=at,
    )


def unreachable_because(person: User) -> str:
    """Why no letter can go to a person; empty where one can."""
    if not person.is_active:
        return CLOSED
    if not person.email:
        return NO_ADDRESS
    try:
        validate_email(person.email)
    except ValidationError:
        return BAD_ADDRESS
    return ""


def _message_id() -> str:
    host = settings.PUBLIC_URL.partition("://")[2].partition(":")[0].partition("/")[0]
    return f"<{uuid4()}@{host}>"


def mark_seen(*, notice: Notice, actor: User, at: datetime) -> None:
    """The recipient has opened a notice; the first time counts."""
    if notice.recipient_id != actor.pk:
        raise PermissionDenied
    if Notice.objects.filter(pk=notice.pk).unseen().update(seen_at=at):
        notice.seen_at = at


def mark_all_seen(*, actor: User, at: datetime) -> int:
    """Every notice of the actor; returns how many were new."""
    return Notice.objects.visible_to(actor).unseen().update(seen_at=at)


@transaction.atomic
def set_address(*, person: User, email: str, actor: User, at: datetime) -> None:
    """Where letters to a person go from now on; empty: nowhere. Own, or the administrator's act.

    The journal says that it changed, not what it is: it is never deleted, an address may be.
    """
    if not can_keep_address(actor, person):
        raise PermissionDenied
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise RuleError(
                f"“{email}” không phải địa chỉ thư điện tử. Ví dụ đúng: nguyen.van.a@tinh.gov.vn."
            ) from None
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.email == email:
        return
    person.email = email
    person.save(update_fields=["email"])
    record(actor, Action.ADDRESS_SET, person, at=at, address="có" if email else "")


@transaction.atomic
def send_again(*, delivery: Delivery, actor: User, at: datetime) -> Delivery:
    """A letter that failed goes back to the outbox, to the address its recipient has today."""
    if not can_keep_background(actor):
        raise PermissionDenied
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("notice__recipient")
        .get(pk=delivery.pk)
    )
    if delivery.state in {Delivery.State.WAITING, Delivery.State.SENT}:
        raise RuleError("Thư này đang chờ gửi hoặc đã gửi rồi, không cần gửi lại.")
    recipient = delivery.notice.recipient
    why_not = unreachable_because(recipient)
    if why_not:
        raise RuleError(f"{why_not} Hãy sửa ở trang của người ấy rồi gửi lại.")
    delivery.address = recipient.email
    delivery.state, delivery.tries, delivery.last_error = Delivery.State.WAITING, 0, ""
    delivery.next_try_at = at
    delivery.save()
    record(actor, Action.LETTER_SENT_AGAIN, delivery, at=at, recipient=recipient.full_name)
    return delivery


@transaction.atomic
def run_job_again(*, task: Queued, actor: User, at: datetime) -> None:
    """A job that was given up gets three more tries; steps it has done stay done."""
    if not can_keep_background(actor):
        raise PermissionDenied
    task = DBTaskResult.objects.select_for_update().get(pk=task.pk)
    last = JobFailure.objects.filter(task=task).first()
    if task.status != Status.FAILED or last is None:
        raise RuleError("Việc này không ở trạng thái lỗi nên không cần chạy lại.")
    task.status, task.run_after, task.finished_at, task.worker_ids = Status.READY, at, None, []
    task.save(update_fields=["status", "run_after", "finished_at", "worker_ids"])
    record(actor, Action.JOB_RUN_AGAIN, last, at=at, reason=last.reason)
