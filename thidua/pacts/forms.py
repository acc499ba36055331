"""What people type into a pact and say of it."""

from typing import Any

from django import forms

from thidua.movements.forms import VersionedForm
from thidua.pacts.models import Commitment, CommitmentGroup, PactVersion
from thidua.pacts.services import CommitmentText
from thidua.reporting.models import Indicator
from thidua.ui.fields import VietnameseDateField, VietnameseDecimalField

LONGEST_TEXT = 10_000
LONGEST_LINE = 2_000


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StartForm(forms.Form):
    title = forms.CharField(
        label="Tên giao ước", max_length=300, help_text="In hoa ở đầu văn bản, không kèm năm."
    )


class PactTextForm(VersionedForm):
    title = forms.CharField(label="Tên giao ước", max_length=300)
    document_number = forms.CharField(
        label="Số, ký hiệu",
        max_length=60,
        required=False,
        help_text="Ví dụ 05/GƯ-CTĐ; để trống thì văn bản chừa chỗ ghi tay.",
    )
    dated_on = VietnameseDateField(
        label="Ngày ký", required=False, help_text="Ngày hội nghị ký kết, nếu đã ấn định."
    )
    preamble = forms.CharField(
        label="Phần mở đầu", max_length=LONGEST_TEXT, required=False, widget=_long(6)
    )
    closing = forms.CharField(
        label="Phần cuối", max_length=LONGEST_TEXT, required=False, widget=_long(4)
    )

    @staticmethod
    def initial_of(pact: PactVersion) -> dict[str, Any]:
        """What is stored, as the fields show it."""
        names = ("version", "title", "document_number", "dated_on", "preamble", "closing")
        return {name: getattr(pact, name) for name in names}


class GroupForm(VersionedForm):
    title = forms.CharField(label="Tên nhóm cam kết", max_length=300)


class CommitmentForm(VersionedForm):
    group = forms.ModelChoiceField(
        label="Nhóm", queryset=CommitmentGroup.objects.none(), empty_label=None
    )
    text = forms.CharField(label="Nội dung cam kết", max_length=LONGEST_LINE, widget=_long(4))
    indicator = forms.ModelChoiceField(
        label="Chỉ tiêu",
        queryset=Indicator.objects.all(),
        required=False,
        empty_label="Không đo bằng chỉ tiêu (cam kết bằng lời)",
    )
    comparison = forms.ChoiceField(
        label="So sánh",
        required=False,
        choices=[("", "Chọn cách so sánh"), *Commitment.Comparison.choices],
    )
    target = VietnameseDecimalField(
        label="Mức phấn đấu", required=False, min_value=0, max_value=10**12, decimal_places=4
    )
    measure = forms.CharField(
        label="Đơn vị tính",
        max_length=40,
        required=False,
        help_text="Để trống thì lấy đơn vị tính của chỉ tiêu.",
    )

    def __init__(self, *args: Any, pact: PactVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["group"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = pact.groups.all()

    @staticmethod
    def initial_of(row: Commitment) -> dict[str, Any]:
        """What is stored, as the fields show it."""
        names = ("group", "text", "indicator", "comparison", "target", "measure")
        return {name: getattr(row, name) for name in names}

    def commitment_text(self) -> CommitmentText:
        """The typed commitment as a value; the service checks that a target is whole."""
        typed = self.cleaned_data
        indicator = typed["indicator"]
        return CommitmentText(
            text=typed["text"],
            indicator=indicator,
            comparison=typed["comparison"],
            target=typed["target"],
            measure=typed["measure"] or (indicator.measure if indicator else ""),
        )


class CommentForm(forms.Form):
    text = forms.CharField(
        label="Góp ý của đơn vị",
        max_length=LONGEST_LINE,
        widget=_long(3),
        error_messages={"required": "Hãy viết nội dung góp ý."},
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label="Trả lời của cụm trưởng",
        max_length=LONGEST_LINE,
        widget=_long(3),
        error_messages={"required": "Hãy viết nội dung trả lời."},
    )
