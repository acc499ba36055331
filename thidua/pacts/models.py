"""The yearly pact: its versions, commitments, what members say of them, and its signing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from thidua.accounts.models import User
from thidua.documents.models import SigningRound
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import leads
from thidua.reporting.models import Indicator


class PactVersionQuerySet(models.QuerySet["PactVersion"]):
    def visible_to(self, user: User, year: EmulationYear) -> PactVersionQuerySet:
        """A draft is the lead's; what is out for comment or frozen is everybody's of the year."""
        own = self.filter(year=year)
        return own if leads(user, year) else own.exclude(state=PactVersion.State.DRAFT)


class PactVersion(models.Model):
    """Giao ước thi đua, one version. Frozen, it never changes; a new version starts a new round."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        CONSULTING = "consulting", "Đang lấy ý kiến"
        FROZEN = "frozen", "Đã chốt"

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="pact_versions", verbose_name="Năm thi đua"
    )
    number = models.PositiveSmallIntegerField("Phiên bản")
    title = models.CharField("Tên giao ước", max_length=300)
    document_number = models.CharField("Số, ký hiệu", max_length=60, blank=True)
    dated_on = models.DateField("Ngày ký", null=True, blank=True)
    preamble = models.TextField("Phần mở đầu", blank=True)
    closing = models.TextField("Phần cuối", blank=True)
    source_note = models.CharField("Ghi chú về nguồn", max_length=400, blank=True)
    state = models.CharField(
        "Trạng thái", max_length=12, choices=State.choices, default=State.DRAFT
    )
    opened_at = models.DateTimeField("Lấy ý kiến từ", null=True)
    frozen_at = models.DateTimeField("Chốt lúc", null=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    fingerprint = models.CharField("Mã băm SHA-256", max_length=64, blank=True)
    # The very text under the fingerprint, kept when frozen: names as they were on that day.
    canonical = models.TextField("Nội dung đã chốt", blank=True)
    signing = models.OneToOneField(
        SigningRound, models.PROTECT, null=True, related_name="pact_version"
    )
    version = models.PositiveIntegerField(default=1)

    objects = PactVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="pact_version_numbered_once"),
            models.UniqueConstraint(
                fields=["year"],
                condition=~Q(state="frozen"),
                name="one_open_pact_version_per_year",
            ),
            models.CheckConstraint(
                name="frozen_pact_has_fingerprint",
                condition=~Q(state="frozen")
                | (~Q(fingerprint="") & ~Q(canonical="") & Q(frozen_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (phiên bản {self.number})"

    @property
    def journal_year(self) -> int:
        return self.year_id


class CommitmentGroup(models.Model):
    """Nhóm cam kết."""

    pact = models.ForeignKey(PactVersion, models.CASCADE, related_name="groups")
    order = models.PositiveSmallIntegerField("Thứ tự")
    title = models.CharField("Nhóm cam kết", max_length=300)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["pact", "order"], name="commitment_group_ordered_once")
        ]

    def __str__(self) -> str:
        return self.title


class Commitment(models.Model):
    """Cam kết: a line of a pact, in words or measurable."""

    class Comparison(models.TextChoices):
        AT_LEAST = "at_least", "từ … trở lên"
        MORE_THAN = "more_than", "trên"
        EXACTLY = "exactly", "đạt"
        AT_MOST = "at_most", "không quá"
        LESS_THAN = "less_than", "dưới"

    group = models.ForeignKey(CommitmentGroup, models.CASCADE, related_name="commitments")
    order = models.PositiveSmallIntegerField("Thứ tự")
    # The same commitment keeps its key through the versions, so that a difference is readable.
    key = models.CharField(max_length=32)
    text = models.TextField("Nội dung cam kết")
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name="Chỉ tiêu",
    )
    comparison = models.CharField("So sánh", max_length=10, choices=Comparison.choices, blank=True)
    target = models.DecimalField(
        "Mức phấn đấu", max_digits=18, decimal_places=4, null=True, blank=True
    )
    measure = models.CharField("Đơn vị tính", max_length=40, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["group", "order"], name="commitment_ordered_once"),
            models.CheckConstraint(
                name="measurable_commitment_is_complete",
                condition=(
                    Q(indicator__isnull=True, target__isnull=True, comparison="", measure="")
                    | (
                        Q(indicator__isnull=False, target__isnull=False)
                        & ~Q(comparison="")
                        & ~Q(measure="")
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_measurable(self) -> bool:
        return self.indicator_id is not None


class Comment(models.Model):
    """Góp ý: a member's word on one commitment, and the lead's answer."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="comments")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="pact_comments")
    text = models.TextField("Góp ý")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("Lúc")
    answer = models.TextField("Trả lời", blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField("Trả lời lúc", null=True)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Agreement(models.Model):
    """Thống nhất: a member agrees to a version as it then stood (`content` is its fingerprint)."""

    pact = models.ForeignKey(PactVersion, models.PROTECT, related_name="agreements")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="pact_agreements")
    content = models.CharField(max_length=64)
    agreed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["agreed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pact", "membership", "content"], name="pact_agreed_once_per_content"
            )
        ]

    def __str__(self) -> str:
        return str(self.membership)
