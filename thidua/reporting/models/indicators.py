"""What is measured."""

from django.db import models

from thidua.accounts.models import User


class Indicator(models.Model):
    """Chỉ tiêu: what a commitment or a report measures, with its unit of measure.

    `figure` is the source of reported figures (`rules.reporting.sources`) that gives its value, ""
    where nobody reports it.
    """

    key = models.SlugField("Khoá", max_length=60, unique=True)
    name = models.CharField("Tên chỉ tiêu", max_length=300)
    measure = models.CharField("Đơn vị tính", max_length=40)
    computation = models.CharField("Cách tính", max_length=400, blank=True)
    source = models.CharField("Nguồn", max_length=300, blank=True)
    figure = models.CharField("Lấy từ số liệu báo cáo", max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField("Sửa lúc", null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
