"""The launch: reading it, preparing it, publishing it, confirming its receipt."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.movements.forms import LaunchForm, whole_number
from thidua.movements.models import Launch
from thidua.movements.permissions import (
    can_confirm_receipt,
    can_draft_launch,
    can_publish_launch,
)
from thidua.movements.queries import launch_of, receipt_board
from thidua.movements.services import confirm_receipt, publish_launch, save_launch
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError


@signed_in
@require_safe
def launch(request: SignedInRequest, year: int) -> HttpResponse:
    """The published launch and who has received it; for the lead also the draft."""
    emulation_year = year_or_404(request.user, year)
    found = launch_of(request.user, emulation_year)
    context: dict[str, object] = {
        "year": emulation_year,
        "launch": found,
        "can_draft": can_draft_launch(request.user, emulation_year),
        "milestone": emulation_year.milestones.filter(kind="launch").first(),
        "lead": emulation_year.memberships.filter(role=Membership.Role.LEAD)
        .select_related("organisation")
        .first(),
    }
    if found is not None:
        context |= _about(request, emulation_year, found)
    return render(request, "movements/launch.html", context)


def _about(request: SignedInRequest, year: EmulationYear, found: Launch) -> dict[str, object]:
    own = own_membership(request.user, year)
    board = receipt_board(found)
    receipt = board.receipt_of(own)
    waiting = (timezone.now() - found.published_at).days if found.published_at else 0
    return {
        "board": board,
        "own": own,
        "own_receipt": receipt,
        "can_publish": can_publish_launch(request.user, found),
        "publish_fields": {"version": found.version},
        "can_confirm": (
            found.published_at is not None
            and own is not None
            and receipt is None
            and can_confirm_receipt(request.user, found, own)
        ),
        "waiting_days": waiting,
        "history": history_of(found),
    }


@signed_in
@once
def launch_edit(request: SignedInRequest, year: int) -> HttpResponse:
    """The lead writes the draft."""
    emulation_year = year_or_404(request.user, year)
    if not can_draft_launch(request.user, emulation_year):
        raise PermissionDenied
    found = launch_of(request.user, emulation_year)
    if found is not None and found.published_at is not None:
        messages.error(request, "Phát động đã công bố nên không sửa được nữa.")
        return redirect("movements:launch", year=year)
    form = LaunchForm(
        request.POST or None,
        year=emulation_year.year,
        initial=LaunchForm.initial_of(found) if found else None,
    )
    other = None
    if form.is_valid():
        try:
            save_launch(
                year=emulation_year,
                text=form.text(),
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            form.add_error(None, str(error))
            if found and found.version != form.cleaned_data["version"]:
                other = found
                form.show_anew(found.version)
        else:
            messages.success(request, "Đã lưu bản soạn. Đơn vị thành viên chưa thấy bản này.")
            return redirect("movements:launch", year=year)
    context = {
        "year": emulation_year,
        "launch": found,
        "form": form,
        "other": other,
        "last": next(iter(history_of(found, limit=1)), None) if other and found else None,
    }
    return render(request, "movements/launch_form.html", context)


@signed_in
@require_POST
@once
def launch_publish(request: SignedInRequest, year: int) -> HttpResponse:
    """The head of the lead sends the launch to the members."""
    found = _launch_or_404(request, year)
    try:
        publish_launch(
            launch=found,
            actor=request.user,
            at=timezone.now(),
            version=whole_number(request.POST.get("version", "")),
        )
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Đã công bố phát động tới các đơn vị thành viên.")
    return redirect("movements:launch", year=year)


@signed_in
@require_POST
@once
def launch_confirm(request: SignedInRequest, year: int) -> HttpResponse:
    """The head of a member confirms for the own unit; no other can be named."""
    found = _launch_or_404(request, year)
    own = own_membership(request.user, found.year)
    if own is None:
        raise PermissionDenied
    try:
        confirm_receipt(launch=found, membership=own, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Đã xác nhận {own.organisation} nhận phát động.")
    return redirect("movements:launch", year=year)


def _launch_or_404(request: SignedInRequest, year: int) -> Launch:
    found = launch_of(request.user, year_or_404(request.user, year))
    if found is None:
        raise Http404
    return found
