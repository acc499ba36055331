"""The narrative part: outlines, sections, attachments, later changes; locked like figures."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import RunPython

from thidua.audit.triggers import guard

LOCKED = "Báo cáo đã nộp nên phần lời và tệp kèm theo không thay đổi được."
ADDED = "Thay đổi phần lời chỉ ghi thêm, không sửa, không xoá."
OUTLINE = "Đề cương đã đặt chỉ ghi thêm phiên bản mới, không sửa, không xoá."
HANDED_IN = (
    "EXISTS (SELECT 1 FROM reporting_report r WHERE r.id = {row}.report_id AND r.state <> 'draft')"
)


def locked(table: str) -> list[RunPython]:
    """A row of a report handed in is neither changed nor added, nor is one moved into it."""
    return [
        guard(table, ["UPDATE", "DELETE"], LOCKED, HANDED_IN.format(row="OLD")),
        guard(table, ["INSERT"], LOCKED, HANDED_IN.format(row="NEW")),
        guard(
            table,
            ["UPDATE"],
            LOCKED,
            "NEW.report_id <> OLD.report_id AND " + HANDED_IN.format(row="NEW"),
            name=f"{table}_into_handed_in",
        ),
    ]


def key() -> models.BigAutoField:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def person() -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def of(to: str, related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_papers_stay"),
        ("organisations", "0001_initial"),
        ("reporting", "0003_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NarrativeOutline",
            fields=[
                ("id", key()),
                (
                    "outline_key",
                    models.SlugField(db_index=False, max_length=20, verbose_name="Mẫu"),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="Phiên bản")),
                ("content", models.JSONField(verbose_name="Nội dung")),
                ("reason", models.TextField(verbose_name="Lý do")),
                ("set_at", models.DateTimeField(verbose_name="Lúc")),
                ("set_by", person()),
                ("year", of("organisations.emulationyear", "narrative_outlines")),
            ],
            options={
                "ordering": ["outline_key", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("year", "outline_key", "number"),
                        name="narrative_outline_number_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NarrativeSection",
            fields=[
                ("id", key()),
                (
                    "outline_key",
                    models.SlugField(db_index=False, max_length=20, verbose_name="Mẫu"),
                ),
                (
                    "section_key",
                    models.SlugField(db_index=False, max_length=60, verbose_name="Mục"),
                ),
                ("text", models.TextField(blank=True, verbose_name="Nội dung")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(verbose_name="Sửa lúc")),
                ("changed_by", person()),
                ("report", of("reporting.report", "narrative_sections")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "outline_key", "section_key"),
                        name="one_text_per_narrative_section",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NarrativeAttachment",
            fields=[
                ("id", key()),
                (
                    "outline_key",
                    models.SlugField(
                        blank=True, db_index=False, default="", max_length=20, verbose_name="Mẫu"
                    ),
                ),
                (
                    "section_key",
                    models.SlugField(
                        blank=True, db_index=False, default="", max_length=60, verbose_name="Mục"
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, max_length=300, verbose_name="Nội dung tệp"),
                ),
                ("added_at", models.DateTimeField(verbose_name="Lúc")),
                ("added_by", person()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="narrative_attachment",
                        to="documents.storedfile",
                    ),
                ),
                ("report", of("reporting.report", "narrative_attachments")),
            ],
            options={"ordering": ["added_at", "pk"]},
        ),
        migrations.CreateModel(
            name="NarrativeChange",
            fields=[
                ("id", key()),
                (
                    "outline_key",
                    models.SlugField(blank=True, db_index=False, max_length=20, verbose_name="Mẫu"),
                ),
                (
                    "section_key",
                    models.SlugField(blank=True, db_index=False, max_length=60, verbose_name="Mục"),
                ),
                ("old", models.TextField(blank=True, verbose_name="Cũ")),
                ("new", models.TextField(blank=True, verbose_name="Mới")),
                ("why", models.TextField(verbose_name="Lý do")),
                ("round", models.PositiveSmallIntegerField(verbose_name="Lần nộp")),
                ("changed_at", models.DateTimeField(verbose_name="Lúc")),
                ("changed_by", person()),
                ("report", of("reporting.report", "narrative_changes")),
            ],
            options={"ordering": ["pk"]},
        ),
        *locked("reporting_narrativesection"),
        *locked("reporting_narrativeattachment"),
        guard("reporting_narrativechange", ["UPDATE", "DELETE"], ADDED),
        guard("reporting_narrativeoutline", ["UPDATE", "DELETE"], OUTLINE),
    ]
