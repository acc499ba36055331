"""The result, a person's decision where votes left it open, the minutes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.counts import settled
from thidua.ballots.documents import minutes_pdf
from thidua.ballots.forms import ConcludeForm, DecideForm
from thidua.ballots.models import Ballot
from thidua.ballots.permissions import (
    can_prepare,
    can_read_totals_withheld,
    chairs_count,
    is_chair,
)
from thidua.ballots.services import can_decide
from thidua.ballots.views.fetching import BALLOT, ballot_or_404, form_page, tried
from thidua.documents import storage
from thidua.documents.downloads import attachment
from thidua.documents.receiving import PDF

RESULT = "ballots:result"
NOT_COUNTED = "Cuộc bỏ phiếu chưa kiểm xong nên chưa có kết quả."


@signed_in
def result(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """What the votes decide, with the arithmetic."""
    ballot = ballot_or_404(request, year, pk)
    if not ballot.is_counted:
        messages.info(request, NOT_COUNTED)
        return redirect(BALLOT, year=year, pk=pk)
    found = settled(ballot)
    counts = chairs_count(request.user, ballot)
    waits = any(one.needs_second_round for one in found)
    tallied = ballot.state == Ballot.State.TALLIED
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "settled": found,
        "reads_withheld": can_read_totals_withheld(request.user, ballot),
        "can_decide": tallied and can_decide(request.user, ballot),
        "can_conclude": tallied and counts and not any(one.is_open for one in found),
        "waits_for_round": waits,
        "can_go_on": waits and can_prepare(request.user, ballot),
        "can_destroy": ballot.state == Ballot.State.CONCLUDED
        and is_chair(request.user, ballot)
        and ballot.destroys_papers
        and ballot.destroyed_at is None,
        "next_round": Ballot.objects.filter(previous=ballot).first(),
    }
    return render(request, "ballots/result.html", context)


@signed_in
@once
def decide(request: SignedInRequest, year: int, pk: int, question: int) -> HttpResponse:
    """Who has the last word says who gets the places left open."""
    ballot = ballot_or_404(request, year, pk)
    if not can_decide(request.user, ballot):
        raise PermissionDenied
    if ballot.state != Ballot.State.TALLIED:
        messages.info(request, NOT_COUNTED)
        return redirect(BALLOT, year=year, pk=pk)
    one = next((row for row in settled(ballot) if row.question.pk == question), None)
    if one is None:
        raise Http404
    if not one.needs_human:
        messages.info(request, "Nội dung này không còn gì phải quyết định.")
        return redirect(RESULT, year=year, pk=pk)
    form = DecideForm(one, request.POST or None)
    if form.is_valid() and tried(
        request,
        form,
        "Đã ghi quyết định.",
        lambda: services.decide_question(
            question=one.question,
            candidates=form.chosen(),
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        return redirect(RESULT, year=year, pk=pk)
    lead = f"{one.question.text}. {one.outcome.trace[-1]}"
    return form_page(
        request, ballot, form, "Quyết định khi bằng phiếu", "Ghi quyết định", lead, back=RESULT
    )


@signed_in
def minutes(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The minutes of the count, to be signed; those who ran the count make them."""
    ballot = ballot_or_404(request, year, pk)
    if not can_read_totals_withheld(request.user, ballot):
        raise PermissionDenied
    if not ballot.is_counted and ballot.state != Ballot.State.ANNULLED:
        messages.info(request, NOT_COUNTED)
        return redirect(BALLOT, year=year, pk=pk)
    return attachment(minutes_pdf(ballot), name="bien-ban-kiem-phieu.pdf", media_type=PDF)


@signed_in
@once
def conclude(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The signed minutes come in."""
    ballot = ballot_or_404(request, year, pk)
    if not chairs_count(request.user, ballot):
        raise PermissionDenied
    form = ConcludeForm(request.POST, request.FILES) if request.method == "POST" else ConcludeForm()
    if form.is_valid():
        sent = form.cleaned_data["minutes"]
        if tried(
            request,
            form,
            "Đã nhận biên bản đã ký. Cuộc bỏ phiếu kết thúc.",
            lambda: services.conclude_ballot(
                ballot=ballot,
                number=form.cleaned_data["number"],
                data=sent.read(),
                name=sent.name,
                actor=request.user,
                at=timezone.now(),
            ),
        ):
            return redirect(RESULT, year=year, pk=pk)
    lead = (
        "Tải biên bản ở trang kết quả, in và ký, rồi nạp bản đã ký. Sau bước này không ai thay đổi được "
        "gì nữa."
    )
    return form_page(
        request, ballot, form, "Nạp biên bản đã ký", "Kết thúc cuộc bỏ phiếu", lead, back=RESULT
    )


@signed_in
def signed_minutes(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The signed minutes as they came in."""
    ballot = ballot_or_404(request, year, pk)
    file = ballot.minutes_file
    if file is None:
        raise Http404
    return attachment(storage.get(file.sha256), name=file.name, media_type=file.media_type)
