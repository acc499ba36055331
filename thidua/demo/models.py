"""The mark that a database holds nothing but the demo."""

from django.db import models
from django.db.models import Q


class DemoMark(models.Model):
    """Dấu dùng thử: present exactly in a database that the demo filled from empty."""

    made_at = models.DateTimeField()
    # Else the base case was left before its launch, for who wants to go through it from the start.
    base_case_played = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(name="one_demo_mark", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"Dữ liệu dùng thử từ {self.made_at:%d/%m/%Y}"
