"""Double click, resend, reload: one effect and the same answer (threat model R11).

Every page that posts carries `{% idempotency_key %}`. The key is stored in the transaction of the
act itself, so there is never an effect without its key nor a key without its effect.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from thidua.accounts.models import HandledPost, User

FIELD = "idempotency_key"
KEY = re.compile(r"[0-9a-f]{32}")
# Different on every page although the person sends the same.
NOT_CONTENT = {FIELD, "csrfmiddlewaretoken"}

NO_KEY = "Biểu mẫu gửi lên thiếu mã lần gửi nên chưa được ghi nhận. Hãy mở lại trang rồi gửi lại."
FOREIGN_KEY = (
    "Mã lần gửi không thuộc về bạn hoặc về trang này nên chưa được ghi nhận. "
    "Hãy mở lại trang rồi gửi lại."
)
OTHER_CONTENT = (
    "Biểu mẫu này đã được gửi và ghi nhận một lần với nội dung khác; nội dung vừa gửi chưa được "
    "ghi nhận. Hãy mở lại trang, xem nội dung đã ghi rồi sửa và gửi lại."
)

View = TypeVar("View", bound=Callable[..., HttpResponse])


class _NotDone(Exception):
    """The view answered with a page instead of a redirect: nothing of it may stay."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def once(view: View) -> View:
    """A POST view whose effect happens once per key; put it under the access mark.

    A redirect (301 to 308 or HX-Redirect) means done: effect, key, address and messages are
    committed together and given again to every repetition. Any other answer, or an exception,
    means not done: everything is rolled back, the journal included, and the key stays free.
    A post without a key, with another person's, another page's or for other content: 400.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise PermissionDenied
        key = request.POST.get(FIELD, "")
        if not KEY.fullmatch(key):
            return _refuse(request, NO_KEY)
        content = _content(request)
        try:
            with transaction.atomic():
                row = _claim(request.user, request.path, key, content)
                if row is None:
                    return _repeat(request, HandledPost.objects.get(key=key), content)
                return _do(request, row, lambda: view(request, *args, **kwargs))
        except _NotDone as not_done:
            return not_done.response

    return cast("View", wrapped)


def forget_old_posts(before: datetime) -> int:
    """Remove the keys of posts handled before a moment; returns how many."""
    return HandledPost.objects.filter(created_at__lt=before).delete()[0]


def _claim(user: User, path: str, key: str, content: str) -> HandledPost | None:
    """The key's row, or None where it is taken. A second post waits here for the first to end."""
    try:
        with transaction.atomic():
            return HandledPost.objects.create(key=key, user=user, path=path, content=content)
    except IntegrityError:
        return None


def _do(request: HttpRequest, row: HandledPost, act: Callable[[], HttpResponse]) -> HttpResponse:
    # Django has no public way to see what was added since.
    queue: Any = messages.get_messages(request)
    already = len(queue._queued_messages)
    response = act()
    location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    if not location:
        raise _NotDone(response)
    row.status, row.location = response.status_code, location
    row.messages = [
        {"level": said.level, "text": str(said.message), "tags": said.extra_tags or ""}
        for said in queue._queued_messages[already:]
    ]
    row.save(update_fields=["status", "location", "messages"])
    return response


def _repeat(request: HttpRequest, row: HandledPost, content: str) -> HttpResponse:
    if row.user_id != request.user.pk or row.path != request.path:
        return _refuse(request, FOREIGN_KEY)
    if row.content != content:
        return _refuse(request, OTHER_CONTENT)
    for said in row.messages:
        messages.add_message(request, said["level"], said["text"], extra_tags=said["tags"])
    if not 300 <= row.status < 400:
        return HttpResponse(status=row.status, headers={"HX-Redirect": row.location})
    return HttpResponseRedirect(row.location, status=row.status)


def _content(request: HttpRequest) -> str:
    """SHA-256 over the fields and files sent, in any order of fields."""
    digest = hashlib.sha256()
    for name in sorted(request.POST.keys() - NOT_CONTENT):
        for value in request.POST.getlist(name):
            digest.update(f"{len(name)}:{name}={len(value)}:{value}".encode())
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            digest.update(f"{len(name)}:{name}@{upload.size}:{upload.name}".encode())
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()


def _refuse(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "accounts/refused_post.html", {"why": why}, status=400)
