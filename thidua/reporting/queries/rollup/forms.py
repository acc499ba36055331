"""The forms that may be rolled up: those of the sector in a period, and the cluster's own."""

from dataclasses import dataclass

from django.db.models import Q

from thidua.organisations.models import EmulationYear
from thidua.reporting.models import OwnForms, ReportingPeriod
from thidua.reporting.queries.editions import edition_with
from thidua.rules.reporting import Edition, Shape, Template, edition


@dataclass(frozen=True)
class Forms:
    """An edition, and the versions of own forms that hold each own form by its key.

    Keys of indicators are never reused, so one form of several versions is one form.
    """

    edition: Edition
    base: str
    own: dict[str, tuple[int, ...]]

    @property
    def templates(self) -> tuple[Template, ...]:
        """The forms with figures; lists of matters are not added."""
        return tuple(each for each in self.edition.templates if each.shape != Shape.LIST)

    def template(self, key: str) -> Template | None:
        """The form of that key, if it may be rolled up."""
        return next((each for each in self.templates if each.key == key), None)

    def holding(self, template: Template) -> Q:
        """The condition that a report is filled on this form."""
        if template.key in self.own:
            return Q(own_forms__in=self.own[template.key])
        return Q(edition=self.base)


def forms_of(year: EmulationYear, period: ReportingPeriod) -> Forms:
    """The forms in force at the end of the period; one query. RuleError where none is known."""
    period.year = year
    base = period.edition_key
    issued = list(OwnForms.objects.filter(year=year, state=OwnForms.State.ISSUED))
    if not issued:
        return Forms(edition(base), base, {})
    holding: dict[str, tuple[int, ...]] = {}
    for version in issued:
        for template in version.data["templates"]:
            holding[template["key"]] = (*holding.get(template["key"], ()), version.pk)
    newest = max(issued, key=lambda each: each.number)
    return Forms(edition_with(newest, base, ""), base, holding)
