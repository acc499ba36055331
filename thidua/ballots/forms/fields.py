"""Fields of ballots: a person of the year, a share."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from thidua.accounts.models import User
from thidua.ballots.queries.people import Person
from thidua.rules.ballots.results import fraction_words
from thidua.rules.numbers import NotANumber, parse

LONGEST = 20


class PersonField(forms.ChoiceField):
    """Somebody of the year. Out: `User`, or None when left open and not required."""

    def __init__(self, *, empty_label: str = "", **kwargs: Any) -> None:
        self.empty_label = empty_label
        self.people: dict[str, User] = {}
        super().__init__(**kwargs)

    def offer(self, people: Iterable[Person]) -> None:
        """Offer these people, in this order."""
        rows = list(people)
        self.people = {str(one.user.pk): one.user for one in rows}
        first = [("", self.empty_label)] if self.empty_label else []
        self.choices = [*first, *((str(one.user.pk), one.label) for one in rows)]

    def clean(self, value: Any) -> User | None:
        chosen = super().clean(value)
        return self.people.get(str(chosen)) if chosen else None

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, User) else value


class PeopleField(forms.MultipleChoiceField):
    """Several people of the year. Out: a list of `User`."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        self.people: dict[str, User] = {}
        super().__init__(**kwargs)

    def offer(self, people: Iterable[Person]) -> None:
        """Offer these people, in this order."""
        rows = list(people)
        self.people = {str(one.user.pk): one.user for one in rows}
        self.choices = [(str(one.user.pk), one.label) for one in rows]

    def clean(self, value: Any) -> list[User]:
        chosen = set(super().clean(value))
        return [user for key, user in self.people.items() if key in chosen]


class ShareField(forms.CharField):
    """A share typed as "2/3" or "80 %". Out: an exact fraction over 0 and up to 1."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"class": "is-date", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return fraction_words(value) if isinstance(value, Fraction) else value

    def clean(self, value: Any) -> Fraction | None:
        text = super().clean(value)
        return _share(text) if text else None


def _share(text: str) -> Fraction:
    try:
        found = _fraction(text) if len(text) <= LONGEST else None
    except (ValueError, ZeroDivisionError, NotANumber):
        found = None
    if found is None or not 0 < found <= 1:
        raise ValidationError(
            "Ghi một tỷ lệ lớn hơn 0 và không quá 100 %, ví dụ 2/3 hoặc 80 %.", code="invalid"
        )
    return found


def _fraction(text: str) -> Fraction:
    if "/" not in text:
        return Fraction(parse(text.replace("%", ""))) / 100
    above, under = text.split("/")
    return Fraction(int(above), int(under))
