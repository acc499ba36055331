"""What people are told, the letters that carry it, and the traces of background work."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django_tasks_db.models import DBTaskResult

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """A notice is its recipient's only, the administrator included."""
        return self.filter(recipient=user)

    def unseen(self) -> NoticeQuerySet:
        return self.filter(seen_at=None)


class Notice(models.Model):
    """Thông báo: one thing told to one person; `key` names it, so that it is told once."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name="Người nhận"
    )
    kind = models.SlugField("Loại", max_length=40)
    title = models.CharField("Tiêu đề", max_length=200)
    body = models.TextField("Nội dung", blank=True)
    # A path of this product ("/bao-cao/…"); never another address.
    url = models.CharField("Đường dẫn", max_length=500, blank=True)
    year = models.ForeignKey(
        EmulationYear, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField("Lúc")
    seen_at = models.DateTimeField("Xem lúc", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_told_once"),
        ]
        indexes = [
            # The bell of every page counts with this one.
            models.Index(
                fields=["recipient"], condition=models.Q(seen_at=None), name="notice_unseen"
            ),
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_of_person"),
        ]

    def __str__(self) -> str:
        return self.title


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        return self.filter(state=Delivery.State.WAITING)


class Delivery(models.Model):
    """Gửi thư: one notice on its way by one channel, from the outbox to sent or failed."""

    class Channel(models.TextChoices):
        MAIL = "mail", "Thư điện tử"

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        FAILED = "failed", "Không gửi được"
        # The notice is in the product only; `last_error` says why.
        NO_ADDRESS = "no_address", "Không có địa chỉ"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField("Kênh", max_length=20, choices=Channel.choices, default=Channel.MAIL)
    address = models.EmailField("Địa chỉ", blank=True)
    # The same at every try, so that a letter received twice can be recognised as one.
    message_id = models.CharField(max_length=200)
    state = models.CharField(
        "Trạng thái", max_length=20, choices=State.choices, default=State.WAITING
    )
    tries = models.PositiveSmallIntegerField("Số lần thử", default=0)
    next_try_at = models.DateTimeField("Lần thử tới")
    # Taken by a worker that is sending it; free again when that worker is dead (workers.py).
    leased_by = models.CharField(max_length=36, blank=True)
    last_error = models.CharField("Lý do", max_length=300, blank=True)
    sent_at = models.DateTimeField("Gửi lúc", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_a_channel"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="delivery_waiting",
            ),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.notice.title}"


class Worker(models.Model):
    """Tiến trình nền: one process that does the background work, while it shows that it lives.

    Whether it still lives is judged by `beats` standing still, never by comparing clocks (R12).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Host, boot, process namespace, moment of birth: who shares the first three may look it up.
    place = models.CharField("Máy", max_length=200)
    pid = models.PositiveIntegerField("Số tiến trình")
    started_at = models.DateTimeField("Bắt đầu")
    beats = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField("Lần báo cuối")
    ended_at = models.DateTimeField("Kết thúc", null=True, blank=True)

    class Meta:
        ordering = ["-beat_at"]

    def __str__(self) -> str:
        return f"{self.host}, tiến trình {self.pid}"

    @property
    def host(self) -> str:
        return self.place.partition("/")[0]


class ScheduleRunQuerySet(models.QuerySet["ScheduleRun"]):
    def newest(self) -> ScheduleRunQuerySet:
        """The last run of every schedule."""
        last = ScheduleRun.objects.order_by().values("name").annotate(last=models.Max("pk"))
        return self.filter(pk__in=last.values("last"))


class ScheduleRun(models.Model):
    """Lượt chạy theo lịch: one slot of one schedule, run once by whichever worker came first."""

    name = models.SlugField("Việc", max_length=60)
    slot = models.BigIntegerField("Lượt")
    begins_at = models.DateTimeField("Lượt bắt đầu")
    started_at = models.DateTimeField("Chạy lúc")
    task = models.ForeignKey(DBTaskResult, models.SET_NULL, null=True, related_name="schedule_runs")

    objects = ScheduleRunQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-slot"]
        constraints = [
            models.UniqueConstraint(fields=["name", "slot"], name="schedule_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.begins_at:%d/%m/%Y %H:%M}"


class JobFailure(models.Model):
    """Lần lỗi của việc nền: one try that did not succeed, and why."""

    task = models.ForeignKey(DBTaskResult, models.CASCADE, related_name="failures")
    number = models.PositiveSmallIntegerField("Lần thử")
    at = models.DateTimeField("Lúc")
    reason = models.CharField("Lý do", max_length=300)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Việc nền, lần thử {self.number}: {self.reason}"


class JobStep(models.Model):
    """Bước đã xong của việc nền: committed with the effect of the step, so that it has one."""

    job_id = models.UUIDField()
    step = models.CharField(max_length=100)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job_id", "step"], name="job_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.step}"
