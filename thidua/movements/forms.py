"""What the lead types to launch the year."""

import re
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from thidua.movements.models import Goal, Launch
from thidua.movements.services import LaunchText
from thidua.ui.fields import VietnameseDateField

LONGEST_TEXT = 5000
LONGEST_GOAL: int = Goal._meta.get_field("text").max_length or 500
# "1. ", "2) ", "- ": people paste a numbered list, and the page numbers it itself.
LIST_MARK = re.compile(r"^\s*(?:[-–•+*]|\d{1,2}[.)])\s+")


def whole_number(text: str) -> int:
    """A hidden number sent back as it was shown; 0, which is never one, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class VersionedForm(forms.Form):
    """A form that knows which version of the text the person had before them (R08)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def show_anew(self, version: int) -> None:
        """Keep what was typed; sent again, it is meant for the version shown beside it."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data


class LaunchForm(VersionedForm):
    plan_number = forms.CharField(
        label="Số, ký hiệu kế hoạch",
        max_length=60,
        help_text="Như trên văn bản đã ban hành, ví dụ 12/KH-CTĐ.",
    )
    plan_on = VietnameseDateField(label="Ngày kế hoạch")
    slogan = forms.CharField(
        label="Khẩu hiệu",
        max_length=500,
        help_text="Câu được trình bày lớn trên trang phát động và in trong giao ước.",
    )
    theme = forms.CharField(label="Chủ đề", max_length=300)
    introduction = forms.CharField(
        label="Lời phát động",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    goals = forms.CharField(
        label="Mục tiêu",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="Mỗi dòng một mục tiêu; trang tự đánh số.",
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(*args, **kwargs)

    @staticmethod
    def initial_of(launch: Launch) -> dict[str, Any]:
        """What is stored, as the fields show it."""
        return {
            "version": launch.version,
            "plan_number": launch.plan_number,
            "plan_on": launch.plan_on,
            "slogan": launch.slogan,
            "theme": launch.theme,
            "introduction": launch.introduction,
            "goals": "\n".join(goal.text for goal in launch.goals.all()),
        }

    def clean_plan_on(self) -> date:
        day: date = self.cleaned_data["plan_on"]
        if abs(day.year - self.year) > 1:
            raise ValidationError(
                f"Ngày này cách năm thi đua {self.year} quá xa. Hãy kiểm tra lại năm."
            )
        return day

    def clean_goals(self) -> tuple[str, ...]:
        lines = [LIST_MARK.sub("", line).strip() for line in self.cleaned_data["goals"].split("\n")]
        goals = tuple(line for line in lines if line)
        for number, goal in enumerate(goals, start=1):
            if len(goal) > LONGEST_GOAL:
                raise ValidationError(
                    f"Mục tiêu thứ {number} dài hơn {LONGEST_GOAL} ký tự. Hãy viết gọn lại."
                )
        return goals

    def text(self) -> LaunchText:
        """The typed launch as a value."""
        typed = self.cleaned_data
        return LaunchText(
            plan_number=typed["plan_number"],
            plan_on=typed["plan_on"],
            slogan=typed["slogan"],
            theme=typed["theme"],
            introduction=typed["introduction"],
            goals=typed["goals"],
        )
