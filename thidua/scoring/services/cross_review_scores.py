"""A unit scores another one: saved as it is typed, blind, until its head hands the review in."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import vietnamese
from thidua.rules.scoring.numbers import bounded
from thidua.scoring.models import CrossReview, CrossReviewRound, CrossReviewScore
from thidua.scoring.permissions import can_fill_cross_review, can_hand_in_cross_review
from thidua.scoring.services.locks import some_codes

NOT_OPEN = "Vòng chấm chéo không trong thời gian chấm nên không ghi điểm được."
HANDED_IN = "Phiếu chấm chéo này đã nộp nên không sửa được nữa."


class StaleCrossScore(RuleError):
    """Somebody of the same unit changed the points meanwhile; `current` is what is stored (R08)."""

    def __init__(self, current: CrossReviewScore) -> None:
        self.current = current
        who = current.changed_by or "Người khác"
        when = timezone.localtime(current.changed_at) if current.changed_at else None
        at = f" lúc {when:%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{who} vừa sửa nội dung này{at}. Điểm và nhận xét bạn nhập chưa được lưu và không đè lên "
            "bản mới; hãy so hai bản rồi lưu lại nếu cần."
        )


def _open(review: CrossReview) -> CrossReview:
    """The review, locked until the transaction ends; refused when handed in or out of time.

    The round is read after the lock: closing locks the reviews first, so it waits for this act.
    """
    locked = CrossReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    locked = (
        CrossReview.objects.select_related(
            "round__criteria_set__year", "reviewer__organisation", "reviewed__organisation"
        )
    ).get(pk=locked.pk)
    if locked.is_handed_in:
        raise RuleError(HANDED_IN)
    if locked.round.state != CrossReviewRound.State.OPEN:
        raise RuleError(NOT_OPEN)
    return locked


@transaction.atomic
def save_cross_score(
    *,
    score: CrossReviewScore,
    points: Decimal | None,
    remark: str,
    version: int,
    actor: User,
    at: datetime,
) -> CrossReviewScore:
    """Keep one criterion's points and remark, as they are typed; None is "not scored yet".

    `version` is the one the person saw. The same content sent again is answered like the first
    time (R11). Raises StaleCrossScore when another person of the unit saved meanwhile, RuleError
    above the maximum.
    """
    if not can_fill_cross_review(actor, score.review):
        raise PermissionDenied
    review = _open(score.review)
    # The review's lock covers its scores: nobody else is writing this one (R10).
    score = CrossReviewScore.objects.select_related("criterion__criterion", "changed_by").get(
        pk=score.pk
    )
    score.review = review
    same = (score.points, score.remark) == (points, remark)
    if same and version in {score.version, score.version - 1}:
        return score
    if version != score.version:
        raise StaleCrossScore(score)
    _refuse_points(score, points)
    score.points, score.remark = points, remark
    score.version += 1
    score.changed_by, score.changed_at = actor, at
    score.save(update_fields=["points", "remark", "version", "changed_by", "changed_at"])
    # Without the points: who reads the journal (lead, superior) is to be as blind as everybody.
    record(
        actor,
        Action.CROSS_SCORE_SAVED,
        review,
        at=at,
        criterion=score.criterion.criterion.path,
        version=score.version,
    )
    return score


def _refuse_points(score: CrossReviewScore, points: Decimal | None) -> None:
    code, maximum = score.criterion.criterion.code, score.criterion.maximum
    if points is None:
        return
    if points < 0:
        raise RuleError(f"Nội dung {code}: điểm không được âm.")
    if points > maximum:
        raise RuleError(f"Nội dung {code}: điểm vượt mức tối đa {vietnamese(maximum)}.")
    bounded(points)


@transaction.atomic
def hand_in_cross_review(*, review: CrossReview, actor: User, at: datetime) -> CrossReview:
    """The head hands the review in; from now on its points are locked."""
    if not can_hand_in_cross_review(actor, review):
        raise PermissionDenied
    review = _open(review)
    missing = review.scores.filter(points__isnull=True).select_related("criterion__criterion")
    codes = [score.criterion.criterion.code for score in missing]
    if codes:
        raise RuleError(
            f"Còn {len(codes)} nội dung chưa chấm: {some_codes(codes)}. "
            "Hãy chấm đủ (ghi 0 nếu không có điểm) rồi nộp."
        )
    review.state = CrossReview.State.HANDED_IN
    review.handed_in_by, review.handed_in_at = actor, at
    review.save(update_fields=["state", "handed_in_by", "handed_in_at"])
    record(actor, Action.CROSS_REVIEW_HANDED_IN, review, at=at)
    return review
