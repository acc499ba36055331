"""Points and votes together, by the cluster's written rule."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.forms import JoiningForm
from thidua.ballots.models import PointsAndVotes, Question
from thidua.ballots.queries.standing import joined_table
from thidua.ballots.views.fetching import tried
from thidua.organisations.permissions import heads_lead
from thidua.organisations.scope import year_or_404
from thidua.rules.ballots.results import JoiningRule


@signed_in
def joined(request: SignedInRequest, year: int) -> HttpResponse:
    """The rule and, once points are final and votes counted, the places it gives."""
    found = year_or_404(request.user, year)
    kept = PointsAndVotes.objects.filter(year=found).select_related("question__ballot").first()
    context = {
        "year": found,
        "kept": kept,
        "rule": JoiningRule.from_json(kept.rule) if kept else None,
        "table": joined_table(found, kept) if kept else None,
        "can_set": heads_lead(request.user, found),
    }
    return render(request, "ballots/joined.html", context)


@signed_in
@once
def edit(request: SignedInRequest, year: int) -> HttpResponse:
    """Write the rule down, before anybody knows the votes."""
    found = year_or_404(request.user, year)
    if not heads_lead(request.user, found):
        raise PermissionDenied
    kept = PointsAndVotes.objects.filter(year=found).first()
    questions = Question.objects.filter(ballot__year=found).values_list("pk", flat=True)
    initial: dict[str, object] = {"way": "votes_among_first", "first": 3, "version": 0}
    if kept is not None:
        rule = JoiningRule.from_json(kept.rule)
        initial = {
            "way": str(rule.way),
            "first": rule.first,
            "points_weight": rule.points_weight,
            "question": kept.question_id,
            "source": kept.source,
            "version": kept.version,
        }
    form = JoiningForm(list(questions), request.POST or None, initial=initial)
    if form.is_valid() and tried(
        request,
        form,
        "Đã lưu quy tắc kết hợp điểm và phiếu.",
        lambda: services.set_points_and_votes(
            year=found,
            rule=form.rule(),
            source=form.cleaned_data["source"],
            question=form.cleaned_data["question"],
            version=form.cleaned_data["version"] or 0,
            actor=request.user,
            at=timezone.now(),
        ),
    ):
        return redirect("ballots:joined", year=year)
    context = {
        "year": found,
        "form": form,
        "heading": "Quy tắc kết hợp điểm và phiếu",
        "lead": "Viết trước khi bỏ phiếu; sau khi cuộc bỏ phiếu mở thì không đổi được.",
        "submit": "Lưu quy tắc",
        "back": "ballots:joined",
    }
    return render(request, "ballots/form.html", context)
