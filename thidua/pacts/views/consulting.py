"""Members comment and agree, the lead answers and freezes."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.movements.forms import whole_number
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.pacts import services
from thidua.pacts.forms import (
    AnswerForm,
    CommentForm,
)
from thidua.pacts.models import Comment, Commitment, PactVersion
from thidua.pacts.permissions import (
    can_draft_pact,
    can_freeze_pact,
)
from thidua.pacts.views.fetching import (
    act,
    commitment_or_404,
    newest_or_404,
    pact_to_edit,
)

State = PactVersion.State


@signed_in
@require_POST
@once
def open_consultation(request: SignedInRequest, year: int) -> HttpResponse:
    """Send the draft to the members."""
    pact = pact_to_edit(request, year)
    return act(
        request,
        year,
        "Đã gửi giao ước tới các đơn vị để lấy ý kiến.",
        lambda: services.open_pact(
            pact=pact,
            version=whole_number(request.POST.get("version", "")),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@once
def comment(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """A member's word on a commitment."""
    row = commitment_or_404(request, year, pk)
    pact = row.group.pact
    own = own_membership(request.user, pact.year)
    if own is None:
        raise PermissionDenied
    form = CommentForm(request.POST or None)
    if form.is_valid():
        return act(
            request,
            year,
            "Đã gửi góp ý. Cụm trưởng sẽ trả lời tại trang này.",
            lambda: services.comment(
                commitment=row,
                membership=own,
                text=form.cleaned_data["text"],
                actor=request.user,
                at=timezone.now(),
            ),
        )
    return _word_page(request, row, form, "Góp ý cam kết", "Gửi góp ý")


@signed_in
@once
def answer(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The lead's answer to a comment."""
    visible = PactVersion.objects.visible_to(request.user, year_or_404(request.user, year))
    asked = get_object_or_404(
        Comment.objects.filter(commitment__group__pact__in=visible).select_related(
            "commitment__group__pact__year__cluster", "membership__organisation"
        ),
        pk=pk,
    )
    if not can_draft_pact(request.user, asked.commitment.group.pact.year):
        raise PermissionDenied
    form = AnswerForm(request.POST or None, initial={"text": asked.answer})
    if form.is_valid():
        return act(
            request,
            year,
            "Đã trả lời góp ý.",
            lambda: services.answer(
                comment=asked,
                text=form.cleaned_data["text"],
                actor=request.user,
                at=timezone.now(),
            ),
        )
    return _word_page(request, asked.commitment, form, "Trả lời góp ý", "Gửi trả lời", asked)


def _word_page(
    request: SignedInRequest,
    row: Commitment,
    form: CommentForm | AnswerForm,
    heading: str,
    submit: str,
    asked: Comment | None = None,
) -> HttpResponse:
    context = {
        "year": row.group.pact.year,
        "row": row,
        "form": form,
        "heading": heading,
        "submit": submit,
        "asked": asked,
    }
    return render(request, "pacts/word.html", context)


@signed_in
@require_POST
@once
def agree(request: SignedInRequest, year: int) -> HttpResponse:
    """The head agrees to the content that was on the page, for the own unit only."""
    pact = newest_or_404(request, year)
    own = own_membership(request.user, pact.year)
    if own is None:
        raise PermissionDenied
    return act(
        request,
        year,
        f"Đã ghi nhận {own.organisation} thống nhất với giao ước.",
        lambda: services.agree(
            pact=pact,
            membership=own,
            content=request.POST.get("content", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def freeze(request: SignedInRequest, year: int) -> HttpResponse:
    """Freeze the version, make its paper, open the signing."""
    pact = pact_to_edit(request, year)
    if not can_freeze_pact(request.user, pact):
        raise PermissionDenied
    return act(
        request,
        year,
        "Đã chốt giao ước. Văn bản đã sẵn sàng để thủ trưởng các đơn vị ký.",
        lambda: services.freeze_pact(
            pact=pact,
            version=whole_number(request.POST.get("version", "")),
            actor=request.user,
            at=timezone.now(),
        ),
    )
