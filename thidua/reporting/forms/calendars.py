"""A year of the working calendar, typed as lines or read from a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from thidua.reporting.display import year_lines
from thidua.reporting.display.year_lines import BadLines, Typed
from thidua.reporting.models import StoredCalendarYear
from thidua.rules.deadlines import CalendarFileError, CalendarYear, Status, read_calendar_year
from thidua.rules.deadlines.days import FIRST_YEAR, LAST_YEAR
from thidua.rules.deadlines.yearfile import LONGEST_FILE

MOST_DOCUMENTS = 20
_NOTHING = Typed((), ())
_READERS = {
    "off": year_lines.read_off,
    "swap": year_lines.read_swaps,
    "open": year_lines.read_open,
}


# Lines keep their numbers, so the fields of lines are not stripped.
def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "wrap": "soft"})


class CalendarYearForm(forms.Form):
    """Days as lines. `calendar_year()` gives the year once the form is valid."""

    year = forms.IntegerField(
        label="Năm",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "is-date", "maxlength": 4}),
        error_messages={
            "invalid": "Hãy ghi năm bằng bốn chữ số, ví dụ 2028.",
            "min_value": f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.",
            "max_value": f"Năm phải từ {FIRST_YEAR} đến {LAST_YEAR}.",
        },
    )
    status = forms.ChoiceField(
        label="Tình trạng",
        choices=[
            ("official", "Chính thức: đã có thông báo của cơ quan có thẩm quyền"),
            ("provisional", "Tạm: chưa có thông báo, còn có thể đổi"),
        ],
        widget=forms.RadioSelect,
    )
    documents = forms.CharField(
        label="Văn bản làm căn cứ",
        required=False,
        max_length=5000,
        widget=_lines(3),
        help_text="Mỗi văn bản một dòng, ghi số và ngày. Lịch chính thức phải có ít nhất một văn bản.",
    )
    off = forms.CharField(
        label="Các đợt nghỉ",
        required=False,
        strip=False,
        max_length=30_000,
        widget=_lines(8),
        help_text="Mỗi đợt một dòng: ngày đầu – ngày cuối | lý do | nguồn. Ví dụ: "
        "30/04/2028 – 01/05/2028 | Ngày Chiến thắng, Quốc tế Lao động | Công văn 1/VPCP-KGVX. "
        "Nghỉ một ngày thì ghi một ngày. Thứ Bảy, Chủ nhật không phải ghi.",
    )
    swap = forms.CharField(
        label="Hoán đổi ngày làm việc",
        required=False,
        strip=False,
        max_length=30_000,
        widget=_lines(3),
        help_text="Mỗi lần hoán đổi một dòng: ngày được nghỉ → ngày làm bù | lý do | nguồn. Ví dụ: "
        "02/05/2028 → 06/05/2028 | nối kỳ nghỉ. Viết “làm bù” thay cho mũi tên cũng được.",
    )
    open = forms.CharField(
        label="Ngày chưa rõ có nghỉ hay không",
        required=False,
        strip=False,
        max_length=30_000,
        widget=_lines(2),
        help_text="Mỗi ngày một dòng: ngày | lý do. Phần mềm tính là ngày làm việc và nói rõ.",
    )
    note = forms.CharField(label="Ghi chú", required=False, max_length=500)
    # What was loaded when the page was opened, and what was shown for looking over.
    base = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    file_name = forms.CharField(required=False, max_length=150, widget=forms.HiddenInput)

    def clean_documents(self) -> tuple[str, ...]:
        typed = str(self.cleaned_data["documents"]).splitlines()
        listed = tuple(" ".join(line.split()) for line in typed if line.strip())
        if len(listed) > MOST_DOCUMENTS:
            raise ValidationError(f"Chỉ ghi không quá {MOST_DOCUMENTS} văn bản.")
        return listed

    def clean_off(self) -> Typed:
        return self._read("off")

    def clean_swap(self) -> Typed:
        return self._read("swap")

    def clean_open(self) -> Typed:
        return self._read("open")

    def _read(self, name: str) -> Typed:
        try:
            return _READERS[name](str(self.cleaned_data[name]))
        except BadLines as error:
            raise ValidationError(error.sentences) from error

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if not self.errors:
            head = CalendarYear(
                year=values["year"],
                status=Status(values["status"]),
                documents=values["documents"],
                note=" ".join(values["note"].split()),
            )
            year, wrong = year_lines.put_together(
                head, values["off"], values["swap"], values["open"]
            )
            for name, sentence in wrong.items():
                self.add_error(name, sentence)
            values["calendar_year"] = year
        return values

    def calendar_year(self) -> CalendarYear:
        """The year that was typed."""
        found: CalendarYear = self.cleaned_data["calendar_year"]
        return found


def typed_from(year: CalendarYear) -> dict[str, Any]:
    """The fields of the form for a year that exists."""
    return {
        "year": year.year,
        "status": year.status.value,
        "documents": "\n".join(year.documents),
        "off": year_lines.written_off(year.blocks),
        "swap": year_lines.written_swaps(year.swaps),
        "open": year_lines.written_open(year.open_days),
        "note": year.note,
    }


class CalendarUploadForm(forms.Form):
    """A file as `thidua deadline --calendar` reads it."""

    calendar = forms.FileField(
        label="Tệp lịch",
        allow_empty_file=True,
        help_text="Tệp .toml theo mẫu; tải tệp của một năm đã có ở trang của năm đó để làm mẫu.",
        error_messages={"required": "Hãy chọn tệp lịch."},
        widget=forms.FileInput(attrs={"accept": ".toml,.txt"}),
    )

    def clean(self) -> dict[str, Any]:
        file = self.cleaned_data.get("calendar")
        if file is not None:
            self.cleaned_data["year"] = self._year(file)
        return self.cleaned_data

    def _year(self, file: Any) -> CalendarYear | None:
        try:
            text = _text(file)
            return read_calendar_year(text)
        except UnicodeDecodeError:
            self.add_error("calendar", "Tệp lịch phải là chữ mã hóa UTF-8.")
        except CalendarFileError as error:
            self.add_error("calendar", year_lines.with_line(str(error), text))
        return None

    def calendar_year(self) -> CalendarYear:
        """The year in the file."""
        found: CalendarYear = self.cleaned_data["year"]
        return found

    def name(self) -> str:
        """The name of the file, on one line."""
        return " ".join(str(self.cleaned_data["calendar"].name).split())[:150]


def _text(file: Any) -> str:
    # Four bytes a letter at most; the reader refuses what is longer.
    data: bytes = file.read(4 * LONGEST_FILE + 4)
    return data.decode("utf-8-sig", "strict" if file.size <= 4 * LONGEST_FILE else "ignore")


def status_label(status: Status) -> str:
    """Chính thức or Tạm."""
    return str(StoredCalendarYear.Status(status.value).label)
