"""Letters from the outbox to the mail server: never lost, tried again for three days (R21).

A letter is taken in one short transaction, sent outside any, and settled in another: a slow mail
server holds up no one who writes. At least once: a worker killed between the server's yes and its
own note sends the letter again, with the same Message-ID.
"""

import logging
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from thidua.notices.models import Delivery, DeliveryQuerySet, Notice
from thidua.notices.services import unreachable_because

logger = logging.getLogger(__name__)

BATCH = 50
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
)
THEN_EVERY = timedelta(hours=6)
# The last one about three days after the first. Counted, not timed: a clock may jump (R12).
TRIES = 16


def due(now: datetime) -> DeliveryQuerySet:
    """Letters whose time has come. None is put off for longer than six hours: one that seems to
    be was put off before the clock was set back."""
    come = Q(next_try_at__lte=now) | Q(next_try_at__gt=now + THEN_EVERY)
    return Delivery.objects.waiting().filter(come, leased_by="").order_by("next_try_at", "pk")


def send_due(worker_id: str, *, is_ending: Callable[[], bool] = bool) -> bool:
    """Send one batch; True where there was one. Without a mail server set up, letters wait."""
    if not settings.MAIL_CONFIGURED or not due(timezone.now()).exists():
        return False
    taken = _take(worker_id)
    try:
        _send(taken, worker_id, is_ending)
    finally:
        _release(worker_id)
    return bool(taken)


@transaction.atomic
def _take(worker_id: str) -> list[Delivery]:
    rows = due(timezone.now()).select_for_update(skip_locked=True, of=("self",))
    taken = list(rows.select_related("notice__recipient")[:BATCH])
    Delivery.objects.filter(pk__in=[each.pk for each in taken]).update(leased_by=worker_id)
    return taken


def _release(worker_id: str) -> None:
    """What was taken and not tried is there for the next."""
    held = Delivery.objects.filter(leased_by=worker_id)
    if held.exists():
        held.update(leased_by="")


def _send(taken: list[Delivery], worker_id: str, is_ending: Callable[[], bool]) -> None:
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:  # noqa: BLE001 - no server, no route, no certificate, no password
        # Nobody's letter in particular: one try of each, instead of one wait for each.
        for delivery in taken:
            _put_off(delivery, worker_id, reason_of(error))
        return
    try:
        for delivery in taken:
            if is_ending() or not _send_one(connection, delivery, worker_id):
                return
    finally:
        _close(connection)


def _send_one(connection: Any, delivery: Delivery, worker_id: str) -> bool:
    """One letter; False where the server went away, so that the others wait for the next.

    It goes where its recipient has letters sent today, or nowhere: it may have waited for days.
    """
    recipient = delivery.notice.recipient
    if why_not := unreachable_because(recipient):
        _give_up(delivery, worker_id, why_not)
        return True
    delivery.address = recipient.email
    try:
        connection.send_messages([letter(delivery, connection)])
    except Exception as error:  # noqa: BLE001 - one letter's trouble is not the others'
        _put_off(delivery, worker_id, reason_of(error))
        return not is_lost(error)
    # It has gone, whoever may hold it by now.
    Delivery.objects.waiting().filter(pk=delivery.pk).update(
        state=Delivery.State.SENT,
        address=delivery.address,
        sent_at=timezone.now(),
        tries=F("tries") + 1,
        last_error="",
        leased_by="",
    )
    return True


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (SMTPException, OSError) as error:
        logger.info("closing the mail connection: %s", type(error).__name__)


def _put_off(delivery: Delivery, worker_id: str, reason: str) -> None:
    """One more try failed: the next after a growing pause, or the end with the reason."""
    tries = delivery.tries + 1
    pause = PAUSES[tries - 1] if tries <= len(PAUSES) else THEN_EVERY
    Delivery.objects.filter(pk=delivery.pk, leased_by=worker_id).update(
        state=Delivery.State.FAILED if tries >= TRIES else Delivery.State.WAITING,
        tries=tries,
        next_try_at=timezone.now() + pause,
        last_error=reason,
        leased_by="",
    )
    logger.warning("letter %s, try %s: %s", delivery.pk, tries, reason)


def _give_up(delivery: Delivery, worker_id: str, why_not: str) -> None:
    """Since it was written its recipient has given up the address, or the account was closed."""
    Delivery.objects.filter(pk=delivery.pk, leased_by=worker_id).update(
        state=Delivery.State.NO_ADDRESS, address="", last_error=why_not, leased_by=""
    )


def letter(delivery: Delivery, connection: Any = None) -> EmailMessage:
    """The letter of a notice: what it says, and where to open it."""
    notice = delivery.notice
    link = f"{settings.PUBLIC_URL}{reverse('notices:open', args=[notice.pk])}"
    lines = [
        f"Kính gửi {notice.recipient.full_name},",
        notice.body or notice.title,
        *_delayed(notice),
        f"Mở trong phần mềm Thi đua: {link}",
        "Thư này do phần mềm Thi đua tự gửi. Xin không trả lời thư; "
        "địa chỉ nhận thư đặt ở trang Thông báo.",
    ]
    return EmailMessage(
        subject=notice.title,
        body="\n\n".join(lines) + "\n",
        to=[delivery.address],
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _delayed(notice: Notice) -> list[str]:
    """A letter that waited overnight says of which day its “hôm nay” and “còn 3 ngày” are."""
    written, now = timezone.localtime(notice.created_at), timezone.localtime()
    if written.date() == now.date():
        return []
    return [f"Thông báo này lập lúc {written:%H:%M} ngày {written:%d/%m/%Y}."]


def is_lost(error: Exception) -> bool:
    """The connection, not the letter, is in trouble."""
    if isinstance(error, SMTPException):
        return isinstance(error, SMTPServerDisconnected)
    return isinstance(error, OSError)


def reason_of(error: Exception) -> str:
    """Why a letter did not go, in words of ours: a server's answer may quote the letter (T09)."""
    if isinstance(error, SMTPRecipientsRefused):
        code = next((code for code, _ in error.recipients.values()), 0)
        return f"Máy chủ thư không nhận địa chỉ của người nhận (mã {code})."
    if isinstance(error, SMTPSenderRefused):
        return f"Máy chủ thư không nhận địa chỉ gửi đi (mã {error.smtp_code})."
    if isinstance(error, SMTPAuthenticationError):
        return "Máy chủ thư không nhận tên đăng nhập hoặc mật khẩu của phần mềm."
    if isinstance(error, SMTPResponseException):
        return f"Máy chủ thư từ chối (mã {error.smtp_code})."
    # smtplib calls a silence a lost connection.
    if isinstance(error, SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        error = error.__context__
    for kind, said in REASONS:
        if isinstance(error, kind):
            return said
    return f"Không lập được thư ({type(error).__name__})."


REASONS: tuple[tuple[type[Exception], str], ...] = (
    (SMTPServerDisconnected, "Máy chủ thư ngắt kết nối giữa chừng."),
    (SMTPException, "Máy chủ thư không theo giao thức mà phần mềm cần."),
    (socket.gaierror, "Không tìm thấy máy chủ thư: tên máy sai hoặc mạng không thông."),
    (ssl.SSLError, "Không lập được kết nối mã hoá với máy chủ thư."),
    (TimeoutError, "Máy chủ thư không trả lời."),
    (ConnectionRefusedError, "Máy chủ thư từ chối kết nối."),
    (OSError, "Không kết nối được máy chủ thư."),
)
