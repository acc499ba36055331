"""Notices of the person at hand, where letters go, and the administrator's view of the work."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_tasks_db.models import DBTaskResult

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.accounts.models import User
from thidua.accounts.once import once
from thidua.notices.forms import AddressForm
from thidua.notices.models import Delivery, Notice
from thidua.notices.permissions import can_keep_background
from thidua.notices.queries import background, failed_letters, notices_of, unsent
from thidua.notices.services import (
    is_own_path,
    mark_all_seen,
    mark_seen,
    run_job_again,
    send_again,
    set_address,
)
from thidua.rules.errors import RuleError

PER_PAGE = 30
AT_ONCE = 200


@signed_in
def notice_list(request: SignedInRequest) -> HttpResponse:
    """What the person was told."""
    page = Paginator(notices_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notices/list.html",
        {"page": page, "keeps_background": can_keep_background(request.user)},
    )


@signed_in
def notice_open(request: SignedInRequest, pk: int) -> HttpResponse:
    """Seen from now on, and to what it is about; also the link in the letter."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    mark_seen(notice=notice, actor=request.user, at=timezone.now())
    if notice.url and is_own_path(notice.url):
        return redirect(notice.url)
    return redirect("notices:list")


@signed_in
@require_POST
@once
def all_seen(request: SignedInRequest) -> HttpResponse:
    """Everything seen at once."""
    count = mark_all_seen(actor=request.user, at=timezone.now())
    messages.success(request, f"Đã đánh dấu {count} thông báo là đã xem.")
    return redirect("notices:list")


@signed_in
@once
def address(request: SignedInRequest) -> HttpResponse:
    """Where letters to the person at hand go."""
    return _address(request, request.user, "notices:list")


@requires(can_keep_background)
@once
def person_address(request: SignedInRequest, person: int) -> HttpResponse:
    """Where letters to somebody go: the administrator's page."""
    found = get_object_or_404(User, pk=person)
    return _address(request, found, "organisations:person", found.pk)


def _address(request: SignedInRequest, person: User, back: str, *keys: int) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"email": person.email})
    if form.is_valid():
        try:
            set_address(
                person=person,
                email=form.cleaned_data["email"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, "Đã lưu địa chỉ nhận thư.")
            return redirect(back, *keys)
    is_own = person == request.user
    return render(
        request, "notices/address.html", {"person": person, "is_own": is_own, "form": form}
    )


@requires(can_keep_background)
def background_work(request: SignedInRequest) -> HttpResponse:
    """Workers, schedules, letters that did not go, jobs that were given up."""
    page = Paginator(unsent(), PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    return render(
        request, "notices/background.html", {"work": background(now), "page": page, "now": now}
    )


@requires(can_keep_background)
@require_POST
@once
def letter_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """One letter back to the outbox."""
    delivery = get_object_or_404(Delivery, pk=pk)
    try:
        send_again(delivery=delivery, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Thư đã trở lại hàng chờ và sẽ được gửi ngay khi có thể.")
    return redirect("notices:background")


@requires(can_keep_background)
@require_POST
@once
def letters_again(request: SignedInRequest) -> HttpResponse:
    """Every failed letter back to the outbox, as far as its recipient can be reached."""
    now, done, left = timezone.now(), 0, 0
    for delivery in failed_letters()[:AT_ONCE]:
        try:
            send_again(delivery=delivery, actor=request.user, at=now)
        except RuleError:
            left += 1
        else:
            done += 1
    messages.success(request, f"Đã đưa {done} thư trở lại hàng chờ.")
    if left:
        messages.warning(request, f"{left} thư còn lại: người nhận chưa có địa chỉ dùng được.")
    return redirect("notices:background")


@requires(can_keep_background)
@require_POST
@once
def job_again(request: SignedInRequest, job: UUID) -> HttpResponse:
    """One job that was given up is tried again."""
    task = get_object_or_404(DBTaskResult, pk=job)
    try:
        run_job_again(task=task, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Việc này đã trở lại hàng chờ.")
    return redirect("notices:background")
