"""Reports of members: periods, reports, figures, words of explanation, and later changes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.accounts.models import User
from thidua.documents.models import StoredFile
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import is_superior_of, leads, own_membership
from thidua.rules.reporting import Amount, Qualifier, edition_on

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class ReportingPeriod(models.Model):
    """Kỳ báo cáo: one window of data of a year, and when it is due.

    `local_due_on` is for communes and departments to their province, `due_on` for the member
    itself to the Government Inspectorate. The lead may move the dates, with a reason.
    """

    class Code(models.TextChoices):
        Q1 = "q1", "Quý I"
        Q2 = "q2", "Quý II"
        HALF = "6m", "6 tháng"
        Q3 = "q3", "Quý III"
        NINE = "9m", "9 tháng"
        Q4 = "q4", "Quý IV"
        YEAR = "year", "Năm"

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="reporting_periods")
    code = models.CharField("Kỳ", max_length=4, choices=Code.choices)
    order = models.PositiveSmallIntegerField("Thứ tự")
    first_on = models.DateField("Số liệu từ ngày")
    last_on = models.DateField("Đến hết ngày")
    local_due_on = models.DateField("Hạn cấp dưới gửi tỉnh")
    due_on = models.DateField("Hạn gửi Thanh tra Chính phủ")
    has_narrative = models.BooleanField("Có phần lời")
    source = models.CharField("Căn cứ", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    if TYPE_CHECKING:
        reports: RelatedManager[Report]

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["year", "code"], name="one_period_of_a_code_per_year"),
            models.CheckConstraint(
                name="period_ends_before_it_is_due",
                condition=Q(last_on__gte=F("first_on"))
                & Q(local_due_on__gte=F("last_on"))
                & Q(due_on__gte=F("last_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo {self.name[0].lower()}{self.name[1:]} {self.year.year}"

    @property
    def name(self) -> str:
        """The name alone: Quý I, 6 tháng, Năm."""
        return self.get_code_display()

    @property
    def journal_year(self) -> int:
        return self.year_id

    @property
    def edition_key(self) -> str:
        """The forms in force on the last day of the data. RuleError where none is known."""
        return edition_on(self.last_on).key

    def is_due_before(self, day: date) -> bool:
        """Whether the due date has passed on that day."""
        return self.due_on < day


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User, year: EmulationYear) -> ReportQuerySet:
        """One's own always; those handed in to lead and superior; nobody else's."""
        reports = self.filter(period__year=year)
        own = reports.filter(membership=own_membership(user, year))
        if leads(user, year) or is_superior_of(user, year):
            return reports.exclude(state=Report.State.DRAFT) | own
        return own


class Report(models.Model):
    """Báo cáo: what one member hands in for one period, on the forms of one edition.

    A draft that was handed in before has been returned: `round` has grown and a reason is stored.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Đang làm"
        SUBMITTED = "submitted", "Đã nộp"
        ACCEPTED = "accepted", "Đã chấp nhận"

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="reports")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports")
    edition = models.CharField("Bộ biểu mẫu", max_length=60)
    # The cluster's own forms asked for besides; read both through queries.editions.
    own_forms = models.ForeignKey(
        "reporting.OwnForms", models.PROTECT, null=True, related_name="reports"
    )
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.DRAFT
    )
    round = models.PositiveSmallIntegerField("Lần nộp", default=1)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField("Bắt đầu lúc")
    # The first hand-in is what lateness is told from; a returned report is handed in again.
    first_submitted_at = models.DateTimeField("Nộp lần đầu lúc", null=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField("Nộp lúc", null=True)
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField("Trả lại lúc", null=True)
    return_reason = models.TextField("Lý do trả lại", blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField("Chấp nhận lúc", null=True)
    # Kept when an accepted report is given back: changes since then are told from what counted.
    accepted_round = models.PositiveSmallIntegerField("Lần nộp đã chấp nhận", null=True)
    # The logged exception without which nothing is entered after the due date.
    late_reason = models.TextField("Lý do cho nộp muộn", blank=True)
    late_allowed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    late_allowed_at = models.DateTimeField("Cho nộp muộn lúc", null=True)
    # The list forms the unit has answered, be it with "nothing to list".
    told_lists = models.JSONField("Danh sách đã kê khai", default=list)
    # The last one taken over: what the unit sent, and the look in which it gets its next one.
    workbook = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="Biểu đã nạp"
    )
    version = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    if TYPE_CHECKING:
        figures: RelatedManager[Figure]
        list_rows: RelatedManager[ListRow]
        explanations: RelatedManager[FigureExplanation]
        changes: RelatedManager[FigureChange]

    class Meta:
        ordering = ["period__order", "membership__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "period"], name="one_report_per_member_and_period"
            ),
            models.CheckConstraint(
                name="report_handed_in_says_by_whom",
                condition=Q(state="draft")
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="report_accepted_says_by_whom",
                condition=~Q(state="accepted")
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} của {self.membership.organisation.short_name}"

    @property
    def journal_year(self) -> int:
        return self.membership.year_id

    @property
    def is_returned(self) -> bool:
        """Back with its unit after it was handed in."""
        return self.state == self.State.DRAFT and self.round > 1

    @property
    def state_mark(self) -> str:
        """The word by which a page colours the state."""
        return "returned" if self.is_returned else self.state

    @property
    def state_label(self) -> str:
        """The state as pages say it."""
        return "Trả lại để sửa" if self.is_returned else self.get_state_display()

    @property
    def was_late(self) -> bool:
        """First handed in after the due date."""
        return self.first_submitted_at is not None and self.period.is_due_before(
            timezone.localdate(self.first_submitted_at)
        )

    def takes_entries(self, at: datetime) -> bool:
        """Whether the due date still allows entry: not past, or opened again by a logged act."""
        if not self.period.is_due_before(timezone.localdate(at)):
            return True
        if self.late_allowed_at is not None:
            return True
        # Who returns a report after its due date opens it by that very act.
        return self.returned_at is not None and self.period.is_due_before(
            timezone.localdate(self.returned_at)
        )


class Figure(models.Model):
    """Số liệu: one cell. `value` None is no data, which is not 0; a text column holds `text`.

    `row` is "" where the report has one row. `version` grows with every change (R08).
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    indicator_key = models.SlugField("Chỉ tiêu", max_length=60, db_index=False)
    row = models.CharField("Dòng", max_length=200, blank=True, default="")
    value = models.DecimalField("Số liệu", max_digits=21, decimal_places=6, null=True)
    qualifier = models.CharField("Từ đi trước", max_length=6, blank=True, default="")
    text = models.TextField("Chữ", blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator_key", "row"], name="one_figure_per_cell"
            ),
            models.CheckConstraint(
                name="figure_is_not_negative", condition=Q(value__isnull=True) | Q(value__gte=0)
            ),
        ]
        # Roll-up and scoring look an indicator up over many reports.
        indexes = [models.Index(fields=["indicator_key", "report"])]

    def __str__(self) -> str:
        return self.indicator_key

    @property
    def amount(self) -> Amount | None:
        """The figure as rules know it."""
        return stored_amount(self.value, self.qualifier)


def stored_amount(value: Decimal | None, qualifier: str) -> Amount | None:
    """A stored figure as rules know it; None has no data."""
    if value is None:
        return None
    return Amount(Decimal(value).normalize() + 0, Qualifier(qualifier))


class ListRow(models.Model):
    """Dòng danh sách: one matter of a list form (02/PCTN, 03/PCTN), by key of column."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="list_rows")
    form_key = models.SlugField("Biểu", max_length=60, db_index=False)
    position = models.PositiveSmallIntegerField("Thứ tự")
    cells = models.JSONField("Nội dung", default=dict)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc")

    class Meta:
        ordering = ["form_key", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "form_key", "position"], name="one_row_per_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form_key} {self.position}"


class FigureExplanation(models.Model):
    """Giải trình: the unit's word on one finding. `about` is the finding's sentence at that time,
    so that a word does not stand for other figures than those it was given for."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="explanations")
    check_key = models.CharField("Kiểm tra", max_length=200)
    about = models.TextField("Điều được hỏi")
    text = models.TextField("Giải trình")
    explained_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    explained_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "check_key"], name="one_explanation_per_finding"
            )
        ]

    def __str__(self) -> str:
        return self.check_key


class FigureChange(models.Model):
    """Thay đổi số liệu sau khi nộp: old and new as people read them, why, who, when. Only added."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="changes")
    indicator_key = models.SlugField("Chỉ tiêu", max_length=60, db_index=False)
    row = models.CharField("Dòng", max_length=200, blank=True, default="")
    old = models.TextField("Cũ")
    new = models.TextField("Mới")
    why = models.TextField("Lý do")
    round = models.PositiveSmallIntegerField("Lần nộp")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.indicator_key}: {self.old} → {self.new}"
