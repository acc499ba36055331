"""What is asked: the question, who stands, the rule that decides."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from thidua.ballots.forms.fields import ShareField
from thidua.ballots.models import Question
from thidua.ballots.services import CandidateLine
from thidua.organisations.models import Membership
from thidua.rules.ballots.results import BASE_WORDS, LAST_WORD_WORDS, ResultRule
from thidua.rules.errors import RuleError

SPLIT = " – "


def _order() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "is-date"})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class QuestionForm(forms.Form):
    """One question. Members are ticked, others are typed, one to a line."""

    text = forms.CharField(
        label="Nội dung bỏ phiếu",
        max_length=300,
        help_text="Đúng câu in trên phiếu, ví dụ: Suy tôn đơn vị dẫn đầu cụm năm 2026.",
    )
    kind = forms.ChoiceField(
        label="Cách bỏ phiếu", choices=Question.Kind.choices, widget=forms.RadioSelect
    )
    most = forms.IntegerField(
        label="Mỗi phiếu được chọn tối đa",
        min_value=1,
        max_value=40,
        required=False,
        widget=_order(),
        help_text="Chỉ dùng khi chọn trong danh sách.",
    )
    members = forms.MultipleChoiceField(
        label="Đơn vị được đưa vào danh sách",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    others = forms.CharField(
        label="Người, tập thể khác",
        required=False,
        max_length=9000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi dòng một tên; muốn ghi chú thì viết: Tên – ghi chú.",
    )
    base = forms.ChoiceField(
        label="Tính trên",
        choices=[(str(base), _capital(words)) for base, words in BASE_WORDS.items()],
        widget=forms.RadioSelect,
    )
    share = ShareField(label="Tỷ lệ cần đạt", help_text="Ví dụ 1/2, 2/3, 80 %.")
    more_than = forms.ChoiceField(
        label="Đạt khi",
        choices=[("more", "Quá tỷ lệ này (quá nửa)"), ("least", "Từ tỷ lệ này trở lên")],
        widget=forms.RadioSelect,
    )
    blank_is_valid = forms.BooleanField(
        label="Phiếu trắng được tính là phiếu hợp lệ", required=False
    )
    places = forms.IntegerField(
        label="Số suất",
        min_value=1,
        max_value=40,
        required=False,
        widget=_order(),
        help_text="Để trống nếu ai đạt tỷ lệ cũng được.",
    )
    quota = ShareField(
        label="Hạn mức so với số ứng viên",
        required=False,
        help_text="Ví dụ 20 % với Cờ thi đua của Chính phủ; làm tròn xuống.",
    )
    rounds = forms.ChoiceField(
        label="Số lần bỏ phiếu",
        choices=[("1", "Một lần"), ("2", "Tối đa hai lần: bằng phiếu hoặc thiếu suất thì bỏ lại")],
        widget=forms.RadioSelect,
    )
    last_word = forms.ChoiceField(
        label="Sau lần cuối vẫn chưa ngã ngũ",
        required=False,
        choices=[(str(who), _capital(words)) for who, words in LAST_WORD_WORDS.items()],
        widget=forms.RadioSelect,
    )
    article = forms.CharField(
        label="Căn cứ của quy tắc",
        max_length=300,
        help_text="Điều, khoản của văn bản hoặc quy chế đang có hiệu lực.",
    )
    reveal = forms.ChoiceField(
        label="Công bố", choices=Question.Reveal.choices, widget=forms.RadioSelect
    )

    def __init__(
        self, members: Sequence[tuple[Membership, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(one.pk): one for one, _ in members}
        field = cast("forms.MultipleChoiceField", self.fields["members"])
        field.choices = [(str(one.pk), label) for one, label in members]

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        """What is stored, as the fields show it."""
        candidates = list(question.candidates.all())
        rule = ResultRule.from_json(question.rule)
        others = [one for one in candidates if one.membership_id is None]
        return {
            "text": question.text,
            "kind": question.kind,
            "most": question.most,
            "reveal": question.reveal,
            "members": [str(one.membership_id) for one in candidates if one.membership_id],
            "others": "\n".join(SPLIT.join(filter(None, [one.name, one.note])) for one in others),
            **QuestionForm.rule_initial(rule),
        }

    @staticmethod
    def rule_initial(rule: ResultRule) -> dict[str, Any]:
        """A rule as the fields show it."""
        return {
            "base": str(rule.base),
            "share": rule.share,
            "more_than": "more" if rule.more_than else "least",
            "blank_is_valid": rule.blank_is_valid,
            "places": rule.places,
            "quota": rule.quota,
            "rounds": str(rule.rounds),
            "last_word": str(rule.last_word),
            "article": rule.article,
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == Question.Kind.CHOOSE and not cleaned.get("most"):
            self.add_error("most", "Hãy ghi mỗi phiếu được chọn tối đa mấy dòng.")
        if not self.errors:
            if not self.lines():
                raise ValidationError(
                    "Hãy đưa ít nhất một đơn vị hoặc một người vào danh sách bỏ phiếu."
                )
            try:
                self.rule()
            except RuleError as error:
                raise ValidationError(str(error)) from error
        return cleaned

    def rule(self) -> ResultRule:
        """The rule as typed."""
        typed = self.cleaned_data
        return ResultRule.from_json(
            {
                "base": typed["base"],
                "share": str(typed["share"]),
                "more_than": typed["more_than"] == "more",
                "blank_is_valid": typed["blank_is_valid"],
                "places": typed["places"],
                "quota": str(typed["quota"]) if typed["quota"] else None,
                "rounds": int(typed["rounds"]),
                "last_word": typed["last_word"],
                "article": typed["article"].strip(),
            }
        )

    def lines(self) -> list[CandidateLine]:
        """Members in the order offered, then the others as typed."""
        chosen = set(self.cleaned_data["members"])
        found = [
            CandidateLine(name=str(one.organisation), membership=one)
            for key, one in self.offered.items()
            if key in chosen
        ]
        for line in self.cleaned_data["others"].splitlines():
            name, _, note = line.partition(SPLIT)
            if name.strip():
                found.append(CandidateLine(name=name.strip(), note=note.strip()[:300]))
        return found
