"""What people type about periods, and cells as they come from the grid."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from thidua.reporting.models import ReportingPeriod
from thidua.reporting.services import Dates, Typed, dates_of
from thidua.rules.reporting import Kind, Template
from thidua.ui.fields import VietnameseDateField

CELL, SEEN = "c-", "s-"
MOST_ROWS = 500


class PeriodForm(forms.Form):
    """The four days of a period, and why they are moved."""

    first_on = VietnameseDateField(label="Số liệu từ ngày")
    last_on = VietnameseDateField(label="Chốt số liệu hết ngày")
    local_due_on = VietnameseDateField(label="Hạn cấp dưới gửi tỉnh")
    due_on = VietnameseDateField(label="Hạn gửi Thanh tra Chính phủ")
    reason = forms.CharField(
        label="Lý do sửa",
        max_length=500,
        help_text="Ví dụ: theo công văn số … của Thanh tra Chính phủ.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, period: ReportingPeriod, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={**vars(dates_of(period)), "version": period.version})

    def dates(self) -> Dates:
        """The days typed."""
        return Dates(*(self.cleaned_data[name] for name in Dates.__dataclass_fields__))


@dataclass(frozen=True)
class SentCell:
    """One cell as sent: what it says, and what the person saw before."""

    key: str
    text: str
    seen_version: int
    seen_text: str

    @property
    def is_touched(self) -> bool:
        """Only what a person changed is theirs to save."""
        return self.text.strip() != self.seen_text.strip()

    def typed(self) -> Typed:
        return Typed(self.key, self.text, self.seen_version)


def sent_cells(template: Template, data: QueryDict) -> list[SentCell]:
    """The cells of a form that were sent; a broken mark of what was seen counts as never seen."""
    return [_sent(each.key, data) for each in template.indicators if f"{CELL}{each.key}" in data]


def _sent(key: str, data: QueryDict) -> SentCell:
    version, _, text = data.get(f"{SEEN}{key}", "0:").partition(":")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    return SentCell(key, data.get(f"{CELL}{key}", ""), number, text)


def sent_rows(template: Template, data: QueryDict) -> list[dict[str, str]]:
    """The rows of a list form as sent: `r-<number>-<key>`, a tick as “x”."""
    numbers = sorted(_numbers(data))[: MOST_ROWS + 1]
    return [
        {
            each.key: "x" if each.kind == Kind.TICK and text else text
            for each in template.indicators
            if (text := data.get(f"r-{number}-{each.key}", ""))
        }
        for number in numbers
    ]


def _numbers(names: Iterable[str]) -> set[int]:
    found = set()
    for name in names:
        mark, _, rest = name.partition("-")
        number = rest.partition("-")[0]
        if mark == "r" and number.isascii() and number.isdigit() and len(number) < 6:
            found.add(int(number))
    return found


class ReportUpload(forms.Form):
    """A filled workbook; `replace` is asked for only when the report was changed meanwhile."""

    workbook = forms.FileField(
        label="Biểu báo cáo đã điền (.xlsx)",
        max_length=200,
        help_text=f"Tệp xuất từ báo cáo này, tối đa {settings.WORKBOOK_LIMIT // (1024 * 1024)} MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Hãy chọn tệp biểu báo cáo.",
            "empty": "Tệp đã chọn rỗng. Hãy chọn tệp khác.",
            "max_length": "Tên tệp dài quá 200 ký tự. Hãy đổi tên ngắn hơn rồi chọn lại.",
        },
    )
    replace = forms.BooleanField(label="Vẫn nạp: số trong tệp thay cho số đang lưu", required=False)

    def clean_workbook(self) -> Any:
        """Refused by size before a byte of it is read."""
        file = self.cleaned_data["workbook"]
        if (file.size or 0) > settings.WORKBOOK_LIMIT:
            raise forms.ValidationError(
                f"Tệp lớn hơn {settings.WORKBOOK_LIMIT // (1024 * 1024)} MB. Hãy dùng đúng biểu xuất từ "
                "phần mềm."
            )
        return file

    def contents(self) -> bytes:
        """The bytes of the file."""
        data: bytes = self.cleaned_data["workbook"].read()
        return data

    def name(self) -> str:
        """The file's name as sent."""
        return str(self.cleaned_data["workbook"].name)
