"""Cross-review; plan, points handed in and closed rounds never change (threat model T03)."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunPython

import thidua.scoring.models.tables
from thidua.audit.triggers import guard

same = import_module("thidua.scoring.migrations.0002_locked_points_stay").same

SETTINGS = "Vòng chấm chéo đã mở nên thiết lập và phân công không thay đổi được."
CLOSED = "Vòng chấm chéo đã đóng nên không thay đổi được."
HANDED_IN = "Điểm chấm chéo đã nộp nên không thay đổi được."
NOT_OPEN = "Vòng chấm chéo không trong thời gian chấm nên điểm không thay đổi được."
ABOVE = "Điểm chấm chéo vượt mức tối đa của nội dung."
NOT_CLOSED = "Chỉ kết luận về chênh lệch sau khi vòng chấm chéo đã đóng."
SETTLED = "Kết luận về chênh lệch chỉ ghi thêm lần sửa mới."

ROUND = (
    "EXISTS (SELECT 1 FROM scoring_crossreviewround r "
    "WHERE r.id = {row}.round_id AND r.state {test})"
)
REVIEW = "EXISTS (SELECT 1 FROM scoring_crossreview v WHERE v.id = {row}.review_id AND v.state <> 'draft')"
REVIEW_ROUND = (
    "EXISTS (SELECT 1 FROM scoring_crossreview v JOIN scoring_crossreviewround r "
    "ON r.id = v.round_id WHERE v.id = {row}.review_id AND r.state {test})"
)
PLAN = (
    "criteria_set_id",
    "number",
    "reviewers_per_unit",
    "distance",
    "distance_kind",
    "seed",
    "made_by_id",
    "made_at",
    "opened_by_id",
    "opened_at",
)
FROZEN_PLAN = "NEW.state <> 'draft' AND " + same(*PLAN)
# Whether corrected means are shown changes no point, so it stays a choice.
FROZEN_ROUND = "NEW.state = 'closed' AND " + same(
    *PLAN, "closed_by_id", "closed_at", "closing_note"
)


def frozen_with_plan(table: str) -> list[RunPython]:
    """Rows that belong to the plan: free while the round is a draft, then fixed."""
    return [
        guard(table, ["UPDATE", "DELETE"], SETTINGS, ROUND.format(row="OLD", test="<> 'draft'")),
        guard(table, ["INSERT"], SETTINGS, ROUND.format(row="NEW", test="<> 'draft'")),
        guard(
            table,
            ["UPDATE"],
            SETTINGS,
            ROUND.format(row="NEW", test="<> 'draft'"),
            name=f"{table}_into_open",
        ),
    ]


GUARDS = [
    guard(
        "scoring_crossreviewround",
        ["UPDATE"],
        SETTINGS,
        f"OLD.state = 'open' AND NOT ({FROZEN_PLAN})",
    ),
    guard(
        "scoring_crossreviewround",
        ["UPDATE"],
        CLOSED,
        f"OLD.state = 'closed' AND NOT ({FROZEN_ROUND})",
        name="scoring_closed_round_no",
    ),
    guard("scoring_crossreviewround", ["DELETE"], SETTINGS, "OLD.state <> 'draft'"),
    *frozen_with_plan("scoring_crossreviewcriterion"),
    *frozen_with_plan("scoring_crossreviewconflict"),
    guard(
        "scoring_crossreview",
        ["INSERT"],
        SETTINGS,
        "NEW.state <> 'draft' OR " + ROUND.format(row="NEW", test="<> 'draft'"),
    ),
    guard("scoring_crossreview", ["DELETE"], SETTINGS, ROUND.format(row="OLD", test="<> 'draft'")),
    guard(
        "scoring_crossreview",
        ["UPDATE"],
        SETTINGS,
        f"NOT ({same('round_id', 'reviewer_id', 'reviewed_id')})",
    ),
    guard(
        "scoring_crossreview",
        ["UPDATE"],
        HANDED_IN,
        "OLD.state <> 'draft'",
        name="scoring_handed_in_no",
    ),
    guard(
        "scoring_crossreview",
        ["UPDATE"],
        NOT_OPEN,
        ROUND.format(row="OLD", test="<> 'open'"),
        name="scoring_review_not_open_no",
    ),
    guard(
        "scoring_crossreviewscore",
        ["INSERT"],
        SETTINGS,
        REVIEW_ROUND.format(row="NEW", test="<> 'draft'"),
    ),
    guard(
        "scoring_crossreviewscore",
        ["DELETE"],
        SETTINGS,
        REVIEW_ROUND.format(row="OLD", test="<> 'draft'"),
    ),
    guard(
        "scoring_crossreviewscore",
        ["UPDATE"],
        SETTINGS,
        f"NOT ({same('review_id', 'criterion_id')})",
    ),
    guard(
        "scoring_crossreviewscore",
        ["UPDATE"],
        HANDED_IN,
        REVIEW.format(row="OLD"),
        name="scoring_cross_points_no",
    ),
    guard(
        "scoring_crossreviewscore",
        ["UPDATE"],
        NOT_OPEN,
        REVIEW_ROUND.format(row="OLD", test="<> 'open'"),
        name="scoring_cross_points_not_open_no",
    ),
    guard(
        "scoring_crossreviewscore",
        ["INSERT", "UPDATE"],
        ABOVE,
        "NEW.points > (SELECT c.maximum FROM scoring_crossreviewcriterion c "
        "WHERE c.id = NEW.criterion_id)",
        name="scoring_cross_points_above",
    ),
    guard(
        "scoring_crossreviewsettlement",
        ["INSERT"],
        NOT_CLOSED,
        ROUND.format(row="NEW", test="<> 'closed'"),
    ),
    guard("scoring_crossreviewsettlement", ["DELETE"], SETTLED),
    guard(
        "scoring_crossreviewsettlement",
        ["UPDATE"],
        SETTLED,
        f"NOT ({same('round_id', 'reviewed_id', 'criterion_id')}) "
        "OR NEW.version <> OLD.version + 1",
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("scoring", "0004_rules_and_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CrossReviewRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Vòng")),
                (
                    "reviewers_per_unit",
                    models.PositiveSmallIntegerField(verbose_name="Số đơn vị chấm mỗi đơn vị"),
                ),
                (
                    "distance",
                    thidua.scoring.models.tables.PointsField(
                        decimal_places=6, max_digits=15, verbose_name="Khoảng cách"
                    ),
                ),
                (
                    "distance_kind",
                    models.CharField(
                        choices=[("points", "điểm"), ("percent", "% điểm tối đa")],
                        max_length=10,
                        verbose_name="Khoảng cách tính theo",
                    ),
                ),
                ("seed", models.PositiveIntegerField(verbose_name="Số mầm")),
                (
                    "shows_correction",
                    models.BooleanField(default=False, verbose_name="Hiện điểm hiệu chỉnh"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang chuẩn bị"),
                            ("open", "Đang chấm"),
                            ("closed", "Đã đóng"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="Trạng thái",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="Lập lúc")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="Mở lúc")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="Đóng lúc")),
                (
                    "closing_note",
                    models.TextField(blank=True, verbose_name="Lý do đóng khi còn đơn vị chưa nộp"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(null=True, verbose_name="Sửa lúc")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cross_reviews",
                        to="scoring.criteriaset",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="CrossReviewCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "maximum",
                    thidua.scoring.models.tables.PointsField(
                        decimal_places=6, max_digits=15, verbose_name="Điểm tối đa"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.criterion",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="criteria",
                        to="scoring.crossreviewround",
                    ),
                ),
            ],
            options={
                "ordering": ["criterion__order"],
            },
        ),
        migrations.CreateModel(
            name="CrossReviewConflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(verbose_name="Lý do")),
                ("declared_at", models.DateTimeField(verbose_name="Khai báo lúc")),
                (
                    "declared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts_as_first",
                        to="organisations.membership",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts_as_second",
                        to="organisations.membership",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="conflicts",
                        to="scoring.crossreviewround",
                    ),
                ),
            ],
            options={
                "ordering": ["first__order", "second__order"],
            },
        ),
        migrations.CreateModel(
            name="CrossReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Đang chấm"), ("handed_in", "Đã nộp")],
                        default="draft",
                        max_length=10,
                        verbose_name="Trạng thái",
                    ),
                ),
                ("handed_in_at", models.DateTimeField(null=True, verbose_name="Nộp lúc")),
                (
                    "handed_in_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cross_reviews_received",
                        to="organisations.membership",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cross_reviews_made",
                        to="organisations.membership",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="scoring.crossreviewround",
                    ),
                ),
            ],
            options={
                "ordering": ["reviewed__order", "reviewer__order"],
            },
        ),
        migrations.CreateModel(
            name="CrossReviewScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    thidua.scoring.models.tables.PointsField(
                        decimal_places=6, max_digits=15, null=True, verbose_name="Điểm"
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="Nhận xét")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(null=True, verbose_name="Sửa lúc")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="scoring.crossreviewcriterion",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="scoring.crossreview",
                    ),
                ),
            ],
            options={
                "ordering": ["criterion__criterion__order"],
            },
        ),
        migrations.CreateModel(
            name="CrossReviewSettlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.TextField(verbose_name="Kết luận")),
                ("version", models.PositiveIntegerField(default=1)),
                ("settled_at", models.DateTimeField(verbose_name="Kết luận lúc")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="scoring.crossreviewcriterion",
                    ),
                ),
                (
                    "reviewed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cross_review_settlements",
                        to="organisations.membership",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="scoring.crossreviewround",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["reviewed__order", "criterion__criterion__order"],
            },
        ),
        migrations.AddConstraint(
            model_name="crossreviewround",
            constraint=models.UniqueConstraint(
                fields=("criteria_set", "number"), name="cross_review_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(("distance__gte", 0)),
                name="cross_review_distance_is_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewers_per_unit__gte", 1)),
                name="cross_review_needs_a_reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("opened_at__isnull", False), _connector="OR"
                ),
                name="opened_cross_review_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    ("closed_at__isnull", False),
                    _connector="OR",
                ),
                name="closed_cross_review_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewcriterion",
            constraint=models.UniqueConstraint(
                fields=("round", "criterion"), name="criterion_once_per_cross_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewcriterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("maximum__gt", 0)), name="cross_review_maximum_is_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewconflict",
            constraint=models.UniqueConstraint(
                fields=("round", "first", "second"), name="conflict_declared_once_per_pair"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewconflict",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="conflict_pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreview",
            constraint=models.UniqueConstraint(
                fields=("round", "reviewer", "reviewed"), name="unit_reviewed_once_by_each"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewer", models.F("reviewed")), _negated=True),
                name="no_unit_reviews_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("handed_in_at__isnull", False), _connector="OR"
                ),
                name="handed_in_review_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewscore",
            constraint=models.UniqueConstraint(
                fields=("review", "criterion"), name="criterion_scored_once_per_cross_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__isnull", True), ("points__gte", 0), _connector="OR"),
                name="cross_review_points_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="crossreviewsettlement",
            constraint=models.UniqueConstraint(
                fields=("round", "reviewed", "criterion"), name="disagreement_settled_once"
            ),
        ),
        *GUARDS,
    ]
