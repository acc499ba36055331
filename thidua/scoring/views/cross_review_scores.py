"""A reviewer's page: another unit scored criterion by criterion, saved as it is typed."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import own_membership
from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese as typed_number
from thidua.rules.scoring import vietnamese
from thidua.scoring import services
from thidua.scoring.cross_review_forms import CrossScoreForm
from thidua.scoring.models import CrossReview, CrossReviewRound, CrossReviewScore
from thidua.scoring.permissions import can_fill_cross_review, can_hand_in_cross_review
from thidua.scoring.queries.cross_reviews import ReviewLine, review_lines
from thidua.scoring.views.cross_reviews import round_or_404
from thidua.scoring.views.fetching import acted


@dataclass(frozen=True)
class Conflict:
    """Somebody of the same unit saved first: both versions, nothing overwritten (R08)."""

    who: str
    when: str
    version: int
    theirs: str
    mine: str
    their_remark: str
    my_remark: str


@dataclass(frozen=True)
class Card:
    """One criterion as the reviewer sees it, with what was typed where it was refused."""

    line: ReviewLine
    fills: bool
    points: str
    remark: str
    saved: str
    errors: tuple[str, ...] = ()
    point_errors: tuple[str, ...] = ()
    remark_errors: tuple[str, ...] = ()
    conflict: Conflict | None = None

    @property
    def score(self) -> CrossReviewScore:
        return self.line.score

    @property
    def refused(self) -> bool:
        return bool(self.errors or self.point_errors or self.remark_errors)

    @property
    def others_text(self) -> str:
        return "; ".join(vietnamese(each) for each in self.line.others)


@dataclass(frozen=True)
class ReviewPage:
    """All of a review's page that depends on the person."""

    review: CrossReview
    cards: tuple[Card, ...]
    fills: bool
    may_hand_in: bool

    @property
    def scored(self) -> int:
        return sum(card.score.points is not None for card in self.cards)

    @property
    def missing(self) -> int:
        return len(self.cards) - self.scored

    @property
    def total(self) -> Decimal:
        """The points given so far, added up."""
        return sum((card.score.points or Decimal(0) for card in self.cards), Decimal(0))

    @property
    def maximum(self) -> Decimal:
        return sum((card.line.criterion.maximum for card in self.cards), Decimal(0))

    @property
    def has_claims(self) -> bool:
        """The reviewed unit has handed in its self-score sheet."""
        return any(card.line.claims for card in self.cards)

    def card(self, score: int) -> Card:
        return next(card for card in self.cards if card.score.pk == score)


def review_or_404(
    request: SignedInRequest, year: int, round: int, review: int
) -> tuple[EmulationYear, CrossReview]:
    """A review that the person's unit was given; for anybody else it does not exist."""
    found, stored = round_or_404(request, year, round)
    own = own_membership(request.user, found)
    if own is None:
        raise Http404
    row = get_object_or_404(
        CrossReview.objects.select_related(
            "reviewer__organisation", "reviewed__organisation", "handed_in_by"
        ),
        pk=review,
        round=stored,
        reviewer=own,
    )
    row.round = stored
    if not can_fill_cross_review(request.user, row):
        raise Http404
    return found, row


def review_page(request: SignedInRequest, review: CrossReview) -> ReviewPage:
    """The page in a fixed number of queries."""
    fills = review.round.state == CrossReviewRound.State.OPEN and not review.is_handed_in
    return ReviewPage(
        review,
        tuple(_card(line, fills=fills) for line in review_lines(review)),
        fills,
        fills and can_hand_in_cross_review(request.user, review),
    )


def _card(line: ReviewLine, *, fills: bool) -> Card:
    score = line.score
    saved = ""
    if score.changed_at is not None:
        saved = f"{timezone.localtime(score.changed_at):%H:%M %d/%m/%Y}, {score.changed_by}"
    points = "" if score.points is None else typed_number(score.points, grouped=False)
    return Card(line, fills, points, score.remark, saved)


@signed_in
@require_safe
def cross_review(request: SignedInRequest, year: int, round: int, review: int) -> HttpResponse:
    """One unit to be scored: its self-scores beside the points one gives."""
    found, row = review_or_404(request, year, round, review)
    page = review_page(request, row)
    context = {"year": found, "round": row.round, "review": row, "page": page}
    return render(request, "scoring/cross_review.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cross_review_score(
    request: SignedInRequest, year: int, round: int, review: int, score: int
) -> HttpResponse:
    """GET: the criterion as stored. POST: keep the points and remark typed for it."""
    found, row = review_or_404(request, year, round, review)
    stored = get_object_or_404(
        CrossReviewScore.objects.select_related("criterion__criterion"), pk=score, review=row
    )
    stored.review = row
    if request.method != "POST":
        return _answer(request, found, row, stored, whole=True)
    form = CrossScoreForm(stored, request.POST)
    errors: tuple[str, ...] = ()
    conflict: Conflict | None = None
    if form.is_valid():
        try:
            services.save_cross_score(
                score=stored,
                points=form.points(),
                remark=form.remark(),
                version=form.known_version(),
                actor=request.user,
                at=timezone.now(),
            )
        except services.StaleCrossScore as stale:
            conflict = _conflict(form, stale.current)
        except PermissionDenied:
            raise Http404 from None
        except RuleError as error:
            errors = (str(error),)
        else:
            return _answer(request, found, row, stored, whole=False)
    return _refused(request, found, row, stored, form, errors, conflict)


def _answer(
    request: SignedInRequest,
    year: EmulationYear,
    review: CrossReview,
    score: CrossReviewScore,
    *,
    whole: bool,
) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        here = reverse("scoring:cross_review", args=[year.pk, review.round_id, review.pk])
        return redirect(f"{here}#score-{score.pk}")
    page = review_page(request, review)
    context = {"year": year, "page": page, "card": page.card(score.pk), "saved": not whole}
    name = "card" if whole else "saved"
    return render(request, f"scoring/cross_review_{name}.html", context)


def _refused(
    request: SignedInRequest,
    year: EmulationYear,
    review: CrossReview,
    score: CrossReviewScore,
    form: CrossScoreForm,
    errors: tuple[str, ...],
    conflict: Conflict | None,
) -> HttpResponse:
    """Nothing was saved; what was typed stays in its fields."""
    page = review_page(request, review)
    typed = form.data
    card = replace(
        page.card(score.pk),
        points=str(typed.get("points", "")),
        remark=str(typed.get("remark", "")),
        errors=(*errors, *(str(each) for each in form.errors.get("version", ()))),
        point_errors=tuple(str(each) for each in form.errors.get("points", ())),
        remark_errors=tuple(str(each) for each in form.errors.get("remark", ())),
        conflict=conflict,
    )
    context = {"year": year, "page": page, "card": card, "saved": False}
    if request.headers.get("HX-Request"):
        return render(request, "scoring/cross_review_saved.html", context)
    cards = tuple(card if each.score.pk == score.pk else each for each in page.cards)
    context.update(page=replace(page, cards=cards), review=review, round=review.round)
    status = 409 if conflict else 422
    return render(request, "scoring/cross_review.html", context, status=status)


def _conflict(form: CrossScoreForm, current: CrossReviewScore) -> Conflict:
    when = timezone.localtime(current.changed_at) if current.changed_at else None
    return Conflict(
        who=str(current.changed_by or "Người khác"),
        when=f"{when:%H:%M %d/%m/%Y}" if when else "",
        version=current.version,
        theirs=_points_text(current.points),
        mine=_points_text(form.points()),
        their_remark=current.remark,
        my_remark=form.remark(),
    )


def _points_text(points: Decimal | None) -> str:
    return "chưa chấm" if points is None else f"{vietnamese(points)} điểm"


@signed_in
@require_POST
@once
def cross_review_hand_in(
    request: SignedInRequest, year: int, round: int, review: int
) -> HttpResponse:
    """The head hands the review in; its points are locked."""
    found, row = review_or_404(request, year, round, review)
    acted(
        request,
        lambda: services.hand_in_cross_review(review=row, actor=request.user, at=timezone.now()),
        f"Đã nộp phiếu chấm {row.reviewed.organisation.short_name}.",
    )
    return redirect("scoring:cross_review", year=found.pk, round=row.round_id, review=row.pk)
