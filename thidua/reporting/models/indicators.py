"""What is measured."""

from django.db import models


class Indicator(models.Model):
    """Chỉ tiêu: what a commitment or a report measures, with its unit of measure."""

    key = models.SlugField("Khoá", max_length=60, unique=True)
    name = models.CharField("Tên chỉ tiêu", max_length=300)
    measure = models.CharField("Đơn vị tính", max_length=40)
    computation = models.CharField("Cách tính", max_length=400, blank=True)
    source = models.CharField("Nguồn", max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
