"""What people type about the narrative: one section, a file, the headings of an outline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from thidua.documents.receiving import ACCEPTED
from thidua.rules.reporting.narrative import LONGEST_HEADING, LONGEST_HELP, Outline, Section

SPARE_ROWS = 3
MOST_ROWS = 80
TOP, UNDER, TITLE = "top", "under", "title"
KINDS = (
    (TOP, "Đề mục có lời"),
    (UNDER, "Mục con có lời"),
    (TITLE, "Đề mục lớn, không có lời"),
)


@dataclass(frozen=True)
class SentSection:
    """One section as it was sent, and what the person saw before."""

    section: str
    text: str
    seen: int
    confirmed: str


def sent_section(data: QueryDict) -> SentSection:
    """A broken mark of what was seen counts as never seen."""
    seen = data.get("seen", "0")
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0
    return SentSection(
        section=data.get("section", "")[:60],
        text=data.get("text", ""),
        seen=number,
        confirmed=data.get("confirmed", "")[:64],
    )


class AttachmentForm(forms.Form):
    """A file beside the report; `confirmed` is asked for only where its words may name a person."""

    place = forms.ChoiceField(label="Kèm theo", required=False)
    attached = forms.FileField(
        label="Tệp",
        max_length=200,
        help_text=f"{ACCEPTED}; tối đa {settings.EVIDENCE_LIMIT // (1024 * 1024)} MB.",
        error_messages={
            "required": "Hãy chọn tệp.",
            "empty": "Tệp đã chọn rỗng. Hãy chọn tệp khác.",
            "max_length": "Tên tệp dài quá 200 ký tự. Hãy đổi tên ngắn hơn rồi chọn lại.",
        },
    )
    note = forms.CharField(
        label="Nội dung tệp",
        max_length=300,
        required=False,
        help_text="Ví dụ: Danh mục kết luận thanh tra ban hành trong kỳ.",
    )
    confirmed = forms.BooleanField(
        label="Đã xem lại tên tệp và nội dung ghi ở trên, đúng là cần ghi như vậy", required=False
    )

    def __init__(self, places: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = forms.ChoiceField(
            label="Kèm theo",
            required=False,
            choices=list(places.items()),
            error_messages={"invalid_choice": "Mục này không còn trong đề cương. Hãy chọn lại."},
        )
        self.order_fields(["place", "attached", "note", "confirmed"])

    def clean_attached(self) -> Any:
        """Refused by size before a byte of it is read."""
        file = self.cleaned_data["attached"]
        if (file.size or 0) > settings.EVIDENCE_LIMIT:
            raise forms.ValidationError(
                f"Tệp “{file.name}” lớn hơn {settings.EVIDENCE_LIMIT // (1024 * 1024)} MB. Hãy giảm dung "
                "lượng hoặc tách tệp."
            )
        return file

    def where(self) -> tuple[str, str]:
        """Outline and section the file belongs to; "" and "" for the whole report."""
        outline, _, section = self.cleaned_data["place"].partition("/")
        return outline, section


@dataclass(frozen=True)
class OutlineRow:
    """One heading in the table of an outline."""

    number: int
    order: str
    section: Section
    kind: str


def outline_rows(sections: Iterable[Section]) -> list[OutlineRow]:
    """The headings with some spare lines at the end."""
    listed = [*sections, *(Section(key="", heading="") for _ in range(SPARE_ROWS))]
    return [
        OutlineRow(number, str(number * 10), each, _kind(each))
        for number, each in enumerate(listed, start=1)
    ]


def _kind(section: Section) -> str:
    if section.is_title:
        return TITLE
    return UNDER if section.under else TOP


def sent_outline(outline: Outline, data: QueryDict) -> list[Section]:
    """The headings as sent, in their order; lines without a heading are left out."""
    figures = {each.key: each.sentences for each in outline.sections}
    found = []
    for number in range(1, MOST_ROWS + 1):
        name = f"r-{number}-"
        heading = " ".join(data.get(f"{name}heading", "").split())
        if not heading:
            continue
        section = _sent(name, heading, data)
        found.append(
            (
                _order(data.get(f"{name}order", ""), number),
                number,
                replace(section, sentences=figures.get(section.key, ())),
            )
        )
    return [section for _, _, section in sorted(found, key=lambda each: each[:2])]


def _sent(name: str, heading: str, data: QueryDict) -> Section:
    kind = data.get(f"{name}kind", TOP)
    return Section(
        key=data.get(f"{name}key", "")[:60],
        heading=heading[: LONGEST_HEADING + 1],
        help=data.get(f"{name}help", "").strip()[: LONGEST_HELP + 1],
        under=kind == UNDER,
        is_title=kind == TITLE,
        yearly=bool(data.get(f"{name}yearly")),
        required=bool(data.get(f"{name}required")),
    )


def _order(text: str, number: int) -> int:
    """Where a line stands; one without a number stays where it is."""
    typed = text.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else number * 10
