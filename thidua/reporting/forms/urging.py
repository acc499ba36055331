"""Urging by hand, and the steps of a year."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from thidua.organisations.models import Membership
from thidua.reporting.services.urging import LONGEST_TEXT
from thidua.rules.urging import CHANNELS, LEVELS, Channel, Level, Rule, Side, Step


class UrgeForm(forms.Form):
    """Which units, and the words to them."""

    text = forms.CharField(
        label="Lời đôn đốc",
        max_length=LONGEST_TEXT,
        help_text="Gửi tới cán bộ phụ trách và thủ trưởng các đơn vị đã chọn, kèm hạn gửi, số ngày chậm.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi lời đôn đốc gửi tới đơn vị."},
    )

    def __init__(
        self, members: Sequence[Membership], data: QueryDict | None = None, *, text: str = ""
    ) -> None:
        super().__init__(data, initial={"text": text})
        self.members = {str(each.pk): each for each in members}
        self.fields["units"] = forms.MultipleChoiceField(
            label="Đơn vị",
            choices=[(key, each.organisation.full_name) for key, each in self.members.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Hãy chọn ít nhất một đơn vị để đôn đốc.",
                "invalid_choice": "Danh sách đơn vị chưa nộp vừa thay đổi. Hãy mở lại trang rồi chọn lại.",
            },
        )

    @property
    def chosen_keys(self) -> set[str]:
        """The units ticked; every unit on a fresh page."""
        if not self.is_bound:
            return set(self.members)
        return set(self.data.getlist("units")) if isinstance(self.data, QueryDict) else set()

    def chosen(self) -> list[Membership]:
        """The units ticked, in their order."""
        return [self.members[key] for key in self.members if key in self.cleaned_data["units"]]


class UrgingRuleForm(forms.Form):
    """The steps of a year: on or off, days, whom, channel; the hours; the reason."""

    def __init__(self, rule: Rule, number: int, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.rule = rule
        for step in rule.steps:
            self._add(step)
        self.fields["from_time"] = _time("Gửi từ (giờ)", rule.from_time)
        self.fields["until_time"] = _time("Đến trước (giờ)", rule.until_time)
        self.fields["reason"] = forms.CharField(
            label="Lý do sửa",
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": "Hãy ghi lý do sửa các bước đôn đốc."},
        )
        self.fields["number"] = forms.IntegerField(
            min_value=0, widget=forms.HiddenInput, initial=number
        )

    def _add(self, step: Step) -> None:
        self.fields[f"{step.key}-on"] = forms.BooleanField(
            label="Dùng bước này", required=False, initial=step.is_on
        )
        if step.side != Side.DUE:
            self.fields[f"{step.key}-days"] = forms.IntegerField(
                label="Số ngày trước hạn" if step.side == Side.BEFORE else "Số ngày sau hạn",
                min_value=1,
                max_value=60,
                initial=abs(step.offset),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "is-date"}),
                error_messages={
                    "invalid": "Hãy ghi số ngày bằng một số nguyên, ví dụ 3.",
                    "required": "Hãy ghi số ngày.",
                    "min_value": "Số ngày phải từ 1.",
                    "max_value": "Số ngày nhiều nhất là 60.",
                },
            )
        self.fields[f"{step.key}-to"] = forms.MultipleChoiceField(
            label="Gửi tới",
            required=False,
            choices=[(str(key), name) for key, name in LEVELS.items()],
            initial=[str(each) for each in step.to],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields[f"{step.key}-channel"] = forms.ChoiceField(
            label="Kênh",
            choices=[(str(key), name) for key, name in CHANNELS.items()],
            initial=str(step.channel),
        )

    def blocks(self) -> Iterator[tuple[Step, list[BoundField]]]:
        """Each step with its fields, for the page."""
        for step in self.rule.steps:
            names = [f"{step.key}-{part}" for part in ("on", "days", "to", "channel")]
            yield step, [self[name] for name in names if name in self.fields]

    def typed(self) -> Rule:
        """The rule as typed; what makes no sense is for the service to say."""
        return replace(
            self.rule,
            steps=tuple(self._step(each) for each in self.rule.steps),
            from_time=self.cleaned_data["from_time"],
            until_time=self.cleaned_data["until_time"],
        )

    def _step(self, step: Step) -> Step:
        data: dict[str, Any] = self.cleaned_data
        days = data.get(f"{step.key}-days", 0)
        chosen = data[f"{step.key}-to"]
        return replace(
            step,
            offset=-days if step.side == Side.BEFORE else days,
            to=tuple(level for level in Level if level in chosen),
            channel=Channel(data[f"{step.key}-channel"]),
            is_on=data[f"{step.key}-on"],
        )


def _time(label: str, initial: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        initial=f"{initial:%H:%M}",
        input_formats=["%H:%M", "%Hh%M", "%Hh", "%H"],
        widget=forms.TextInput(attrs={"class": "is-date", "placeholder": "07:30"}),
        error_messages={
            "required": "Hãy ghi giờ.",
            "invalid": "Giờ viết như 07:30.",
        },
    )
