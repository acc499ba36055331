"""A cluster's own forms, and the version of them that a report is filled on."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import thidua.reporting.models.own_forms
from thidua.audit.triggers import guard

ISSUED = "Biểu mẫu riêng đã ban hành không thay đổi được."
KEPT = "Báo cáo đã nộp hoặc được trả lại giữ nguyên bộ biểu mẫu riêng."
NOT_ISSUED = "Báo cáo chỉ dùng biểu mẫu riêng đã ban hành."
# Never NULL itself, since such a trigger does not fire.
SAME = (
    "COALESCE(OLD.own_forms_id = NEW.own_forms_id, "
    "OLD.own_forms_id IS NULL AND NEW.own_forms_id IS NULL)"
)
OF_ISSUED = (
    "EXISTS (SELECT 1 FROM reporting_ownforms f "
    "WHERE f.id = {row}.ownforms_id AND f.state = 'issued')"
)
POINTS_AT_DRAFT = (
    "EXISTS (SELECT 1 FROM reporting_ownforms f "
    "WHERE f.id = NEW.own_forms_id AND f.state <> 'issued')"
)


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("reporting", "0004_narratives"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="OwnForms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Phiên bản")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Dự thảo"), ("issued", "Đã ban hành")],
                        default="draft",
                        max_length=10,
                        verbose_name="Trạng thái",
                    ),
                ),
                (
                    "data",
                    models.JSONField(
                        default=thidua.reporting.models.own_forms.no_forms, verbose_name="Nội dung"
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, verbose_name="Mã băm SHA-256")),
                ("started_at", models.DateTimeField(verbose_name="Bắt đầu soạn lúc")),
                ("changed_at", models.DateTimeField(verbose_name="Sửa lúc")),
                ("issued_at", models.DateTimeField(null=True, verbose_name="Ban hành lúc")),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "authors",
                    models.ManyToManyField(
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Người soạn",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_forms",
                        to="organisations.emulationyear",
                        verbose_name="Năm thi đua",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "number"), name="own_forms_numbered_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("year",),
                        name="one_draft_of_own_forms",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("issued_at__isnull", False), ("issued_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="own_forms_issued_say_by_whom",
                    ),
                ],
            },
        ),
        # Nullable without a default: SQLite adds the column in place, so the guards of 0003 stay.
        migrations.AddField(
            model_name="report",
            name="own_forms",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="reporting.ownforms",
            ),
        ),
        guard("reporting_ownforms", ["UPDATE", "DELETE"], ISSUED, "OLD.state = 'issued'"),
        guard(
            "reporting_ownforms_authors",
            ["UPDATE", "DELETE"],
            ISSUED,
            OF_ISSUED.format(row="OLD"),
        ),
        guard("reporting_ownforms_authors", ["INSERT"], ISSUED, OF_ISSUED.format(row="NEW")),
        guard(
            "reporting_report",
            ["UPDATE"],
            KEPT,
            f"(OLD.state <> 'draft' OR OLD.round > 1) AND NOT {SAME}",
            name="reporting_report_own_forms_kept",
        ),
        guard(
            "reporting_report",
            ["INSERT", "UPDATE"],
            NOT_ISSUED,
            POINTS_AT_DRAFT,
            name="reporting_report_own_forms_issued",
        ),
    ]
