"""Finding a clock, and setting one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from thidua.rules.deadlines import VARIANTS, Clock, Period, parse_period
from thidua.rules.errors import RuleError


class ClockSearch(forms.Form):
    """Words of a clock's name, event or law, with or without tones."""

    q = forms.CharField(
        label="Tìm thời hạn",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "ví dụ: khieu nai lan hai"}),
    )


class ClockSettingForm(forms.Form):
    """A period for each case of one clock, in words; all empty means back to the shipped ones."""

    def __init__(
        self, *args: Any, clock: Clock, shipped: Mapping[str, Period], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.clock = clock
        self.variants = list(shipped)
        for variant, period in shipped.items():
            self.fields[variant] = forms.CharField(
                label=f"Trường hợp {VARIANTS[variant]}" if len(shipped) > 1 else "Thời hạn",
                required=False,
                max_length=40,
                help_text=f"Có sẵn: {period}. Để trống thì dùng số có sẵn.",
                widget=forms.TextInput(attrs={"class": "is-date", "autocomplete": "off"}),
            )
        self.fields["reason"] = forms.CharField(
            label="Căn cứ hoặc lý do",
            max_length=500,
            help_text="Văn bản, điều khoản đã đối chiếu. In kèm mọi câu trả lời.",
            error_messages={"required": "Hãy ghi căn cứ hoặc lý do của việc đặt lại."},
        )
        self.fields["number"] = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        lengths: dict[str, Period] = {}
        for variant in self.variants:
            if typed := str(self.cleaned_data.get(variant, "")).strip():
                self._read(variant, typed, lengths)
        self.cleaned_data["lengths"] = lengths
        return self.cleaned_data

    def _read(self, variant: str, typed: str, lengths: dict[str, Period]) -> None:
        try:
            lengths[variant] = parse_period(typed)
        except RuleError as error:
            self.add_error(variant, ValidationError(str(error)))

    def lengths(self) -> dict[str, Period]:
        """The periods typed, by case."""
        found: dict[str, Period] = self.cleaned_data["lengths"]
        return found
