"""What is rolled up, as people choose it; everything has a default, so a page opens at once."""

from collections.abc import Mapping, Sequence

from django import forms
from django.http import QueryDict

from thidua.organisations.models import Membership
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.queries.rollup import ACCEPTED, HANDED_IN, Forms, ways_of
from thidua.rules.reporting import Indicator, Rate, Template
from thidua.rules.reporting.published import PublishedSet
from thidua.rules.reporting.words import form_name

Choices = list[tuple[str, str]]
COUNTS: Mapping[str, tuple[Report.State, ...]] = {
    "accepted": ACCEPTED,
    "submitted": HANDED_IN,
}
LONGEST = 8_000


def period_choices(periods: Mapping[str, ReportingPeriod]) -> Choices:
    """Every period as reported, and the longer ones rebuilt in each way their parts allow."""
    choices = [(code, f"{each.name}: như báo cáo") for code, each in periods.items()]
    for code, each in periods.items():
        for way in ways_of(code):
            if all(part in periods for part in way):
                names = " + ".join(periods[part].name for part in way)
                choices.append((f"{code}:{'-'.join(way)}", f"{each.name}: dựng lại từ {names}"))
    return choices


def rebuilt_choices(periods: Mapping[str, ReportingPeriod]) -> Choices:
    """The longer periods with the parts they are compared with."""
    return [(value, label) for value, label in period_choices(periods) if ":" in value]


def codes_of(choice: str) -> tuple[str, tuple[str, ...]]:
    """A chosen period as its code and the codes that are rolled up."""
    code, _, parts = choice.partition(":")
    return code, tuple(parts.split("-")) if parts else (code,)


class RollupForm(forms.Form):
    """Period, form, which reports count, units. A wrong choice falls back to the default."""

    period = forms.ChoiceField(label="Kỳ")
    form = forms.ChoiceField(label="Biểu")
    counts = forms.ChoiceField(
        label="Báo cáo được tính",
        choices=[("accepted", "Đã chấp nhận"), ("submitted", "Kể cả đã nộp, chưa chấp nhận")],
    )
    units = forms.MultipleChoiceField(
        label="Đơn vị",
        required=False,
        help_text="Không chọn đơn vị nào là tính tất cả.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: QueryDict,
        *,
        periods: Choices,
        default: str,
        templates: Sequence[Template],
        members: Sequence[Membership],
    ) -> None:
        forms_offered = [(each.key, f"{form_name(each)} – {each.title}") for each in templates]
        units = [(str(each.pk), each.organisation.short_name) for each in members]
        chosen = {
            "period": _known(data.get("period"), periods, default),
            "form": _known(data.get("form"), forms_offered, forms_offered[0][0]),
            "counts": _known(data.get("counts"), [(key, "") for key in COUNTS], "accepted"),
            "units": [each for each in data.getlist("units") if each in dict(units)],
        }
        super().__init__(initial=chosen)
        self.chosen = chosen
        self._offer("period", periods)
        self._offer("form", forms_offered)
        self._offer("units", units)
        if len(units) < 2:
            del self.fields["units"]

    def _offer(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def offer(self, name: str, label: str, choices: Choices, value: str | None) -> str:
        """One more choice of a page; out: what is chosen, the first where nothing sound is."""
        picked = _known(value, choices, choices[0][0])
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, initial=picked)
        self.order_fields(["period", "form", "counts", name, "units"])
        return picked

    def offer_text(self, name: str, label: str, help_text: str, value: str) -> str:
        """A box to type or paste into."""
        typed = value[:LONGEST]
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            help_text=help_text,
            initial=typed,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        return typed

    def leave_out(self, *names: str) -> None:
        """Choices that a page does not ask for."""
        for name in names:
            self.fields.pop(name, None)

    @property
    def states(self) -> tuple[Report.State, ...]:
        """The states of the reports that count."""
        return COUNTS[str(self.chosen["counts"])]

    @property
    def unit_keys(self) -> set[int]:
        """The keys of the units picked; empty is all."""
        return {int(each) for each in self.chosen["units"]}


def _known(value: str | None, choices: Choices, default: str) -> str:
    return value if value is not None and value in dict(choices) else default


def form_choice(offered: Forms, key: str) -> Template:
    """The form chosen, the first where the period has none of that key."""
    return offered.template(key) or offered.templates[0]


def indicator_choices(template: Template) -> Choices:
    """Every figure of a form by its number and heading."""
    return [(each.key, _numbered(each)) for each in template.numbers]


def _numbered(indicator: Indicator) -> str:
    return f"{indicator.code}. {indicator.label}" if indicator.code else indicator.label


def rate_choices(rates: Sequence[Rate]) -> Choices:
    """Every rate by its name."""
    return [(each.key, each.name) for each in rates]


def set_choices(sets: Sequence[PublishedSet]) -> Choices:
    """The sets of published figures, none first."""
    return [
        ("", "Không chọn, chỉ dùng số liệu nhập tay"),
        *((each.key, each.name) for each in sets),
    ]
