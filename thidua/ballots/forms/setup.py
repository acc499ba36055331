"""What the lead types to set a ballot up."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from thidua.ballots.forms.fields import PeopleField, PersonField, ShareField
from thidua.ballots.models import Ballot
from thidua.ballots.queries.people import Person
from thidua.ballots.services import BallotTerms
from thidua.movements.forms import VersionedForm
from thidua.ui.fields import VietnameseDateField

MOST_ELECTORS = 400


def _order(**attrs: Any) -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "is-date", **attrs})


class BallotForm(VersionedForm):
    """Terms of a ballot."""

    title = forms.CharField(
        label="Tên cuộc bỏ phiếu",
        max_length=200,
        help_text="Ví dụ: Suy tôn đơn vị dẫn đầu cụm năm 2026.",
    )
    purpose = forms.CharField(
        label="Nội dung, căn cứ",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    held_on = VietnameseDateField(label="Ngày bỏ phiếu")
    place = forms.CharField(label="Địa điểm", max_length=200, required=False)
    electorate = forms.ChoiceField(
        label="Thành phần bỏ phiếu",
        choices=Ballot.Electorate.choices,
        widget=forms.RadioSelect,
    )
    chair = PersonField(label="Chủ trì", empty_label="Chọn người chủ trì")
    count_chair = PersonField(
        label="Người điều hành kiểm phiếu thay chủ trì",
        required=False,
        empty_label="Chủ trì tự điều hành kiểm phiếu",
        help_text="Nên cử người khác khi đơn vị của chủ trì có trong danh sách được bầu.",
    )
    secretary = PersonField(label="Thư ký", empty_label="Chọn thư ký")
    quorum = ShareField(
        label="Tỷ lệ phải có mặt",
        help_text="So với tổng số thành viên, ví dụ 2/3 hoặc 80 %; theo quy chế của cụm.",
    )
    minimum_electors = forms.IntegerField(
        label="Số người bỏ phiếu tối thiểu",
        min_value=3,
        max_value=MOST_ELECTORS,
        widget=_order(),
        help_text="Ít người quá thì tổng số phiếu cũng để lộ lựa chọn của từng người.",
    )
    allows_paper = forms.BooleanField(
        label="Cho bỏ phiếu giấy, ý kiến bằng văn bản của người vắng mặt", required=False
    )
    destroys_papers = forms.BooleanField(
        label="Quy chế yêu cầu tiêu hủy phiếu sau khi ký biên bản", required=False
    )

    def __init__(self, people: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "count_chair", "secretary"):
            field = cast("PersonField", self.fields[name])
            field.offer(people)

    @staticmethod
    def initial_of(ballot: Ballot) -> dict[str, Any]:
        """What is stored, as the fields show it."""
        names = [name for name in BallotForm.base_fields if name != "quorum"]
        return {
            **{name: getattr(ballot, name) for name in names},
            "quorum": f"{ballot.quorum_numerator}/{ballot.quorum_denominator}",
        }

    def terms(self, threshold: int) -> BallotTerms:
        """What was typed; the number of tellers needed is named with the tellers."""
        typed = {k: v for k, v in self.cleaned_data.items() if k not in {"version", "quorum"}}
        quorum = self.cleaned_data["quorum"]
        return BallotTerms(
            **typed,
            threshold=threshold,
            quorum_numerator=quorum.numerator,
            quorum_denominator=quorum.denominator,
        )


class TellersForm(forms.Form):
    """Who counts, and how many of them open the sum."""

    people = PeopleField(
        label="Tổ kiểm phiếu",
        help_text="Từ 2 đến 7 người, nên của các đơn vị khác nhau.",
        error_messages={"required": "Hãy chọn ít nhất hai người."},
    )
    threshold = forms.IntegerField(
        label="Số người cần để mở phiếu",
        min_value=2,
        max_value=7,
        widget=_order(),
        help_text=(
            "Ít hơn số này thì không ai mở được phiếu; vắng vài người mà vẫn đủ số này thì vẫn kiểm được. "
            "Ví dụ tổ 3 người, cần 2."
        ),
    )

    def __init__(self, people: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("PeopleField", self.fields["people"])
        field.offer(people)


class SubstituteForm(forms.Form):
    """Who votes in another's place, by which paper."""

    user = PersonField(label="Người đi thay", empty_label="Chọn người cùng đơn vị")
    post = forms.CharField(label="Chức vụ", max_length=120)
    mandate = forms.CharField(
        label="Văn bản ủy quyền",
        max_length=200,
        help_text="Số, ngày của văn bản, ví dụ Giấy ủy quyền số 05/GUQ-TTr ngày 01/12/2026.",
    )

    def __init__(self, people: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("PersonField", self.fields["user"])
        field.offer(people)
