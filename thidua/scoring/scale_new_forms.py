"""Where a new draft of a points table starts from."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from thidua.rules.scoring import Table
from thidua.rules.scoring.lint import TABLE_LENGTHS
from thidua.scoring.models import CriteriaSet
from thidua.scoring.tables import to_table
from thidua.workbooks.scale import shipped_names, shipped_scale

EMPTY, VERSION, SHIPPED = "trong", "phien-ban", "mau"


class ScaleNewForm(forms.Form):
    """An empty table, a copy of an issued version, or of a table that comes with the product."""

    title = forms.CharField(
        label="Tên bảng",
        required=False,
        max_length=TABLE_LENGTHS["title"],
        help_text="Để trống thì giữ tên của bảng được chép. Bảng trống phải có tên.",
        error_messages={
            "max_length": f"Tên bảng dài quá {TABLE_LENGTHS['title']} ký tự. Hãy rút gọn.",
            "null_characters_not_allowed": "Tên bảng có ký tự không dùng được. Hãy gõ lại.",
        },
    )

    def __init__(self, versions: Sequence[CriteriaSet], data: Any = None) -> None:
        super().__init__(data)
        self.versions = {f"{VERSION}-{each.pk}": each for each in versions}
        self.shipped = {f"{SHIPPED}-{name}": name for name in shipped_names()}
        choices = [(key, f"Chép {_called(each)}") for key, each in self.versions.items()]
        choices += [
            (key, f"Chép bảng mẫu: {shipped_scale(name).title}")
            for key, name in self.shipped.items()
        ]
        choices.append((EMPTY, "Bảng trống"))
        self.fields["source"] = forms.ChoiceField(
            label="Bắt đầu từ",
            choices=choices,
            initial=choices[0][0],
            widget=forms.RadioSelect,
            error_messages={
                "required": "Hãy chọn nơi bắt đầu.",
                "invalid_choice": "Lựa chọn này không còn nữa. Hãy chọn lại.",
            },
        )
        self.order_fields(["source", "title"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("source") == EMPTY and not cleaned.get("title"):
            self.add_error("title", "Hãy ghi tên bảng.")
        return cleaned

    def table(self) -> tuple[Table, str]:
        """The table to start with, and in words where it is from."""
        source, title = self.cleaned_data["source"], self.cleaned_data["title"]
        if source in self.versions:
            version = self.versions[source]
            table, origin = to_table(version), _called(version)
        elif source in self.shipped:
            table = shipped_scale(self.shipped[source])
            origin = f"bảng mẫu {table.title}"
        else:
            table, origin = Table(title=title, scale=Decimal(100), nodes=()), "bảng trống"
        return (replace(table, title=title) if title else table), origin


def _called(version: CriteriaSet) -> str:
    return f"bảng năm {version.year.year}, phiên bản {version.number}: {version.title}"
