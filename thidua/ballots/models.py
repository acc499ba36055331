"""What is stored of a secret ballot. Nothing here says how, or when, any one person voted.

The rules are B1–B8 of the threat model. A paper has no column for a person, a moment or an order;
its key is its own tracking number. The roll says that a person has voted, never when or what.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from thidua.accounts.models import User
from thidua.documents.models import StoredFile
from thidua.organisations.models import EmulationYear, Membership

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class BallotQuerySet(models.QuerySet["Ballot"]):
    def visible_to(self, user: User, year: EmulationYear) -> BallotQuerySet:
        """Everybody of the year sees its ballots; who is outside the year sees none."""
        seen = EmulationYear.objects.visible_to(user).filter(pk=year.pk)
        return self.filter(year__in=seen)


class Ballot(models.Model):
    """Bỏ phiếu kín: one event, from its set-up to its signed minutes."""

    class State(models.TextChoices):
        SETUP = "setup", "Đang chuẩn bị"
        FROZEN = "frozen", "Đã chốt danh sách"
        OPEN = "open", "Đang bỏ phiếu"
        CLOSED = "closed", "Đã đóng, chờ kiểm phiếu"
        TALLIED = "tallied", "Đã kiểm phiếu"
        CONCLUDED = "concluded", "Đã ký biên bản"
        ANNULLED = "annulled", "Đã hủy"

    class Electorate(models.TextChoices):
        """Who votes: one person per member organisation, or the council of the cluster."""

        UNITS = "units", "Mỗi đơn vị thành viên một người"
        COUNCIL = "council", "Thành viên hội đồng"

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="ballots", verbose_name="Năm thi đua"
    )
    uuid = models.CharField("Mã cuộc bỏ phiếu", max_length=40, unique=True)
    title = models.CharField("Tên cuộc bỏ phiếu", max_length=200)
    purpose = models.TextField("Nội dung, căn cứ", blank=True)
    electorate = models.CharField(
        "Thành phần bỏ phiếu", max_length=10, choices=Electorate.choices, default=Electorate.UNITS
    )
    state = models.CharField(
        "Trạng thái", max_length=10, choices=State.choices, default=State.SETUP
    )
    held_on = models.DateField("Ngày bỏ phiếu")
    place = models.CharField("Địa điểm", max_length=200, blank=True)
    previous = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="next_round",
        verbose_name="Vòng trước",
    )
    round = models.PositiveSmallIntegerField("Vòng", default=1)

    chair = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="Chủ trì")
    count_chair = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Người điều hành kiểm phiếu thay chủ trì",
    )
    secretary = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="Thư ký")
    threshold = models.PositiveSmallIntegerField("Số người kiểm phiếu cần để mở phiếu", default=2)
    quorum_numerator = models.PositiveSmallIntegerField("Tử số tỷ lệ dự họp", default=2)
    quorum_denominator = models.PositiveSmallIntegerField("Mẫu số tỷ lệ dự họp", default=3)
    minimum_electors = models.PositiveSmallIntegerField("Số người bỏ phiếu tối thiểu", default=5)
    members_total = models.PositiveSmallIntegerField("Tổng số thành viên", default=0)
    """What a share "of all members" is taken of, kept when the list is frozen: a member whose post
    is vacant counts as well."""
    allows_paper = models.BooleanField("Cho bỏ phiếu giấy", default=True)
    destroys_papers = models.BooleanField(
        "Tiêu hủy phiếu mã hóa sau khi ký biên bản", default=False
    )

    election = models.TextField("Nội dung cuộc bỏ phiếu (Belenios)", blank=True)
    trustees = models.TextField("Khóa của tổ kiểm phiếu (Belenios)", blank=True)
    credentials = models.JSONField("Mã công khai của người bỏ phiếu", default=list)
    rehearsal = models.TextField("Phiếu diễn tập", blank=True)
    """A mock paper whose secret is public, so that it can never be somebody's paper."""
    encrypted_tally = models.TextField("Tổng phiếu mã hóa", blank=True)
    result = models.JSONField("Kết quả phần điện tử", null=True)
    script_sha256 = models.CharField("Mã băm chương trình bỏ phiếu", max_length=64, blank=True)
    archive_sha256 = models.CharField("Mã băm hồ sơ", max_length=64, blank=True)

    frozen_at = models.DateTimeField("Chốt lúc", null=True)
    opened_at = models.DateTimeField("Mở lúc", null=True)
    closed_at = models.DateTimeField("Đóng lúc", null=True)
    tallied_at = models.DateTimeField("Kiểm phiếu lúc", null=True)
    concluded_at = models.DateTimeField("Ký biên bản lúc", null=True)
    destroyed_at = models.DateTimeField("Tiêu hủy lúc", null=True)
    annulled_at = models.DateTimeField("Hủy lúc", null=True)
    annulled_reason = models.CharField("Lý do hủy", max_length=1000, blank=True)
    minutes_number = models.CharField("Số biên bản", max_length=60, blank=True)
    minutes_file = models.OneToOneField(
        StoredFile,
        models.PROTECT,
        null=True,
        related_name="ballot_minutes",
        verbose_name="Biên bản đã ký",
    )
    version = models.PositiveIntegerField(default=1)

    objects = BallotQuerySet.as_manager()

    if TYPE_CHECKING:
        questions: RelatedManager[Question]
        electors: RelatedManager[Elector]
        tellers: RelatedManager[Teller]
        papers: RelatedManager[BallotPaper]
        paper_counts: RelatedManager[PaperCount]

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="ballot_threshold_positive", condition=Q(threshold__gte=1)),
            models.CheckConstraint(
                name="ballot_quorum_is_a_share",
                condition=Q(quorum_denominator__gte=1)
                & Q(quorum_numerator__lte=F("quorum_denominator")),
            ),
            models.CheckConstraint(name="ballot_round", condition=Q(round__gte=1, round__lte=9)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_year(self) -> int:
        return self.year_id

    @property
    def quorum(self) -> Fraction:
        return Fraction(self.quorum_numerator, self.quorum_denominator)

    @property
    def is_closed(self) -> bool:
        """Voting is over: papers and trackers may be looked at by everybody."""
        return self.state in {self.State.CLOSED, self.State.TALLIED, self.State.CONCLUDED}

    @property
    def is_counted(self) -> bool:
        return self.state in {self.State.TALLIED, self.State.CONCLUDED}


class Question(models.Model):
    """Nội dung bỏ phiếu: one thing decided, with its candidates and the rule that decides it."""

    class Kind(models.TextChoices):
        CHOOSE = "choose", "Chọn trong danh sách"
        APPROVE = "approve", "Đồng ý hoặc không đồng ý với từng ứng viên"

    class Reveal(models.TextChoices):
        TOTALS = "totals", "Công bố số phiếu"
        PASSED = "passed", "Chỉ công bố đạt hoặc không đạt"

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField("Thứ tự")
    kind = models.CharField("Cách bỏ phiếu", max_length=10, choices=Kind.choices)
    text = models.CharField("Nội dung", max_length=300)
    most = models.PositiveSmallIntegerField("Được chọn tối đa", default=1)
    reveal = models.CharField(
        "Công bố", max_length=10, choices=Reveal.choices, default=Reveal.TOTALS
    )
    rule = models.JSONField("Quy tắc kết quả", default=dict)

    if TYPE_CHECKING:
        candidates: RelatedManager[Candidate]

    class Meta:
        ordering = ["ballot", "order"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "order"], name="question_numbered_once"),
            models.CheckConstraint(name="question_most_positive", condition=Q(most__gte=1)),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def journal_year(self) -> int:
        return self.ballot.year_id


class Candidate(models.Model):
    """Ứng viên: a member organisation, or anybody named, on one question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="candidates")
    order = models.PositiveSmallIntegerField("Thứ tự")
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="candidacies",
        verbose_name="Đơn vị",
    )
    name = models.CharField("Tên ghi trên phiếu", max_length=200)
    note = models.CharField("Ghi chú", max_length=300, blank=True)
    withdrawn_reason = models.CharField("Lý do xin rút", max_length=300, blank=True)

    class Meta:
        ordering = ["question", "order"]
        constraints = [
            models.UniqueConstraint(fields=["question", "order"], name="candidate_numbered_once"),
            models.UniqueConstraint(fields=["question", "name"], name="candidate_named_once"),
            models.UniqueConstraint(
                fields=["question", "membership"], name="candidate_once_per_member"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_standing(self) -> bool:
        return not self.withdrawn_reason


class Elector(models.Model):
    """Người bỏ phiếu: on the roll, present or not, has voted or not; never when, never how."""

    class Way(models.TextChoices):
        NONE = "", "Chưa bỏ phiếu"
        ONLINE = "online", "Trên máy"
        PAPER = "paper", "Phiếu giấy"
        WRITTEN = "written", "Ý kiến bằng văn bản"

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="electors")
    order = models.PositiveSmallIntegerField("Thứ tự")
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Đơn vị",
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="Người bỏ phiếu")
    name = models.CharField("Họ và tên ghi trong danh sách", max_length=120)
    place = models.CharField("Đơn vị ghi trong danh sách", max_length=200, blank=True)
    post = models.CharField("Chức vụ", max_length=120, blank=True)
    mandate = models.CharField("Văn bản ủy quyền", max_length=200, blank=True)
    has_checked = models.BooleanField("Đã kiểm tra danh sách", default=False)
    objection = models.CharField("Ý kiến về danh sách", max_length=500, blank=True)
    is_present = models.BooleanField("Có mặt", default=False)
    credential = models.TextField("Mã công khai", blank=True)
    """The public part of the voting code, until the ballot opens; then only the sorted list stays."""
    way = models.CharField("Đã bỏ phiếu", max_length=10, choices=Way.choices, blank=True)

    class Meta:
        ordering = ["ballot", "order"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "order"], name="elector_numbered_once"),
            models.UniqueConstraint(fields=["ballot", "user"], name="elector_once_per_person"),
            models.UniqueConstraint(
                fields=["ballot", "membership"], name="elector_once_per_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.place})" if self.place else self.name

    @property
    def journal_year(self) -> int:
        return self.ballot.year_id


class Teller(models.Model):
    """Tổ kiểm phiếu: one holder of a part of the key. The key itself never reaches the server."""

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="tellers")
    order = models.PositiveSmallIntegerField("Thứ tự")
    """1 to n: the owner number of the protocol."""
    user = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name="Người kiểm phiếu"
    )
    name = models.CharField("Họ và tên", max_length=120)
    certificate = models.TextField(blank=True)
    polynomial = models.TextField(blank=True)
    voutput = models.TextField(blank=True)
    rehearsal = models.TextField(blank=True)
    """Partial decryption of the rehearsal's paper; proves that the saved file opens."""
    partial = models.TextField(blank=True)
    """Partial decryption of the sum, after closing."""

    class Meta:
        ordering = ["ballot", "order"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "order"], name="teller_numbered_once"),
            models.UniqueConstraint(fields=["ballot", "user"], name="teller_once_per_person"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def journal_year(self) -> int:
        return self.ballot.year_id


class BallotPaper(models.Model):
    """Lá phiếu: an encrypted paper. No person, no moment, no order (B3); the table has no row id."""

    tracker = models.CharField("Mã tra phiếu", max_length=44, primary_key=True)
    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="papers")
    credential = models.TextField("Mã công khai")
    content = models.TextField("Phiếu mã hóa")

    class Meta:
        ordering = ["tracker"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "credential"], name="one_paper_per_code")
        ]

    def __str__(self) -> str:
        return self.tracker


class PaperCount(models.Model):
    """Số phiếu giấy: what one teller counted on paper; two tellers must say the same."""

    class Channel(models.TextChoices):
        PAPER = "paper", "Phiếu giấy"
        WRITTEN = "written", "Ý kiến bằng văn bản"

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="paper_counts")
    channel = models.CharField("Loại phiếu", max_length=10, choices=Channel.choices)
    teller = models.ForeignKey(Teller, models.PROTECT, related_name="paper_counts")
    content = models.JSONField("Số đếm")
    """{"issued", "returned", "questions": [{"valid", "invalid", "blank", "votes": [[…]]}]}."""

    class Meta:
        ordering = ["ballot", "channel", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "channel", "teller"], name="counted_once_per_teller"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.teller}"


class PersonDecision(models.Model):
    """Quyết định của người có thẩm quyền where the votes leave it open: ties, after two rounds."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="decisions")
    candidates = models.ManyToManyField(Candidate, related_name="+")
    reason = models.CharField("Lý do", max_length=1000)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    """The deputy, where head and deputy decide together."""
    decided_at = models.DateTimeField("Lúc")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["question"], name="one_decision_per_question")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.decided_by}"


class PointsAndVotes(models.Model):
    """Quy tắc kết hợp điểm và phiếu: one written rule of the cluster for a year, as data."""

    year = models.OneToOneField(
        EmulationYear,
        models.CASCADE,
        related_name="points_and_votes",
        verbose_name="Năm thi đua",
    )
    rule = models.JSONField("Quy tắc")
    source = models.CharField("Căn cứ", max_length=300)
    question = models.ForeignKey(
        Question,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="Nội dung bỏ phiếu lấy số phiếu",
    )
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Kết hợp điểm và phiếu {self.year}"

    @property
    def journal_year(self) -> int:
        return self.year_id
