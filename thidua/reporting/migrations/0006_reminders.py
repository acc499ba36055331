"""Who was urged, when, by which channel; the steps of a year. Both are only added to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from thidua.audit.triggers import guard

STAYS = "Lần đôn đốc đã ghi chỉ ghi thêm, không sửa, không xoá."
SET = "Quy tắc đôn đốc chỉ ghi thêm lần đặt mới, không sửa, không xoá."


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_initial"),
        ("organisations", "0001_initial"),
        ("reporting", "0005_own_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.SlugField(
                        blank=True, db_index=False, max_length=20, verbose_name="Bước"
                    ),
                ),
                ("step_name", models.CharField(blank=True, max_length=60, verbose_name="Tên bước")),
                ("offset", models.SmallIntegerField(null=True, verbose_name="Ngày so với hạn")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("officer", "cán bộ phụ trách"),
                            ("head", "thủ trưởng đơn vị"),
                            ("lead", "cụm trưởng"),
                            ("superior", "cấp trên"),
                        ],
                        max_length=10,
                        verbose_name="Cấp nhận",
                    ),
                ),
                ("counted_from", models.DateField(verbose_name="Tính từ ngày")),
                ("due_on", models.DateField(verbose_name="Ngày của bước")),
                ("urged_at", models.DateTimeField(verbose_name="Đôn đốc lúc")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("product", "trong phần mềm"),
                            ("mail", "trong phần mềm và thư điện tử"),
                        ],
                        max_length=10,
                        verbose_name="Kênh",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="Lời đôn đốc")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="organisations.membership",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="notices.notice",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="reporting.reportingperiod",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Người nhận",
                    ),
                ),
                (
                    "urged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Người đôn đốc",
                    ),
                ),
            ],
            options={
                "ordering": ["-urged_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("urged_by__isnull", True)),
                        fields=("membership", "period", "recipient", "step", "counted_from"),
                        name="urged_once_a_step",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("urged_by__isnull", False)),
                        fields=("membership", "period", "recipient", "urged_at"),
                        name="urged_once_by_hand",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("offset__isnull", False),
                                ("urged_by__isnull", True),
                                models.Q(("step", ""), _negated=True),
                            ),
                            models.Q(
                                ("offset__isnull", True),
                                ("step", ""),
                                ("urged_by__isnull", False),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reminder_has_a_step_or_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UrgingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Lần đặt")),
                ("content", models.JSONField(verbose_name="Nội dung")),
                ("reason", models.CharField(max_length=500, verbose_name="Lý do")),
                ("set_at", models.DateTimeField(verbose_name="Lúc đặt")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Người đặt",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="urging_rules",
                        to="organisations.emulationyear",
                    ),
                ),
            ],
            options={
                "ordering": ["year", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "number"), name="urging_rule_number_once"
                    )
                ],
            },
        ),
        guard("reporting_reminder", ["UPDATE", "DELETE"], STAYS),
        guard("reporting_urgingrule", ["UPDATE", "DELETE"], SET),
    ]
