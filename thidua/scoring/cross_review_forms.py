"""What people type for a cross-review."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from thidua.organisations.models import Membership
from thidua.rules.scoring import vietnamese
from thidua.rules.scoring.numbers import DECIMALS
from thidua.scoring.models import Criterion, CrossReviewRound, CrossReviewScore
from thidua.scoring.services.cross_reviews import LARGEST_SEED, RoundSettings
from thidua.ui.fields import VietnameseDecimalField

TEXT_LIMIT = 4000
INDENT = "\u2003"
NO_WHOLE_NUMBER = "Nhập một số nguyên."


class RoundForm(forms.Form):
    """The settings of a round; the version shown travels with them (R08)."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    criteria = forms.TypedMultipleChoiceField(
        label="Nội dung chấm",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chọn các phần lớn hoặc từng tiêu chí; không chọn cả phần lẫn tiêu chí nằm trong phần.",
        error_messages={"required": "Hãy chọn ít nhất một nội dung để chấm chéo."},
    )
    reviewers_per_unit = forms.IntegerField(
        label="Số đơn vị chấm cho mỗi đơn vị",
        min_value=1,
        help_text="Mỗi đơn vị được ngần này đơn vị khác chấm; không đơn vị nào chấm cho mình.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi số đơn vị chấm.",
            "invalid": NO_WHOLE_NUMBER,
            "min_value": "Số đơn vị chấm phải từ 1 trở lên.",
        },
    )
    distance = VietnameseDecimalField(
        label="Khoảng cách cho phép giữa các đơn vị chấm",
        min_value=0,
        decimal_places=DECIMALS,
        help_text="Điểm cao nhất trừ điểm thấp nhất lớn hơn mức này thì nêu lên để kết luận.",
        error_messages={"required": "Hãy ghi khoảng cách cho phép."},
    )
    distance_kind = forms.ChoiceField(
        label="Khoảng cách tính theo", choices=CrossReviewRound.DistanceKind.choices
    )
    seed = forms.IntegerField(
        label="Số mầm",
        min_value=0,
        max_value=LARGEST_SEED,
        help_text="Cùng số mầm thì phân công như nhau, ai cũng kiểm lại được.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi số mầm.",
            "invalid": NO_WHOLE_NUMBER,
            "min_value": "Số mầm không được âm.",
            "max_value": f"Số mầm không quá {LARGEST_SEED}.",
        },
    )
    shows_correction = forms.BooleanField(
        label="Hiện thêm điểm hiệu chỉnh theo độ chặt, lỏng của đơn vị chấm",
        required=False,
        help_text="Chỉ để tham khảo, đặt cạnh điểm trung bình; không thay điểm nào.",
    )

    def __init__(
        self, criteria: Sequence[Criterion], maxima: Mapping[int, Decimal], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.by_key = {each.pk: each for each in criteria if each.pk in maxima}
        choices: Any = self.fields["criteria"]
        choices.choices = [
            (
                key,
                f"{INDENT * each.path.count('/')}{each.code}. {each.title} "
                f"(tối đa {vietnamese(maxima[key])})",
            )
            for key, each in self.by_key.items()
        ]

    def settings(self) -> RoundSettings:
        """The settings as typed."""
        cleaned = self.cleaned_data
        return RoundSettings(
            criteria=tuple(self.by_key[key] for key in cleaned["criteria"]),
            reviewers_per_unit=cleaned["reviewers_per_unit"],
            distance=cleaned["distance"],
            distance_kind=cleaned["distance_kind"],
            seed=cleaned["seed"],
            shows_correction=cleaned["shows_correction"],
        )


class ConflictForm(forms.Form):
    """Two units that do not score each other. A member unit is itself one of the two."""

    def __init__(
        self, members: Sequence[Membership], own: Membership | None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.by_key = {member.pk: member for member in members}
        self.own = own
        others = [member for member in members if own is None or member.pk != own.pk]
        choices = [("", "Chọn đơn vị")]
        choices += [(str(member.pk), member.organisation.full_name) for member in others]
        error = {
            "required": "Hãy chọn đơn vị.",
            "invalid_choice": "Hãy chọn một đơn vị thành viên.",
        }
        names = ["second"] if own else ["first", "second"]
        labels = ["Không chấm chéo với"] if own else ["Đơn vị thứ nhất", "Đơn vị thứ hai"]
        for name, label in zip(names, labels, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, error_messages=error
            )
        self.fields["reason"] = forms.CharField(
            label="Lý do",
            max_length=TEXT_LIMIT,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": "Hãy ghi lý do hai đơn vị không chấm cho nhau."},
        )

    def pair(self) -> tuple[Membership, Membership]:
        """The two units."""
        first = self.own or self.by_key[int(self.cleaned_data["first"])]
        return first, self.by_key[int(self.cleaned_data["second"])]


class CrossScoreForm(forms.Form):
    """One criterion's points and remark, held against its maximum."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    # The version of somebody else that the person has seen and decided to replace (R08).
    seen = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)

    def __init__(self, score: CrossReviewScore, data: Any) -> None:
        super().__init__(data)
        maximum = score.criterion.maximum
        self.fields["points"] = VietnameseDecimalField(
            label="Điểm",
            required=False,
            min_value=0,
            max_value=maximum,
            decimal_places=DECIMALS,
        )
        self.fields["remark"] = forms.CharField(
            label="Nhận xét", required=False, max_length=TEXT_LIMIT
        )

    def points(self) -> Decimal | None:
        """The points typed; None where the field is empty."""
        value: Decimal | None = self.cleaned_data["points"]
        return value

    def remark(self) -> str:
        """The remark, with one kind of line end."""
        return str(self.cleaned_data["remark"]).replace("\r\n", "\n")

    def known_version(self) -> int:
        """The version the person saw last."""
        return int(self.cleaned_data["seen"] or self.cleaned_data["version"])


class SettleForm(forms.Form):
    """What was decided about one difference."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Kết luận",
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Hãy ghi kết luận về chênh lệch này."},
    )
