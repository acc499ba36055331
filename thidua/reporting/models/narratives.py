"""The narrative part of a report: outlines as the lead shapes them, sections, files beside them."""

from __future__ import annotations

from django.db import models

from thidua.accounts.models import User
from thidua.documents.models import StoredFile
from thidua.organisations.models import EmulationYear
from thidua.reporting.models.reports import Report


class NarrativeOutline(models.Model):
    """Đề cương of one year as the lead set it: only added, the newest counts.

    `content` holds the sections (rules.reporting.narrative); nothing stored means the software's.
    """

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="narrative_outlines")
    outline_key = models.SlugField("Mẫu", max_length=20, db_index=False)
    number = models.PositiveSmallIntegerField("Phiên bản")
    content = models.JSONField("Nội dung")
    reason = models.TextField("Lý do")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["outline_key", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "outline_key", "number"], name="narrative_outline_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outline_key} v{self.number}"

    @property
    def journal_year(self) -> int:
        return self.year_id


class NarrativeSection(models.Model):
    """Mục của phần lời: what the unit wrote under one heading. `version` grows with every change."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="narrative_sections")
    outline_key = models.SlugField("Mẫu", max_length=20, db_index=False)
    section_key = models.SlugField("Mục", max_length=60, db_index=False)
    text = models.TextField("Nội dung", blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "outline_key", "section_key"],
                name="one_text_per_narrative_section",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outline_key}/{self.section_key}"


class NarrativeAttachment(models.Model):
    """Tệp kèm theo báo cáo, to the whole of it or to one section; `section_key` may be ""."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="narrative_attachments")
    outline_key = models.SlugField("Mẫu", max_length=20, db_index=False, blank=True, default="")
    section_key = models.SlugField("Mục", max_length=60, db_index=False, blank=True, default="")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="narrative_attachment")
    note = models.CharField("Nội dung tệp", max_length=300, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return self.file.name


class NarrativeChange(models.Model):
    """Thay đổi phần lời sau khi nộp: the old and the new text, why, who, when. Only added."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="narrative_changes")
    outline_key = models.SlugField("Mẫu", max_length=20, db_index=False, blank=True)
    section_key = models.SlugField("Mục", max_length=60, db_index=False, blank=True)
    old = models.TextField("Cũ", blank=True)
    new = models.TextField("Mới", blank=True)
    why = models.TextField("Lý do")
    round = models.PositiveSmallIntegerField("Lần nộp")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.outline_key}/{self.section_key}"
