"""The question about one deadline, and the year of reporting periods asked for."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from thidua.rules.deadlines import (
    VARIANTS,
    Circumstances,
    Clock,
    Outcome,
    OutsideValidity,
    Period,
    Suspension,
    Unit,
    WorkingCalendar,
    compute,
    parse_period,
    parse_time,
)
from thidua.rules.deadlines.clocks import GovernedBy, counts_onward
from thidua.rules.deadlines.computing import MOST_SUSPENSIONS
from thidua.rules.deadlines.days import FIRST_YEAR, LAST_YEAR, shorten
from thidua.rules.deadlines.periods import FIRST_REPORTING_YEAR
from thidua.rules.errors import RuleError
from thidua.ui.fields import VietnameseDateField

Data = Mapping[str, str]


class DayField(VietnameseDateField):
    """A day within the years that the rules know."""

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(f"Năm của ngày phải từ {FIRST_YEAR} đến {LAST_YEAR}.")


class RuleField(forms.CharField):
    """Words that a function of the rules reads; its refusal is said at the field."""

    def __init__(self, read: Callable[[str], object], **kwargs: Any) -> None:
        self.read = read
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return self.read(typed)
        except RuleError as error:
            raise ValidationError(str(error)) from error


class DeadlineForm(forms.Form):
    """What one clock needs to know: only the fields it has a use for.

    `answer` counts; a refusal of the rules is put at the field it is about.
    """

    def __init__(self, data: Data | None = None, *, clock: Clock, asked: Data) -> None:
        self.clock = clock
        self.variants = _variants(clock)
        super().__init__(self._with_case(data))
        self.most_extensions = _most_extensions(clock)
        self.suspension_rows = _rows(asked) if clock.suspension else 0
        self.fields["start"] = DayField(
            label=f"Ngày {clock.start}",
            error_messages={"required": f"Hãy ghi ngày {clock.start}."},
        )
        self._add_case()
        self._add_extensions()
        for number in range(1, self.suspension_rows + 1):
            self._add_suspension(number)

    def _with_case(self, data: Data | None) -> Data | None:
        """A link that names no case means the first one, and shows it chosen."""
        if data is None or len(self.variants) < 2 or data.get("variant"):
            return data
        return {**dict(data.items()), "variant": self.variants[0]}

    def _add_case(self) -> None:
        clock = self.clock
        if clock.governed_by is GovernedBy.CASE:
            self.fields["began"] = DayField(
                label="Ngày bắt đầu cuộc thanh tra",
                required=False,
                help_text="Chỉ ghi khi cuộc thanh tra bắt đầu trước 01/07/2025 mà chưa có kết luận: "
                "khi đó vẫn theo luật cũ.",
            )
        if _has_hours(clock):
            self.fields["at"] = RuleField(
                parse_time,
                label="Giờ",
                help_text="Thời hạn này tính theo giờ. Ví dụ 14:00.",
                error_messages={"required": "Hãy ghi giờ, ví dụ 14:00."},
                widget=forms.TextInput(attrs={"class": "is-date", "autocomplete": "off"}),
            )
        if clock.is_granted:
            self.fields["granted"] = RuleField(
                _granted,
                label="Thời hạn ghi trong quyết định",
                help_text="Ghi đúng như quyết định, ví dụ 70 ngày làm việc hoặc 60 ngày.",
                error_messages={"required": "Hãy ghi thời hạn, ví dụ 70 ngày làm việc."},
            )
        if len(self.variants) > 1:
            self.fields["variant"] = forms.ChoiceField(
                label="Trường hợp",
                choices=[(code, _capital(VARIANTS[code])) for code in self.variants],
                initial=self.variants[0],
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Thời hạn này không có trường hợp đó."},
            )

    def _add_extensions(self) -> None:
        if not self.most_extensions:
            return
        self.fields["extensions"] = forms.TypedChoiceField(
            label="Đã gia hạn",
            required=False,
            coerce=int,
            choices=[("0", "Chưa gia hạn")]
            + [(str(n), f"{n} lần") for n in range(1, self.most_extensions + 1)],
            error_messages={"invalid_choice": f"Gia hạn tối đa {self.most_extensions} lần."},
        )
        self.fields["days"] = RuleField(
            _whole_numbers,
            label="Số ngày của từng lần gia hạn",
            required=False,
            help_text="Ví dụ 15, 20. Để trống thì mỗi lần tính mức tối đa.",
        )

    def _add_suspension(self, number: int) -> None:
        place = f" lần {number}" if self.suspension_rows > 1 else ""
        self.fields[f"suspended_{number}"] = DayField(
            label=f"Tạm đình chỉ, tạm dừng từ ngày{place}", required=False
        )
        self.fields[f"continued_{number}"] = DayField(
            label=f"Tiếp tục từ ngày{place}", required=False
        )

    def needed(self) -> list[forms.BoundField]:
        """What must be said."""
        return [field for field in self if field.field.required]

    def further(self) -> list[forms.BoundField]:
        """What may be said, less the suspensions."""
        pairs = ("suspended_", "continued_")
        return [f for f in self if not f.field.required and not f.name.startswith(pairs)]

    def suspension_pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """From and to of every suspension, the last pair empty."""
        return [
            (self[f"suspended_{number}"], self[f"continued_{number}"])
            for number in range(1, self.suspension_rows + 1)
        ]

    def clean(self) -> dict[str, Any]:
        days, number = self.cleaned_data.get("days"), self.cleaned_data.get("extensions")
        if days and number and len(days) != number:
            self.add_error("days", f"Đã chọn gia hạn {number} lần nhưng ghi {len(days)} số ngày.")
        for place in range(1, self.suspension_rows + 1):
            self._check_pair(place)
        return self.cleaned_data

    def _check_pair(self, place: int) -> None:
        names = f"suspended_{place}", f"continued_{place}"
        first, last = (self.cleaned_data.get(name) for name in names)
        if first and not last and names[1] not in self.errors:
            self.add_error(
                names[1],
                "Chưa có ngày tiếp tục thì thời hạn chưa chạy lại, chưa tính được hạn. "
                "Khi có quyết định tiếp tục, hãy ghi ngày đó.",
            )
        if last and not first and names[0] not in self.errors:
            self.add_error(names[0], "Có ngày tiếp tục thì phải ghi ngày tạm đình chỉ, tạm dừng.")

    def answer(self, calendar: WorkingCalendar) -> Outcome | None:
        """The deadline, or None with the refusal at its field. The form must be valid.

        Facts are added one after the other, so that the one refused is known.
        """
        values = dict(self.cleaned_data)
        began = values.get("began")
        asked = Circumstances(
            start_on=values["start"],
            began_on=began,
            at=values.get("at"),
            granted=values.get("granted"),
        )
        start = "began" if began else "start"
        outcome: Outcome | None = None
        for name, changes in [(start, {}), *self._facts(values)]:
            asked = replace(asked, **changes)
            try:
                outcome = compute(self.clock, asked, calendar)
            except OutsideValidity as error:
                self.add_error(start, str(error))
                return None
            except RuleError as error:
                self.add_error(name, str(error))
                return None
        return outcome

    def _facts(self, values: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        if values.get("variant"):
            yield "variant", {"variant": values["variant"]}
        if values.get("days"):
            yield "days", {"extensions": values["days"]}
        elif values.get("extensions"):
            yield "extensions", {"extensions": values["extensions"]}
        suspensions: tuple[Suspension, ...] = ()
        for place in range(1, self.suspension_rows + 1):
            first, last = values.get(f"suspended_{place}"), values.get(f"continued_{place}")
            if first and last:
                suspensions = (*suspensions, Suspension(first, last))
                yield f"suspended_{place}", {"suspensions": suspensions}

    def link(self) -> str:
        """The question as the query of an address, without what was left empty."""
        typed = {"clock": self.clock.code}
        for name in self.fields:
            if value := str(self.data.get(name, "")).strip():
                typed[name] = value
        return urlencode(typed)


class PeriodsForm(forms.Form):
    """The reporting year."""

    year = forms.IntegerField(
        label="Năm báo cáo",
        min_value=FIRST_REPORTING_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "is-date", "maxlength": 4}),
        error_messages={
            "required": "Hãy ghi năm báo cáo, ví dụ 2026.",
            "invalid": "Hãy ghi năm báo cáo bằng bốn chữ số, ví dụ 2026.",
            "min_value": f"Phần mềm có chế độ báo cáo từ năm {FIRST_REPORTING_YEAR}.",
            "max_value": f"Năm báo cáo không quá {LAST_YEAR}.",
        },
    )


def _variants(clock: Clock) -> list[str]:
    """The cases of all versions, in their order."""
    return list(dict.fromkeys(code for each in clock.versions for code in each.lengths))


def _most_extensions(clock: Clock) -> int:
    return max(
        (len(listed) for each in clock.versions for listed in each.extensions.values()), default=0
    )


def _has_hours(clock: Clock) -> bool:
    return any(
        period.unit is Unit.HOURS for each in clock.versions for period in each.lengths.values()
    )


def _rows(asked: Data) -> int:
    """How many suspensions to offer: those filled in, and one more."""
    filled = [
        number
        for number in range(1, MOST_SUSPENSIONS + 1)
        if asked.get(f"suspended_{number}") or asked.get(f"continued_{number}")
    ]
    return min(max(filled, default=0) + 1, MOST_SUSPENSIONS)


def _granted(text: str) -> Period:
    period = parse_period(text)
    if not counts_onward(period):
        raise RuleError(f"Thời hạn “{period}” không dùng được ở đây. Hãy ghi số ngày.")
    return period


def _whole_numbers(text: str) -> tuple[int, ...]:
    """15, 20 → (15, 20). Raises `RuleError`."""
    parts = [part for part in re.split(r"[,;\s]+", text.strip()) if part]
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise RuleError(
            f"“{shorten(text)}” không phải là các số ngày. Hãy ghi số nguyên, cách nhau bằng dấu "
            "phẩy, ví dụ 15, 20."
        )
    return tuple(int(part) for part in parts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
