"""The end of a round of cross-review: closed, its differences settled, corrected means shown."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import Membership
from thidua.rules.errors import RuleError
from thidua.rules.scoring import plain
from thidua.scoring.models import (
    CrossReview,
    CrossReviewCriterion,
    CrossReviewRound,
    CrossReviewScore,
    CrossReviewSettlement,
)
from thidua.scoring.permissions import (
    can_open_cross_review,
    can_prepare_cross_review,
    can_settle_disagreement,
    can_watch_cross_review,
)
from thidua.scoring.queries.cross_review_results import Scope, results
from thidua.scoring.services.cross_reviews import locked_round

State = CrossReviewRound.State


@transaction.atomic
def close_cross_review(
    *, round: CrossReviewRound, reason: str, actor: User, at: datetime
) -> CrossReviewRound:
    """End the scoring; points are shown and stay. With reviews missing, only with a reason."""
    # Reviews first, as every save and handing-in does: none of them is in between.
    reviews = list(
        CrossReview.objects.select_for_update(of=("self",))
        .filter(round=round.pk)
        .select_related("reviewer__organisation", "reviewed__organisation")
        .order_by("pk")
    )
    round = locked_round(round)
    if not can_open_cross_review(actor, round.criteria_set.year):
        raise PermissionDenied
    if round.state == State.DRAFT:
        raise RuleError("Vòng chấm chéo chưa mở nên chưa đóng được.")
    if round.state == State.CLOSED:
        raise RuleError("Vòng chấm chéo này đã đóng.")
    missing = [review for review in reviews if not review.is_handed_in]
    if missing and not reason.strip():
        raise RuleError(
            f"Còn {len(missing)}/{len(reviews)} phiếu chưa nộp. Đóng bây giờ thì các phiếu đó không "
            "được tính; nếu vẫn đóng, hãy ghi lý do."
        )
    round.state, round.closed_by, round.closed_at = State.CLOSED, actor, at
    round.closing_note = reason.strip() if missing else ""
    round.save(update_fields=["state", "closed_by", "closed_at", "closing_note"])
    record(
        actor,
        Action.CROSS_REVIEW_CLOSED,
        round,
        at=at,
        reviews=len(reviews) - len(missing),
        missing=[
            f"{each.reviewer.organisation.short_name} chấm {each.reviewed.organisation.short_name}"
            for each in missing
        ],
        reason=round.closing_note,
        sha256=_points_fingerprint(reviews),
    )
    return round


def _points_fingerprint(reviews: Sequence[CrossReview]) -> str:
    """SHA-256 over all points handed in; kept in the journal, which cannot be rewritten.

    Only on closing: an entry with points before would break the blindness for who reads it.
    """
    rows = CrossReviewScore.objects.filter(
        review__in=[review.pk for review in reviews if review.is_handed_in]
    ).order_by("review__reviewed__order", "review__reviewer__order", "criterion__criterion__order")
    text = json.dumps(
        [
            [reviewer, reviewed, path, None if points is None else plain(points), remark]
            for reviewer, reviewed, path, points, remark in rows.values_list(
                "review__reviewer__organisation__short_name",
                "review__reviewed__organisation__short_name",
                "criterion__criterion__path",
                "points",
                "remark",
            )
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def show_correction(
    *, round: CrossReviewRound, shown: bool, actor: User, at: datetime
) -> CrossReviewRound:
    """Show or hide the means corrected for harsh and lenient scorers; no point changes."""
    round = locked_round(round)
    if not can_prepare_cross_review(actor, round.criteria_set.year):
        raise PermissionDenied
    if round.shows_correction == shown:
        return round
    round.shows_correction = shown
    round.save(update_fields=["shows_correction"])
    record(actor, Action.CORRECTION_SHOWN, round, at=at, correction="có" if shown else "không")
    return round


@transaction.atomic
def settle_disagreement(
    *,
    round: CrossReviewRound,
    reviewed: Membership,
    criterion: CrossReviewCriterion,
    note: str,
    version: int,
    actor: User,
    at: datetime,
) -> CrossReviewSettlement:
    """What was decided where reviewers lay too far apart, in writing; points stay as given.

    `version` is the one the person saw, 0 where there was none (R08). Nobody settles about the
    points of their own unit.
    """
    round = locked_round(round)
    if not can_watch_cross_review(actor, round.criteria_set.year):
        raise PermissionDenied
    if not can_settle_disagreement(actor, round, reviewed):
        raise RuleError(
            "Không kết luận về điểm của chính đơn vị mình. Chênh lệch về điểm của đơn vị cụm trưởng do "
            "cấp trên kết luận; của các đơn vị khác do cụm trưởng kết luận."
        )
    _refuse_settling(round, reviewed, criterion)
    note = note.strip()
    if not note:
        raise RuleError("Hãy ghi kết luận về chênh lệch này.")
    stored = round.settlements.filter(reviewed=reviewed, criterion=criterion).first()
    seen = stored.version if stored else 0
    if stored is not None and stored.note == note and version in {seen, seen - 1}:
        return stored
    if version != seen:
        who = stored.settled_by if stored else "Người khác"
        raise RuleError(
            f"{who} vừa ghi kết luận này. Nội dung bạn nhập chưa được lưu; hãy xem kết luận đang lưu "
            "rồi ghi lại nếu cần."
        )
    old = stored.note if stored else ""
    settlement = stored or CrossReviewSettlement(
        round=round, reviewed=reviewed, criterion=criterion, version=0
    )
    settlement.note, settlement.version = note, seen + 1
    settlement.settled_by, settlement.settled_at = actor, at
    settlement.save()
    record(
        actor,
        Action.DISAGREEMENT_SETTLED,
        round,
        at=at,
        reviewed=reviewed.organisation.short_name,
        criterion=criterion.criterion.path,
        old=old,
        new=note,
    )
    return settlement


def _refuse_settling(
    round: CrossReviewRound, reviewed: Membership, criterion: CrossReviewCriterion
) -> None:
    if round.state != State.CLOSED:
        raise RuleError("Chỉ kết luận về chênh lệch sau khi vòng chấm chéo đã đóng.")
    unit = results(Scope(round, None), reviewed.pk).unit(reviewed.pk)
    flagged = {cell.criterion.pk for cell in unit.flagged} if unit else set()
    if criterion.pk not in flagged:
        raise RuleError("Ở nội dung này không có chênh lệch vượt mức nên không cần kết luận.")
