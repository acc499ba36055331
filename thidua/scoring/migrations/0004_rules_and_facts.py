"""Rules, figures and terms of units; the guards hold over the new columns too.

SQLite rebuilds a table to change it and drops its triggers: all guards of the area are lifted
first and set again at the end.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import thidua.scoring.models.tables
from thidua.audit.triggers import SqlOnly, guard

stay = import_module("thidua.scoring.migrations.0002_locked_points_stay")
join = import_module("thidua.scoring.migrations.0003_nothing_joins_the_locked")
LIFTED = [*stay.Migration.operations, *join.Migration.operations]
# The two that name columns are written anew below.
REPLACED = [LIFTED[4], LIFTED[6]]

SAME_CLAIM = stay.same(
    "base", "bonus", "deduction", "facts", "explanation", "self_points", "criterion_id", "sheet_id"
)
SAME_SUBMISSION = "NEW.state <> 'draft' AND " + stay.same(
    "self_score",
    "allowed_score",
    "facts",
    "round",
    "submitted_at",
    "submitted_by_id",
    "membership_id",
    "criteria_set_id",
)
# Only whole, with a reason and the next round's number, does a sheet go back to its unit.
GIVEN_BACK = (
    "NEW.state = 'draft' AND NEW.round = OLD.round + 1 AND NEW.return_reason <> '' "
    "AND NEW.returned_by_id IS NOT NULL AND NEW.returned_at IS NOT NULL AND "
    + stay.same("facts", "membership_id", "criteria_set_id")
)
TERMS = "Thông số của đơn vị đã nộp bảng tự chấm nên không thay đổi được."
HANDED_IN = (
    "EXISTS (SELECT 1 FROM scoring_scoresheet s WHERE s.state <> 'draft' "
    "AND s.criteria_set_id = {row}.criteria_set_id AND s.membership_id = {row}.membership_id)"
)
DECIDED = "Quyết định thứ tự đã ghi nên không thay đổi được."

GUARDS = [
    *(each for each in LIFTED if each not in REPLACED),
    guard(
        "scoring_scoresheet",
        ["UPDATE"],
        stay.CLAIM,
        f"OLD.state = 'submitted' AND NOT ({SAME_SUBMISSION}) AND NOT ({GIVEN_BACK})",
        name="scoring_submission_no",
    ),
    guard(
        "scoring_criterionscore",
        ["UPDATE"],
        stay.CLAIM,
        stay.SHEET.format(row="OLD", test="<> 'draft'") + f" AND NOT ({SAME_CLAIM})",
        name="scoring_claim_no",
    ),
    guard("scoring_unitterms", ["UPDATE", "DELETE"], TERMS, HANDED_IN.format(row="OLD")),
    guard("scoring_unitterms", ["INSERT"], TERMS, HANDED_IN.format(row="NEW")),
    guard(
        "scoring_unitterms",
        ["UPDATE"],
        TERMS,
        HANDED_IN.format(row="NEW"),
        name="scoring_terms_into",
    ),
    guard("scoring_tiedecision", ["UPDATE", "DELETE"], DECIDED),
]


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("scoring", "0003_nothing_joins_the_locked"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(SqlOnly(each.reverse_code, each.code) for each in LIFTED),
        migrations.CreateModel(
            name="TieDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.JSONField(default=list, verbose_name="Thứ tự")),
                ("reason", models.TextField(verbose_name="Lý do")),
                ("decided_at", models.DateTimeField(verbose_name="Lúc")),
            ],
            options={
                "ordering": ["-decided_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="UnitTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("targets", models.JSONField(default=dict, verbose_name="Mục tiêu")),
                (
                    "not_assigned",
                    models.JSONField(default=list, verbose_name="Tiêu chí không giao"),
                ),
                ("tiers", models.JSONField(default=dict, verbose_name="Cỡ đơn vị")),
                (
                    "group",
                    models.CharField(blank=True, max_length=100, verbose_name="Nhóm xếp hạng"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(null=True, verbose_name="Sửa lúc")),
            ],
            options={
                "ordering": ["membership__order"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="completedsection",
            name="section_completed_once_per_sheet",
        ),
        migrations.AddField(
            model_name="completedsection",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="Lần nộp"),
        ),
        migrations.AddField(
            model_name="criteriaset",
            name="authors",
            field=models.ManyToManyField(
                related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="Người soạn"
            ),
        ),
        migrations.AddField(
            model_name="criteriaset",
            name="changed_at",
            field=models.DateTimeField(null=True, verbose_name="Sửa lúc"),
        ),
        migrations.AddField(
            model_name="criteriaset",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="criteriaset",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="criterionscore",
            name="appraised_facts",
            field=models.JSONField(default=dict, verbose_name="Số liệu thẩm định"),
        ),
        migrations.AddField(
            model_name="criterionscore",
            name="facts",
            field=models.JSONField(default=dict, verbose_name="Số liệu"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="allowed_score",
            field=thidua.scoring.models.tables.PointsField(
                decimal_places=6, max_digits=15, null=True, verbose_name="Tổng theo quy tắc"
            ),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="decided_facts",
            field=models.JSONField(default=dict, verbose_name="Số liệu chung đã xác nhận"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="facts",
            field=models.JSONField(default=dict, verbose_name="Số liệu chung"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="facts_changed_at",
            field=models.DateTimeField(null=True, verbose_name="Sửa số liệu chung lúc"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="facts_changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="facts_reason",
            field=models.TextField(blank=True, verbose_name="Lý do thay đổi số liệu chung"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="facts_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="return_reason",
            field=models.TextField(blank=True, verbose_name="Lý do trả lại"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="returned_at",
            field=models.DateTimeField(null=True, verbose_name="Trả lại lúc"),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="returned_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scoresheet",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="Lần nộp"),
        ),
        migrations.AddConstraint(
            model_name="completedsection",
            constraint=models.UniqueConstraint(
                fields=("sheet", "criterion", "round"), name="section_completed_once_per_round"
            ),
        ),
        migrations.AddField(
            model_name="tiedecision",
            name="criteria_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tie_decisions",
                to="scoring.criteriaset",
            ),
        ),
        migrations.AddField(
            model_name="tiedecision",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unitterms",
            name="changed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="unitterms",
            name="criteria_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="unit_terms",
                to="scoring.criteriaset",
            ),
        ),
        migrations.AddField(
            model_name="unitterms",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unit_terms",
                to="organisations.membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitterms",
            constraint=models.UniqueConstraint(
                fields=("criteria_set", "membership"), name="unit_terms_once_per_table"
            ),
        ),
        *GUARDS,
    ]
