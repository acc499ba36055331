"""One unit's own course over the year, for the page of its report."""

from thidua.accounts.models import User
from thidua.reporting.models import OwnForms, Report
from thidua.reporting.queries.editions import edition_of
from thidua.reporting.queries.rollup.asking import HANDED_IN, Asked
from thidua.reporting.queries.rollup.forms import Forms
from thidua.reporting.queries.rollup.parts import course_of
from thidua.rules.reporting import Amount, Indicator, edition

QUARTERS = ("q1", "q2", "q3", "q4")
LONGER = ("6m", "9m", "year")


def own_course(user: User, report: Report, indicator: Indicator) -> list[tuple[str, Amount | None]]:
    """The figure in the unit's reports of the same kind: quarters, or those that add up.

    Besides this report only what was handed in and the person may see; three queries.
    """
    year = report.membership.year
    codes = QUARTERS if report.period.code in QUARTERS else LONGER
    periods = tuple(year.reporting_periods.filter(code__in=codes))
    seen = Report.objects.visible_to(user, year).filter(membership=report.membership)
    forms = forms_on(report)
    asked = Asked(
        forms,
        forms.edition.home(indicator.key),
        periods,
        (report.membership,),
        seen.filter(state__in=HANDED_IN) | seen.filter(pk=report.pk),
    )
    return [(period.name, total.amount) for period, total in course_of(asked, indicator)]


def forms_on(report: Report) -> Forms:
    """The forms of one report. Any version of the year's own forms may hold an own form of it:
    keys are never reused."""
    whole, base = edition_of(report), edition(report.edition)
    sector = {each.key for each in base.templates}
    added = [each.key for each in whole.templates if each.key not in sector]
    if not added:
        return Forms(whole, report.edition, {})
    versions = OwnForms.objects.filter(year=report.membership.year_id)
    held = tuple(versions.values_list("pk", flat=True))
    return Forms(whole, report.edition, dict.fromkeys(added, held))
