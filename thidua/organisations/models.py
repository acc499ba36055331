"""Organisations through time, the cluster, its years and members, and who does what in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone

from thidua.accounts.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows whose validity covers a day; both ends belong to it."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def existing_on(self, day: date) -> OrganisationQuerySet:
        return self.filter(valid_on(day))

    def visible_to(self, user: User) -> OrganisationQuerySet:
        """Names and successions of public bodies are public knowledge to who signs in."""
        return self.all() if user.is_active else self.none()


class Organisation(models.Model):
    """Đơn vị: a lasting agency under one name. A rename or merger ends it and starts another."""

    class Kind(models.TextChoices):
        CENTRAL = "central", "Thanh tra Chính phủ"
        DEPARTMENT = "department", "Vụ, cục, đơn vị thuộc Thanh tra Chính phủ"
        PROVINCIAL_INSPECTORATE = "provincial_inspectorate", "Thanh tra tỉnh, thành phố"
        OTHER = "other", "Cơ quan khác"

    kind = models.CharField("Loại", max_length=30, choices=Kind.choices)
    full_name = models.CharField("Tên đầy đủ", max_length=200)
    short_name = models.CharField("Tên ngắn", max_length=80)
    abbreviation = models.CharField("Chữ viết tắt trong ký hiệu", max_length=20, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="Cơ quan cấp trên",
    )
    governing_body = models.CharField("Cơ quan chủ quản", max_length=200, blank=True)
    place = models.CharField("Địa danh", max_length=80, blank=True)
    valid_from = models.DateField("Có từ ngày")
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    source = models.CharField("Nguồn", max_length=300, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["short_name", "valid_from"]
        constraints = [
            models.CheckConstraint(
                name="organisation_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["full_name", "valid_from"], name="organisation_named_once_per_start"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Succession(models.Model):
    """Kế thừa: from a day on, the successor carries what the predecessor was."""

    class Kind(models.TextChoices):
        MERGE = "merge", "Hợp nhất, sáp nhập"
        SPLIT = "split", "Chia, tách"
        RENAME = "rename", "Đổi tên"

    predecessor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="successions", verbose_name="Đơn vị trước"
    )
    successor = models.ForeignKey(
        Organisation, models.PROTECT, related_name="origins", verbose_name="Đơn vị sau"
    )
    kind = models.CharField("Hình thức", max_length=10, choices=Kind.choices)
    on = models.DateField("Từ ngày")
    source = models.CharField("Văn bản", max_length=300, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="succession_recorded_once"
            ),
            models.CheckConstraint(
                name="succession_joins_two_organisations",
                condition=~Q(predecessor=F("successor")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor.short_name} → {self.successor.short_name}"


class Cluster(models.Model):
    """Cụm thi đua."""

    name = models.CharField("Tên cụm", max_length=200)
    short_name = models.CharField("Tên ngắn", max_length=60)
    symbol = models.CharField("Ký hiệu trong số văn bản", max_length=20, default="CTĐ")
    superior = models.ForeignKey(
        Organisation, models.PROTECT, related_name="clusters", verbose_name="Cấp trên"
    )
    source = models.CharField("Nguồn", max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """Vai trò: what a person is, where, from when to when.

    A unit's people are assigned to an organisation, an appraiser or council member to a cluster,
    an administrator to neither.
    """

    class Role(models.TextChoices):
        OFFICER = "officer", "Cán bộ phụ trách"
        HEAD = "head", "Thủ trưởng đơn vị"
        SUPERIOR = "superior", "Cán bộ cấp trên"
        APPRAISER = "appraiser", "Người thẩm định"
        COUNCIL_MEMBER = "council_member", "Thành viên hội đồng"
        ADMINISTRATOR = "administrator", "Quản trị hệ thống"

    user = models.ForeignKey(
        User, models.PROTECT, related_name="assignments", verbose_name="Người được giao"
    )
    role = models.CharField("Vai trò", max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="Đơn vị",
    )
    cluster = models.ForeignKey(
        Cluster,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="Cụm",
    )
    post = models.CharField("Chức vụ", max_length=120, blank=True)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assignment_place_fits_role",
                condition=(
                    Q(
                        role__in=["officer", "head", "superior"],
                        organisation__isnull=False,
                        cluster__isnull=True,
                    )
                    | Q(
                        role__in=["appraiser", "council_member"],
                        organisation__isnull=True,
                        cluster__isnull=False,
                    )
                    | Q(role="administrator", organisation__isnull=True, cluster__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="assignment_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        place = self.organisation or self.cluster
        return f"{self.user} – {self.get_role_display()}" + (f", {place}" if place else "")


class EmulationYearQuerySet(models.QuerySet["EmulationYear"]):
    def visible_to(self, user: User) -> EmulationYearQuerySet:
        """Years of the clusters in which the person has a part today.

        Members see the years in which their organisation was one; appraisers and council members
        those of their cluster; a superior those of the clusters under their organisation or under
        the body above it; the administrator all.
        """
        if not user.is_active:
            return self.none()
        roles = Assignment.objects.filter(valid_on(timezone.localdate()), user=user)
        own = roles.filter(role__in=[Assignment.Role.OFFICER, Assignment.Role.HEAD])
        over = roles.filter(role=Assignment.Role.SUPERIOR)
        member_years = Membership.objects.filter(
            organisation__in=own.values("organisation")
        ).values("year")
        return self.filter(
            Q(Exists(roles.filter(role=Assignment.Role.ADMINISTRATOR)))
            | Q(pk__in=member_years)
            | Q(cluster__in=roles.exclude(cluster=None).values("cluster"))
            | Q(cluster__superior__in=over.values("organisation"))
            | Q(cluster__superior__in=over.values("organisation__parent"))
        )


class EmulationYear(models.Model):
    """Năm thi đua: one cluster, one calendar year."""

    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="years", verbose_name="Cụm thi đua"
    )
    year = models.PositiveSmallIntegerField("Năm")
    members_as_of = models.DateField("Thành viên tính đến ngày")
    version = models.PositiveIntegerField(default=1)
    note = models.CharField("Ghi chú về nguồn", max_length=400, blank=True)

    objects = EmulationYearQuerySet.as_manager()

    if TYPE_CHECKING:
        memberships: RelatedManager[Membership]
        milestones: RelatedManager[Milestone]

    class Meta:
        ordering = ["-year", "cluster"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "year"], name="one_year_per_cluster"),
            models.CheckConstraint(
                name="year_is_plausible", condition=Q(year__gte=1990, year__lte=2200)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster.short_name} năm {self.year}"

    @property
    def journal_year(self) -> int:
        return self.pk


class Membership(models.Model):
    """Đơn vị thành viên: an organisation in the cluster for one year."""

    class Role(models.TextChoices):
        MEMBER = "member", "Thành viên"
        LEAD = "lead", "Cụm trưởng"
        DEPUTY = "deputy", "Cụm phó"

    year = models.ForeignKey(
        EmulationYear, models.CASCADE, related_name="memberships", verbose_name="Năm thi đua"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="Đơn vị"
    )
    role = models.CharField(
        "Vai trò trong cụm", max_length=10, choices=Role.choices, default=Role.MEMBER
    )
    order = models.PositiveSmallIntegerField("Thứ tự")

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "organisation"], name="organisation_once_per_year"
            ),
            models.UniqueConstraint(
                fields=["year"], condition=Q(role="lead"), name="one_lead_per_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name} ({self.get_role_display()})"

    @property
    def journal_year(self) -> int:
        return self.year_id


class Milestone(models.Model):
    """Mốc trong năm: a date the cluster set itself, with where the habit comes from."""

    class Kind(models.TextChoices):
        LAUNCH = "launch", "Phát động phong trào"
        PACT = "pact", "Ký kết giao ước, gửi đăng ký lên cấp trên"
        MID_YEAR_REVIEW = "mid_year_review", "Sơ kết 6 tháng"
        SELF_SCORE = "self_score", "Nộp bảng tự chấm điểm"
        APPRAISAL = "appraisal", "Hoàn thành thẩm định"
        ANNUAL_REVIEW = "annual_review", "Hội nghị tổng kết"
        CLUSTER_DOSSIER = "cluster_dossier", "Gửi hồ sơ của cụm"
        UNIT_DOSSIER = "unit_dossier", "Gửi hồ sơ của đơn vị"

    year = models.ForeignKey(
        EmulationYear, models.CASCADE, related_name="milestones", verbose_name="Năm thi đua"
    )
    kind = models.CharField("Mốc", max_length=20, choices=Kind.choices)
    due_on = models.DateField("Ngày")
    source = models.CharField("Căn cứ", max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "kind"], name="one_milestone_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.due_on:%d/%m/%Y}"
