"""What was counted on paper, what people decide, and the signed minutes."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from thidua.ballots.counts import Settled
from thidua.ballots.models import Candidate, Question

MOST_PAPERS = 1000
PARTS = (
    ("returned", "Số phiếu thu về"),
    ("valid", "Phiếu hợp lệ"),
    ("blank", "Phiếu trắng"),
    ("invalid", "Phiếu không hợp lệ"),
)


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PAPERS,
        widget=forms.NumberInput(attrs={"class": "is-order", "autocomplete": "off"}),
    )


class PaperCountForm(forms.Form):
    """The figures of one way of voting on paper, question by question."""

    def __init__(
        self, questions: Sequence[Question], issued: int, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        self.issued = issued
        for place, question in enumerate(self.questions):
            for name, label in PARTS:
                self.fields[f"q{place}-{name}"] = _number(f"Nội dung {place + 1}: {label.lower()}")
            for order, one in enumerate(standing(question)):
                self.fields[f"q{place}-c{order}"] = _number(f"Nội dung {place + 1}: {one.name}")

    def groups(self) -> list[dict[str, Any]]:
        """The fields question by question, as the page lays them out."""
        return [
            {
                "question": question,
                "parts": [(label, self[f"q{place}-{name}"]) for name, label in PARTS],
                "candidates": [
                    (one, self[f"q{place}-c{order}"])
                    for order, one in enumerate(standing(question))
                ],
                "approves": question.kind == Question.Kind.APPROVE,
            }
            for place, question in enumerate(self.questions)
        ]

    def content(self) -> dict[str, Any]:
        """The figures as the service takes them."""
        typed = self.cleaned_data
        return {
            "questions": [
                {
                    "issued": self.issued,
                    **{name: typed[f"q{place}-{name}"] for name, _ in PARTS},
                    "votes": [
                        typed[f"q{place}-c{order}"] for order in range(len(standing(question)))
                    ],
                }
                for place, question in enumerate(self.questions)
            ]
        }


def standing(question: Question) -> list[Candidate]:
    """Who stands on the paper."""
    return [one for one in question.candidates.all() if one.is_standing]


class DecideForm(forms.Form):
    """Who gets the places the votes left open, and why."""

    candidates = forms.MultipleChoiceField(
        label="Chọn", widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Thành tích nổi trội hơn, ý kiến của người chủ trì …; ghi vào biên bản.",
    )

    def __init__(self, settled: Settled, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open = {
            str(settled.candidates[one].pk): settled.candidates[one]
            for one in settled.outcome.undecided
        }
        field = cast("forms.MultipleChoiceField", self.fields["candidates"])
        field.label = f"Chọn đúng {settled.outcome.places_left}"
        field.choices = [(key, one.name) for key, one in self.open.items()]

    def chosen(self) -> list[Candidate]:
        return [self.open[key] for key in self.cleaned_data["candidates"]]


class ConcludeForm(forms.Form):
    """The minutes, signed on paper or electronically, with their number."""

    number = forms.CharField(
        label="Số biên bản", max_length=60, help_text="Như trên biên bản, ví dụ 01/BB-CTĐ."
    )
    minutes = forms.FileField(
        label="Biên bản đã ký (PDF)",
        allow_empty_file=True,
        error_messages={"required": "Hãy chọn tệp PDF của biên bản đã ký."},
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
