"""The voter's one screen, and the box it sends the encrypted paper to."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, leaves_no_trace, signed_in
from thidua.ballots import services
from thidua.ballots.models import Ballot, Question
from thidua.ballots.script import script_sha256
from thidua.ballots.views.checking import own_elector
from thidua.ballots.views.fetching import BALLOT, ballot_or_404
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError

LONGEST = 2 * 1024 * 1024
TOO_LONG = "Phiếu gửi lên không đúng khuôn dạng nên không được nhận. Hãy tải lại trang rồi bỏ lại."


@signed_in
def vote(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Choose, look again, send. The paper is encrypted in the browser."""
    ballot = ballot_or_404(request, year, pk)
    mine = own_elector(request, ballot)
    if ballot.state != Ballot.State.OPEN:
        return redirect(BALLOT, year=year, pk=pk)
    questions = list(ballot.questions.prefetch_related("candidates"))
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "mine": mine,
        "questions": [
            (
                question,
                [one for one in question.candidates.all() if one.is_standing],
                question.kind == Question.Kind.APPROVE,
            )
            for question in questions
        ],
        "script": script_sha256(),
        "data": {"election": ballot.election, "uuid": ballot.uuid, "elector": mine.pk},
    }
    return render(request, "ballots/vote.html", context)


@signed_in
@require_POST
@leaves_no_trace
def cast(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take the paper in. The same paper again gives the same receipt, so this needs no `once`,
    whose table would keep the moment of a vote (B3)."""
    # All voters may press at once: no more of the ballot is read than the paper is checked against.
    visible = Ballot.objects.visible_to(request.user, year_or_404(request.user, year))
    ballot = get_object_or_404(visible.only("state", "election"), pk=pk)
    own_elector(request, ballot)
    text = request.POST.get("ballot", "")
    if len(text) > LONGEST:
        return JsonResponse({"error": TOO_LONG}, status=409)
    try:
        tracker = services.cast(ballot=ballot, text=text, actor=request.user)
    except RuleError as error:
        return JsonResponse({"error": str(error)}, status=409)
    return JsonResponse({"tracker": tracker})
