"""What people type about own forms: the table of one form, the checks across forms, a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django import forms
from django.conf import settings
from django.http import QueryDict

from thidua.reporting.forms.reports import ReportUpload
from thidua.reporting.services.typed_text import cleaned
from thidua.rules.reporting.own import (
    BEHAVIOUR_WORDS,
    FIELD_NAMES,
    KIND_WORDS,
    LEVELS,
    Placed,
    TypedForm,
    TypedIndicator,
    periods_in_words,
)
from thidua.rules.reporting.periods import NAMES

MOST_ROWS = 300
YES, NO = "Có", "Không"
# The fields of a row in the order of the table; the key goes along unseen.
CELLS = ("code", "heading", "measure", "kind", "behaviour", "total", "outflow", "places")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(KIND_WORDS.values()),
    "behaviour": ("", *BEHAVIOUR_WORDS.values()),
}
BLANK = TypedIndicator(kind="Số", behaviour="Phát sinh", required=YES)
LONGEST = {"code": 20, "heading": 600, "measure": 60, "places": 2}


def sent_form(data: QueryDict) -> TypedForm:
    """The form as sent; its rows are numbered in the order they stand."""
    chosen = [code for code in NAMES if code in data.getlist("periods")]
    return TypedForm(
        code=cleaned(data.get("code", "")),
        title=cleaned(data.get("title", "")),
        shape=data.get("shape", ""),
        periods=periods_in_words(chosen),
        note=cleaned(data.get("note", "")),
        key=data.get("key", ""),
        indicators=tuple(_row(data, number) for number in _numbers(data)),
        **{level: _lines(cleaned(data.get(level, ""))) for level in LEVELS},
    )


def _numbers(data: QueryDict) -> list[int]:
    numbers = {name.split("-")[1] for name in data if name.startswith("i-") and "-" in name[2:]}
    known = sorted(int(each) for each in numbers if _is_row(each))
    return known[: MOST_ROWS + 1]


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _row(data: QueryDict, number: int) -> TypedIndicator:
    fields = {name: cleaned(data.get(f"i-{number}-{name}", "")) for name in FIELD_NAMES}
    return TypedIndicator(**{**fields, "required": fields["required"] or NO})


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def without_blanks(typed: TypedForm) -> TypedForm:
    """The form less the rows in which nothing was written."""
    return replace(typed, indicators=tuple(e for e in typed.indicators if not e.is_blank))


def acted_on(typed: TypedForm, act: str) -> TypedForm:
    """The table after a button in it: `add`, `up-2`, `down-2`, `remove-2` (rows from 1)."""
    rows = list(typed.indicators)
    what, _, number = act.partition("-")
    place = int(number) - 1 if _is_row(number) else -1
    if what == "add" and len(rows) < MOST_ROWS:
        rows.append(BLANK)
    elif 0 <= place < len(rows):
        if what == "remove":
            del rows[place]
        elif what == "up" and place:
            rows.insert(place - 1, rows.pop(place))
        elif what == "down":
            rows.insert(place + 1, rows.pop(place))
    return replace(typed, indicators=tuple(rows))


@dataclass(frozen=True)
class Cell:
    """One field of a row as the table shows it."""

    name: str
    label: str
    value: str
    field: str
    choices: Sequence[str]
    errors: Sequence[str]
    longest: int


@dataclass(frozen=True)
class Row:
    """One indicator in the table."""

    number: int
    cells: Sequence[Cell]
    note: str
    key: str
    required: bool
    title: str
    errors: Sequence[str]


def rows_of(typed: TypedForm, problems: Iterable[Placed]) -> list[Row]:
    """The table, with what is wrong beside each field."""
    listed = list(problems)
    return [_shown(number, each, listed) for number, each in enumerate(typed.indicators, start=1)]


def _shown(number: int, each: TypedIndicator, problems: Sequence[Placed]) -> Row:
    mine = [placed for placed in problems if placed.row == number]
    cells = tuple(
        Cell(
            name=f"i-{number}-{name}",
            label=FIELD_NAMES[name],
            value=getattr(each, name),
            field=name,
            choices=_choices(name, getattr(each, name)),
            errors=[placed.sentence for placed in mine if placed.field == name],
            longest=LONGEST.get(name, 200),
        )
        for name in CELLS
    )
    elsewhere = [placed.sentence for placed in mine if placed.field not in CELLS]
    title = each.code or each.heading or str(number)
    return Row(number, cells, each.note, each.key, each.required != NO, title, elsewhere)


def _choices(name: str, value: str) -> tuple[str, ...]:
    """The words to choose from; a word that is none of them stays to be seen."""
    known = CHOICES.get(name, ())
    return known if not known or value in known else (*known, value)


class OwnChecksForm(forms.Form):
    """The checks across forms, one rule a line."""

    printed = forms.CharField(
        label="Phải đúng (sai là lỗi, không nộp được)",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mỗi dòng một quy tắc. Ô viết dạng biểu:mã, ví dụ 01/GƯ:2 <= 01/TTr:6.",
    )
    logical = forms.CharField(
        label="Nên đúng (sai là cảnh báo, phải giải trình)",
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Sau dấu | ghi lời giải thích cho người nhập, nếu cần.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def lines(self) -> dict[str, tuple[str, ...]]:
        """The rules typed, by level."""
        return {level: _lines(self.cleaned_data[level]) for level in ("printed", "logical")}


class OwnFormsUpload(ReportUpload):
    """A workbook that describes own forms."""

    # Nothing to ask again for: a draft changed meanwhile is told by its version.
    replace = None  # type: ignore[assignment]
    workbook = forms.FileField(
        label="Tệp mô tả biểu mẫu riêng (.xlsx)",
        max_length=200,
        help_text=f"Tối đa {settings.WORKBOOK_LIMIT // (1024 * 1024)} MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "Hãy chọn tệp mô tả biểu mẫu.",
            "empty": "Tệp đã chọn rỗng. Hãy chọn tệp khác.",
            "max_length": "Tên tệp dài quá 200 ký tự. Hãy đổi tên ngắn hơn rồi chọn lại.",
        },
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
