"""A round of cross-review: made, its conflicts declared, planned, opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.organisations.models import EmulationYear, Membership
from thidua.rules.errors import RuleError
from thidua.rules.scoring import vietnamese
from thidua.rules.scoring.numbers import bounded
from thidua.scoring.models import (
    CriteriaSet,
    Criterion,
    CrossReview,
    CrossReviewConflict,
    CrossReviewCriterion,
    CrossReviewRound,
    CrossReviewScore,
)
from thidua.scoring.permissions import (
    can_declare_conflict,
    can_open_cross_review,
    can_prepare_cross_review,
    can_withdraw_conflict,
)
from thidua.scoring.queries import issued_set
from thidua.scoring.queries.cross_reviews import maxima_of, members_of, plan_key, planned

State = CrossReviewRound.State
LARGEST_SEED = 2_147_483_647
MOST_REVIEWERS = 1000
NOT_DRAFT = "Vòng chấm chéo đã mở nên thiết lập, xung đột lợi ích và phân công không sửa được nữa."
STALE = (
    "{who} vừa sửa vòng chấm chéo này. Nội dung bạn nhập chưa được lưu; hãy mở lại trang, xem thiết "
    "lập đang lưu rồi sửa lại nếu cần."
)
OTHER_PLAN = (
    "Phương án phân công vừa thay đổi (do thiết lập, xung đột lợi ích hoặc thành viên thay đổi) nên "
    "vòng chưa được mở. Hãy xem lại phương án mới rồi mở."
)


@dataclass(frozen=True)
class RoundSettings:
    """What the lead sets: criteria to be scored, how many score each unit, the set distance."""

    criteria: tuple[Criterion, ...]
    reviewers_per_unit: int
    distance: Decimal
    distance_kind: str
    seed: int
    shows_correction: bool = False


@transaction.atomic
def make_cross_review(
    *, criteria_set: CriteriaSet, settings: RoundSettings, actor: User, at: datetime
) -> CrossReviewRound:
    """A new round under the table in force, as a draft. One round at a time."""
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=criteria_set.year_id)
    if not can_prepare_cross_review(actor, year):
        raise PermissionDenied
    _refuse_other_table(criteria_set)
    rounds = CrossReviewRound.objects.filter(criteria_set__year=year)
    if rounds.exclude(state=State.CLOSED).exists():
        raise RuleError("Đang có một vòng chấm chéo chưa đóng. Hãy làm tiếp trên vòng đó.")
    last = rounds.aggregate(last=Max("number"))["last"] or 0
    round = CrossReviewRound(
        criteria_set=criteria_set, number=last + 1, made_by=actor, made_at=at, state=State.DRAFT
    )
    _keep(round, settings, actor, at)
    record(actor, Action.CROSS_REVIEW_MADE, round, at=at, **_told(round, settings))
    return round


@transaction.atomic
def change_cross_review(
    *,
    round: CrossReviewRound,
    settings: RoundSettings,
    version: int,
    actor: User,
    at: datetime,
) -> CrossReviewRound:
    """Other settings for a draft; `version` is the one the person saw (R08)."""
    round = _draft(round, lambda found: can_prepare_cross_review(actor, found.criteria_set.year))
    if version == round.version - 1 and _same(round, settings):
        return round
    _refuse_stale(round, version)
    round.criteria.all().delete()
    round.version += 1
    _keep(round, settings, actor, at)
    record(actor, Action.CROSS_REVIEW_CHANGED, round, at=at, **_told(round, settings))
    return round


@transaction.atomic
def replan_cross_review(
    *, round: CrossReviewRound, seed: int, version: int, actor: User, at: datetime
) -> CrossReviewRound:
    """Draw who scores whom anew, with another seed; only before the opening."""
    round = _draft(round, lambda found: can_prepare_cross_review(actor, found.criteria_set.year))
    if version == round.version - 1 and seed == round.seed:
        return round
    _refuse_stale(round, version)
    _refuse_seed(seed)
    old, round.seed = round.seed, seed
    round.version += 1
    round.changed_by, round.changed_at = actor, at
    round.save(update_fields=["seed", "version", "changed_by", "changed_at"])
    record(
        actor,
        Action.CROSS_REVIEW_CHANGED,
        round,
        at=at,
        what="Phân công lại",
        old=f"số mầm {old}",
        new=f"số mầm {seed}",
    )
    return round


def _draft(round: CrossReviewRound, may: Callable[[CrossReviewRound], bool]) -> CrossReviewRound:
    """The round, locked until the transaction ends; refused to others, and once it is open."""
    locked = locked_round(round)
    if not may(locked):
        raise PermissionDenied
    if locked.state != State.DRAFT:
        raise RuleError(NOT_DRAFT)
    return locked


def locked_round(round: CrossReviewRound) -> CrossReviewRound:
    """The round with its year, locked until the transaction ends."""
    return (
        CrossReviewRound.objects.select_for_update(of=("self",))
        .select_related("criteria_set__year__cluster", "changed_by")
        .get(pk=round.pk)
    )


def _refuse_stale(round: CrossReviewRound, version: int) -> None:
    if version != round.version:
        raise RuleError(STALE.format(who=round.changed_by or "Người khác"))


def _refuse_other_table(criteria_set: CriteriaSet) -> None:
    in_force = issued_set(criteria_set.year)
    if in_force is None or in_force.pk != criteria_set.pk:
        raise RuleError(
            "Chấm chéo theo bảng điểm đang có hiệu lực. Bảng điểm này chưa ban hành hoặc đã được thay."
        )


def _refuse_seed(seed: int) -> None:
    if not 0 <= seed <= LARGEST_SEED:
        raise RuleError(f"Số mầm là số nguyên từ 0 đến {LARGEST_SEED}.")


def _keep(round: CrossReviewRound, settings: RoundSettings, actor: User, at: datetime) -> None:
    maxima = _maxima(round.criteria_set, settings)
    _refuse_seed(settings.seed)
    if settings.reviewers_per_unit < 1:
        raise RuleError("Số đơn vị chấm mỗi đơn vị phải từ 1 trở lên.")
    if settings.reviewers_per_unit > MOST_REVIEWERS:
        raise RuleError(f"Số đơn vị chấm mỗi đơn vị không quá {MOST_REVIEWERS}.")
    if settings.distance < 0:
        raise RuleError("Khoảng cách cho phép không được âm.")
    percent = settings.distance_kind == CrossReviewRound.DistanceKind.PERCENT
    if percent and settings.distance > 100:
        raise RuleError("Khoảng cách cho phép không quá 100 % điểm tối đa.")
    round.reviewers_per_unit = settings.reviewers_per_unit
    round.distance = bounded(settings.distance)
    round.distance_kind = settings.distance_kind
    round.seed = settings.seed
    round.shows_correction = settings.shows_correction
    round.changed_by, round.changed_at = actor, at
    round.save()
    CrossReviewCriterion.objects.bulk_create(
        CrossReviewCriterion(round=round, criterion=criterion, maximum=maxima[criterion.pk])
        for criterion in settings.criteria
    )


def _maxima(criteria_set: CriteriaSet, settings: RoundSettings) -> dict[int, Decimal]:
    """The maximum of each chosen criterion; refused where two overlap or one has no points."""
    if not settings.criteria:
        raise RuleError("Hãy chọn ít nhất một nội dung để chấm chéo.")
    maxima = maxima_of(list(criteria_set.criteria.all()))
    for criterion in settings.criteria:
        if criterion.criteria_set_id != criteria_set.pk:
            raise RuleError(f"Nội dung {criterion.code} không thuộc bảng điểm này.")
        if criterion.pk not in maxima:
            raise RuleError(f"Nội dung {criterion.code} không có điểm tối đa nên không chấm chéo.")
        for other in settings.criteria:
            if other.pk != criterion.pk and criterion.contains(other.path):
                raise RuleError(
                    f"Nội dung {other.code} nằm trong {criterion.code}. Hãy chọn một trong hai để "
                    "không chấm hai lần."
                )
    return maxima


def _told(round: CrossReviewRound, settings: RoundSettings) -> dict[str, Any]:
    return {
        "criteria": [criterion.path for criterion in settings.criteria],
        "reviewers": settings.reviewers_per_unit,
        "distance": f"{vietnamese(settings.distance)} {round.get_distance_kind_display()}",
        "seed": settings.seed,
        "correction": "có" if settings.shows_correction else "không",
    }


def _same(round: CrossReviewRound, settings: RoundSettings) -> bool:
    stored = (
        set(round.criteria.values_list("criterion", flat=True)),
        round.reviewers_per_unit,
        round.distance,
        round.distance_kind,
        round.seed,
        round.shows_correction,
    )
    return stored == (
        {criterion.pk for criterion in settings.criteria},
        settings.reviewers_per_unit,
        settings.distance,
        settings.distance_kind,
        settings.seed,
        settings.shows_correction,
    )


@transaction.atomic
def declare_conflict(
    *,
    round: CrossReviewRound,
    pair: tuple[Membership, Membership],
    reason: str,
    actor: User,
    at: datetime,
) -> CrossReviewConflict:
    """Two units that must not score each other; declared by one of them or the lead, with reason."""
    round = _draft(round, lambda found: can_declare_conflict(actor, found, pair))
    first, second = sorted(pair, key=lambda each: each.pk)
    if {first.year_id, second.year_id} != {round.criteria_set.year_id}:
        raise RuleError("Cả hai đơn vị phải là thành viên của năm này.")
    if first.pk == second.pk:
        raise RuleError("Hãy chọn hai đơn vị khác nhau. Không đơn vị nào chấm cho chính mình.")
    if not reason.strip():
        raise RuleError("Hãy ghi lý do hai đơn vị không chấm cho nhau.")
    known = round.conflicts.filter(first=first, second=second).first()
    if known is not None:
        raise RuleError(f"Đã khai báo cho hai đơn vị {known}.")
    conflict = CrossReviewConflict.objects.create(
        round=round,
        first=first,
        second=second,
        reason=reason.strip(),
        declared_by=actor,
        declared_at=at,
    )
    _touch(round, actor, at)
    record(
        actor, Action.CONFLICT_DECLARED, round, at=at, pair=str(conflict), reason=conflict.reason
    )
    return conflict


@transaction.atomic
def withdraw_conflict(*, conflict: CrossReviewConflict, actor: User, at: datetime) -> None:
    """Take a declared conflict back; the journal keeps that it was there."""
    conflict = CrossReviewConflict.objects.select_related(
        "first__organisation", "second__organisation", "declared_by", "round__criteria_set__year"
    ).get(pk=conflict.pk)
    round = _draft(conflict.round, lambda _: can_withdraw_conflict(actor, conflict))
    record(
        actor, Action.CONFLICT_WITHDRAWN, round, at=at, pair=str(conflict), reason=conflict.reason
    )
    conflict.delete()
    _touch(round, actor, at)


def _touch(round: CrossReviewRound, actor: User, at: datetime) -> None:
    """The plan depends on the conflicts: who edits the settings meanwhile must see this."""
    round.version += 1
    round.changed_by, round.changed_at = actor, at
    round.save(update_fields=["version", "changed_by", "changed_at"])


@transaction.atomic
def open_cross_review(
    *, round: CrossReviewRound, plan: str, actor: User, at: datetime
) -> CrossReviewRound:
    """The head of the lead opens the round; from now on settings and plan stay as they are.

    `plan` is the key of the plan the head saw: another one is not opened unseen (R08).
    """
    round = locked_round(round)
    if not can_open_cross_review(actor, round.criteria_set.year):
        raise PermissionDenied
    if round.state != State.DRAFT:
        raise RuleError("Vòng chấm chéo này đã được mở.")
    _refuse_other_table(round.criteria_set)
    members = members_of(round)
    drawn = planned(round, members)
    if plan != plan_key(drawn):
        raise RuleError(OTHER_PLAN)
    reviews = CrossReview.objects.bulk_create(
        (
            CrossReview(round=round, reviewer_id=reviewer, reviewed_id=reviewed)
            for reviewed, reviewers in drawn.assignments.items()
            for reviewer in reviewers
        ),
        batch_size=500,
    )
    criteria = list(round.criteria.all())
    CrossReviewScore.objects.bulk_create(
        (
            CrossReviewScore(review=review, criterion=criterion)
            for review in reviews
            for criterion in criteria
        ),
        batch_size=500,
    )
    round.state, round.opened_by, round.opened_at = State.OPEN, actor, at
    round.save(update_fields=["state", "opened_by", "opened_at"])
    record(
        actor,
        Action.CROSS_REVIEW_OPENED,
        round,
        at=at,
        seed=round.seed,
        reviews=len(reviews),
        sha256=plan_key(drawn),
    )
    return round
