"""What is rolled up: a form, the periods in order of time, the units, and which reports count."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership
from thidua.reporting.models import Report, ReportingPeriod
from thidua.reporting.queries.rollup.forms import Forms
from thidua.rules.reporting import Edition, Template

ACCEPTED = (Report.State.ACCEPTED,)
HANDED_IN = (Report.State.SUBMITTED, Report.State.ACCEPTED)


@dataclass(frozen=True)
class Asked:
    """One roll-up. `reports` are those that may count, of whatever period, unit and form.

    Several `periods` are rebuilt into the longer one they make up. `all_members`: the members are
    everybody whose reports are in `reports`, so that the database need not be told their keys.
    """

    forms: Forms
    template: Template
    periods: tuple[ReportingPeriod, ...]
    members: tuple[Membership, ...]
    reports: QuerySet[Report]
    all_members: bool = True

    @property
    def edition(self) -> Edition:
        return self.forms.edition

    @property
    def is_rebuilt(self) -> bool:
        """Made of several periods, not of one report each."""
        return len(self.periods) > 1

    def counted(self) -> QuerySet[Report]:
        """The reports of the periods and units that are on this form."""
        found = self.reports.filter(
            self.forms.holding(self.template), period__in=[each.pk for each in self.periods]
        )
        if not self.all_members:
            found = found.filter(membership__in=[each.pk for each in self.members])
        return found.order_by()


def counting(
    user: User, year: EmulationYear, states: Sequence[Report.State] = ACCEPTED
) -> QuerySet[Report]:
    """The reports of the year that count for this person.

    Exactly what `visible_to` shows and nothing more (T01): lead and superior get everything that
    was handed in, a member its own. A member therefore sees no total of the cluster: with the
    total of two units and one's own figures the other's would be known.
    """
    return Report.objects.visible_to(user, year).filter(state__in=states)


def in_order(year: EmulationYear) -> tuple[Membership, ...]:
    """The members of the year in their order, with their organisations; one query."""
    return tuple(year.memberships.select_related("organisation"))
