"""People who sign in, and the posts already handled for them."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

USERNAME_RULE = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]*\Z",
    "Tên đăng nhập chỉ gồm chữ thường không dấu, chữ số, dấu chấm, gạch nối, gạch dưới "
    "và bắt đầu bằng chữ hoặc số.",
)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, full_name: str, password: str | None = None) -> "User":
        """A person who may sign in; without a password, not until one is set."""
        user = self.model(username=username.lower(), full_name=full_name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Người dùng: a person. What they may do comes from dated assignments, not from flags."""

    username = models.CharField(
        "Tên đăng nhập", max_length=64, unique=True, validators=[USERNAME_RULE]
    )
    full_name = models.CharField("Họ và tên", max_length=120)
    email = models.EmailField("Thư điện tử", blank=True)
    is_active = models.BooleanField("Đang dùng", default=True)
    # Somebody else has read it: the first thing to do with it is to change it.
    must_change_password = models.BooleanField("Phải đổi mật khẩu", default=False)
    joined_at = models.DateTimeField("Tạo lúc", default=timezone.now)
    # Unused accounts close by themselves; opening one again starts the count anew.
    enabled_at = models.DateTimeField("Mở lúc", default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        ordering = ["full_name"]
        constraints = [
            # Failures are counted per name: two spellings of one name would double the guesses.
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="username_is_lower_case"
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


class HandledPost(models.Model):
    """Lần gửi đã xử lý: a post that had its effect, and the answer it was given (R11)."""

    key = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.TextField()
    # SHA-256 of what was sent, so that other content under the same key is never lost silently.
    content = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.TextField(default="")
    messages = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.path} ({self.key})"
