"""The lead drafts: text, groups, commitments, and the next version."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.movements.forms import VersionedForm
from thidua.organisations.scope import year_or_404
from thidua.pacts import services
from thidua.pacts.forms import (
    CommitmentForm,
    GroupForm,
    PactTextForm,
    StartForm,
)
from thidua.pacts.models import Commitment, CommitmentGroup, PactVersion
from thidua.pacts.permissions import (
    can_draft_pact,
)
from thidua.pacts.views.fetching import (
    act,
    commitment_or_404,
    group_or_404,
    pact_to_edit,
)
from thidua.pacts.views.reading import board_page
from thidua.rules.errors import RuleError

State = PactVersion.State


@signed_in
@require_POST
@once
def start(request: SignedInRequest, year: int) -> HttpResponse:
    """The first version, or the next one as a copy of the frozen one."""
    emulation_year = year_or_404(request.user, year)
    if not can_draft_pact(request.user, emulation_year):
        raise PermissionDenied
    form = StartForm(request.POST)
    if not form.is_valid():
        return board_page(request, emulation_year, form)
    return act(
        request,
        year,
        "Đã lập bản soạn. Hãy ghi lời mở đầu và các nhóm cam kết.",
        lambda: services.start_pact(
            year=emulation_year,
            title=form.cleaned_data["title"],
            actor=request.user,
            at=timezone.now(),
        ),
    )


def _edit_page(
    request: SignedInRequest,
    pact: PactVersion,
    form: VersionedForm,
    save: Callable[[int], object],
    *,
    heading: str,
    done: str,
    stored: str = "",
) -> HttpResponse:
    """A form over a pact that may still change; two people's texts are shown side by side (R08).

    `save` takes the version the person saw; `stored` is the text at stake as it is kept now.
    """
    if not can_draft_pact(request.user, pact.year):
        raise PermissionDenied
    if pact.state == State.FROZEN:
        messages.error(request, services.FROZEN)
        return redirect("pacts:board", year=pact.year_id)
    other = None
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            save(seen)
        except RuleError as error:
            form.add_error(None, str(error))
            if seen != pact.version:
                other = next(iter(history_of(pact, limit=1)), None)
                form.show_anew(pact.version)
        else:
            messages.success(request, done)
            return redirect("pacts:board", year=pact.year_id)
    context = {
        "year": pact.year,
        "pact": pact,
        "form": form,
        "heading": heading,
        "other": other,
        "stored": stored,
    }
    return render(request, "pacts/edit.html", context)


@signed_in
@once
def text_edit(request: SignedInRequest, year: int) -> HttpResponse:
    """Title, number, date, opening and closing."""
    pact = pact_to_edit(request, year)
    form = PactTextForm(request.POST or None, initial=PactTextForm.initial_of(pact))
    return _edit_page(
        request,
        pact,
        form,
        lambda seen: services.save_pact_text(
            pact=pact,
            title=form.cleaned_data["title"],
            preamble=form.cleaned_data["preamble"],
            closing=form.cleaned_data["closing"],
            document_number=form.cleaned_data["document_number"],
            dated_on=form.cleaned_data["dated_on"],
            version=seen,
            actor=request.user,
            at=timezone.now(),
        ),
        heading="Lời văn của giao ước",
        done="Đã lưu lời văn của giao ước.",
        stored="\n\n".join(filter(None, [pact.title, pact.preamble, pact.closing])),
    )


@signed_in
@once
def group_new(request: SignedInRequest, year: int) -> HttpResponse:
    """A group at the end."""
    pact = pact_to_edit(request, year)
    return _group_page(request, pact, None)


@signed_in
@once
def group_edit(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Another name for a group."""
    group = group_or_404(request, year, pk)
    return _group_page(request, group.pact, group)


def _group_page(
    request: SignedInRequest, pact: PactVersion, group: CommitmentGroup | None
) -> HttpResponse:
    title = group.title if group else ""
    form = GroupForm(request.POST or None, initial={"version": pact.version, "title": title})
    return _edit_page(
        request,
        pact,
        form,
        lambda seen: services.save_group(
            pact=pact,
            group=group,
            title=form.cleaned_data["title"],
            actor=request.user,
            at=timezone.now(),
            version=seen,
        ),
        heading="Đổi tên nhóm cam kết" if group else "Thêm nhóm cam kết",
        done="Đã lưu nhóm cam kết.",
        stored=title,
    )


@signed_in
@require_POST
@once
def group_remove(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take out an empty group."""
    group = group_or_404(request, year, pk)
    return act(
        request,
        year,
        "Đã bỏ nhóm cam kết.",
        lambda: services.remove_group(
            pact=group.pact, group=group, actor=request.user, at=timezone.now()
        ),
    )


@signed_in
@once
def commitment_new(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """A commitment at the end of group `pk`."""
    group = group_or_404(request, year, pk)
    return _commitment_page(request, group.pact, None, {"group": group})


@signed_in
@once
def commitment_edit(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Another text, target or group for a commitment."""
    row = commitment_or_404(request, year, pk)
    return _commitment_page(request, row.group.pact, row, CommitmentForm.initial_of(row))


def _commitment_page(
    request: SignedInRequest,
    pact: PactVersion,
    row: Commitment | None,
    initial: dict[str, object],
) -> HttpResponse:
    form = CommitmentForm(
        request.POST or None, pact=pact, initial={"version": pact.version, **initial}
    )
    return _edit_page(
        request,
        pact,
        form,
        lambda seen: services.save_commitment(
            pact=pact,
            group=form.cleaned_data["group"],
            commitment=row,
            text=form.commitment_text(),
            actor=request.user,
            at=timezone.now(),
            version=seen,
        ),
        heading="Sửa cam kết" if row else "Thêm cam kết",
        done="Đã lưu cam kết.",
        stored=row.text if row else "",
    )


@signed_in
@require_POST
@once
def commitment_remove(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take out a commitment nobody has commented on."""
    row = commitment_or_404(request, year, pk)
    return act(
        request,
        year,
        "Đã bỏ cam kết.",
        lambda: services.remove_commitment(
            pact=row.group.pact, commitment=row, actor=request.user, at=timezone.now()
        ),
    )


@signed_in
@require_POST
@once
def commitment_move(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """One place up or down within its group."""
    row = commitment_or_404(request, year, pk)
    return act(
        request,
        year,
        "Đã đổi thứ tự cam kết.",
        lambda: services.move_commitment(
            pact=row.group.pact,
            commitment=row,
            up=request.POST.get("direction") == "up",
            actor=request.user,
            at=timezone.now(),
        ),
    )
