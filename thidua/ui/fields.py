"""Fields that several areas share."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from thidua.rules.numbers import NotANumber, parse, vietnamese

# Enough for any sum of money or points; refuses a pasted novel before arithmetic sees it.
LONGEST = 40


class DecimalInput(forms.TextInput):
    """A text box that opens the number pad; `type=number` would read the comma by the machine."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return vietnamese(Decimal(value), grouped=False)
        written: str | None = super().format_value(value)
        return written


class VietnameseDateField(forms.DateField):
    """A day typed as 31/12/2026; `type=date` shows month first on an English machine.

    In: text. Out: `date`, or None when left empty and not required.
    """

    default_error_messages = {
        "invalid": "Nhập ngày theo dạng ngày/tháng/năm, ví dụ 31/12/2026, và kiểm tra ngày có thật."
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%d/%m/%Y",
                attrs={
                    "class": "is-date",
                    "placeholder": "ngày/tháng/năm",
                    "autocomplete": "off",
                    "maxlength": "10",
                },
            ),
        )
        # The year first is how machines and tests write a day; it cannot be misread.
        kwargs.setdefault("input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"])
        super().__init__(**kwargs)


class VietnameseDecimalField(forms.Field):
    """A number typed as Vietnamese people write it: "1.234,5".

    In: text. Out: `Decimal`, or None when left empty and not required. `step` is counted from
    zero; `decimal_places` limits the digits after the comma. Refusals are Vietnamese sentences.
    """

    widget = DecimalInput

    def __init__(
        self,
        *,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        step: Decimal | None = None,
        decimal_places: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.step = step
        self.decimal_places = decimal_places
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What was typed stays as it was typed; a stored number is written with a comma."""
        if isinstance(value, float):
            raise TypeError("points and figures are Decimal, never float")
        return value

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        text = str(value).strip()
        if not text:
            return None
        if len(text) > LONGEST:
            raise ValidationError("Số quá dài. Hãy kiểm tra lại.", code="invalid")
        try:
            return parse(text)
        except NotANumber as error:
            raise ValidationError(str(error), code="invalid") from error

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is not None:
            self._check_range(value)
            self._check_fineness(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """12 and 12,0 are the same number."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True

    def _check_range(self, value: Decimal) -> None:
        low, high = self.min_value, self.max_value
        if (low is None or value >= low) and (high is None or value <= high):
            return
        if low is not None and high is not None:
            message = f"Nhập một số từ {_written(low)} đến {_written(high)}."
        elif low is not None:
            message = f"Nhập một số từ {_written(low)} trở lên."
        else:
            message = f"Nhập một số không quá {_written(high)}."
        raise ValidationError(message, code="range")

    def _check_fineness(self, value: Decimal) -> None:
        places = self.decimal_places
        if places is not None and value != round(value, places):
            allowed = f"không quá {places} chữ số sau dấu phẩy" if places else "một số nguyên"
            raise ValidationError(f"Nhập {allowed}.", code="places")
        if self.step is not None and value % self.step:
            raise ValidationError(f"Nhập một bội số của {_written(self.step)}.", code="step")


def _written(value: Decimal | int | None) -> str:
    return "" if value is None else vietnamese(Decimal(value))
