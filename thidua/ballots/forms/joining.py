"""The cluster's rule for points and votes."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from thidua.ballots.forms.fields import ShareField
from thidua.ballots.models import Question
from thidua.movements.forms import VersionedForm
from thidua.rules.ballots.results import JoiningRule, Way


class JoiningForm(VersionedForm):
    """One written rule."""

    way = forms.ChoiceField(
        label="Cách kết hợp",
        choices=[
            (str(Way.VOTES_AMONG_FIRST), "Xếp theo điểm, số phiếu quyết định trong nhóm dẫn đầu"),
            (str(Way.WEIGHTS), "Cộng điểm và phiếu theo trọng số"),
        ],
        widget=forms.RadioSelect,
    )
    first = forms.IntegerField(
        label="Số đơn vị dẫn đầu về điểm",
        min_value=1,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"class": "is-date"}),
        help_text="Dùng cho cách thứ nhất.",
    )
    points_weight = ShareField(
        label="Trọng số của điểm",
        required=False,
        help_text="Dùng cho cách thứ hai, ví dụ 70 %; phần còn lại là của phiếu.",
    )
    question = forms.ModelChoiceField(
        label="Lấy số phiếu của nội dung",
        queryset=Question.objects.none(),
        required=False,
        empty_label="Chưa chọn",
        help_text="Chọn trước khi cuộc bỏ phiếu mở.",
    )
    source = forms.CharField(
        label="Căn cứ", max_length=300, help_text="Văn bản của cụm quy định cách kết hợp."
    )

    def __init__(self, questions: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Question]", self.fields["question"])
        field.queryset = Question.objects.filter(pk__in=questions).select_related("ballot")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == Way.VOTES_AMONG_FIRST and not cleaned.get("first"):
            self.add_error("first", "Hãy ghi bao nhiêu đơn vị dẫn đầu về điểm được xét phiếu.")
        if cleaned.get("way") == Way.WEIGHTS and not cleaned.get("points_weight"):
            self.add_error("points_weight", "Hãy ghi trọng số của điểm, ví dụ 70 %.")
        return cleaned

    def rule(self) -> JoiningRule:
        typed = self.cleaned_data
        data: dict[str, Any] = {"way": typed["way"]}
        if typed["first"]:
            data["first"] = typed["first"]
        if typed["points_weight"]:
            data["points_weight"] = str(typed["points_weight"])
        return JoiningRule.from_json(data)
