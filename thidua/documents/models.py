"""Files received, certificates registered, and papers that several people sign in turn."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Organisation


class StoredFile(models.Model):
    """Tệp đã tiếp nhận: one reception of some bytes; the bytes lie under their SHA-256.

    The same content received twice is two rows over one stored content, so that a piece of
    evidence used twice can be seen (threat model T04).
    """

    sha256 = models.CharField("Mã băm SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("Kích thước (byte)")
    name = models.CharField("Tên tệp", max_length=200)
    media_type = models.CharField("Loại", max_length=100)
    received_at = models.DateTimeField("Tiếp nhận lúc")
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="Người gửi"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="Đơn vị"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="stored_file_not_empty", condition=Q(size__gt=0))
        ]

    def __str__(self) -> str:
        return self.name


class TrustAnchor(models.Model):
    """Tổ chức chứng thực được tin cậy: a root certificate, with its latest revocation list."""

    subject = models.CharField("Tên", max_length=300)
    fingerprint = models.CharField("Mã băm SHA-256", max_length=64, unique=True)
    der = models.BinaryField()
    crl = models.BinaryField("Danh sách thu hồi", null=True)
    crl_updated_at = models.DateTimeField("Cập nhật thu hồi lúc", null=True)
    is_demo = models.BooleanField("Chỉ để dùng thử", default=False)
    added_at = models.DateTimeField("Thêm lúc", default=timezone.now)

    class Meta:
        ordering = ["subject"]

    def __str__(self) -> str:
        return self.subject


class SignerCertificateQuerySet(models.QuerySet["SignerCertificate"]):
    def in_force(self, at: datetime) -> SignerCertificateQuerySet:
        """Registered, not withdrawn, and within the certificate's own validity."""
        return self.filter(withdrawn_at=None, valid_from__lte=at, valid_to__gte=at)


class SignerCertificate(models.Model):
    """Chứng thư số đã đăng ký: public certificate of a head, registered by a superior."""

    holder = models.ForeignKey(
        User, models.PROTECT, related_name="certificates", verbose_name="Người ký"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="certificates", verbose_name="Đơn vị"
    )
    subject = models.CharField("Chủ thể", max_length=300)
    issuer = models.CharField("Nơi cấp", max_length=300)
    serial = models.CharField("Số sê-ri", max_length=80)
    fingerprint = models.CharField("Mã băm SHA-256", max_length=64)
    der = models.BinaryField()
    valid_from = models.DateTimeField("Hiệu lực từ")
    valid_to = models.DateTimeField("Hiệu lực đến")
    is_demo = models.BooleanField("Chỉ để dùng thử", default=False)
    registered_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="Người đăng ký"
    )
    registered_at = models.DateTimeField("Đăng ký lúc")
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="Người thu hồi"
    )
    withdrawn_at = models.DateTimeField("Thu hồi lúc", null=True)

    objects = SignerCertificateQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "-registered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(withdrawn_at=None),
                name="certificate_registered_once",
            ),
            models.CheckConstraint(
                name="certificate_ends_after_it_starts", condition=Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.serial})"


def new_token() -> str:
    """Public name of a verification page; says nothing about the document."""
    return secrets.token_hex(12)


class SigningRoundQuerySet(models.QuerySet["SigningRound"]):
    def visible_to(self, user: User) -> SigningRoundQuerySet:
        return self.filter(year__in=EmulationYear.objects.visible_to(user))


class SigningRound(models.Model):
    """Lượt ký: one paper and the people who are to sign it, each in a field of the PDF."""

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="signing_rounds", verbose_name="Năm thi đua"
    )
    title = models.CharField("Văn bản", max_length=300)
    token = models.CharField(max_length=24, unique=True, default=new_token)
    content_fingerprint = models.CharField("Mã băm nội dung", max_length=64)
    opened_at = models.DateTimeField("Mở lúc")
    is_closed = models.BooleanField("Ngừng nhận chữ ký", default=False)

    objects = SigningRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_year(self) -> int:
        return self.year_id


class Revision(models.Model):
    """Bản của văn bản: the PDF after so many signatures. Each extends the one before."""

    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField("Bản số")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="revision")
    received_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="revision_numbered_once")
        ]

    def __str__(self) -> str:
        return f"{self.round} – bản {self.number}"


class SigningPlace(models.Model):
    """Chỗ ký: the field of one organisation's head, in the order of the members."""

    round = models.ForeignKey(SigningRound, models.PROTECT, related_name="places")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="Đơn vị"
    )
    order = models.PositiveSmallIntegerField("Thứ tự")
    field_name = models.CharField(max_length=60)
    post = models.CharField("Chức vụ", max_length=120)
    signer_name = models.CharField("Họ tên", max_length=120)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation"], name="one_signing_place_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["round", "field_name"], name="one_signing_place_per_field"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.short_name}: {self.signer_name}"


class Signature(models.Model):
    """Ký số: a verified signature of a registered certificate in its place. Never changed."""

    place = models.OneToOneField(SigningPlace, models.PROTECT, related_name="signature")
    certificate = models.ForeignKey(
        SignerCertificate, models.PROTECT, related_name="signatures", verbose_name="Chứng thư số"
    )
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="signatures")
    claimed_at = models.DateTimeField("Thời điểm ghi trong chữ ký", null=True)
    received_at = models.DateTimeField("Tiếp nhận lúc")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["received_at", "pk"]

    def __str__(self) -> str:
        return str(self.place)
