"""What a roll-up page is asked for: read from the address, limited to what the person may see."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404

from thidua.accounts.access import SignedInRequest
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.reporting.forms.rollup import (
    Choices,
    RollupForm,
    codes_of,
    form_choice,
    period_choices,
)
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.permissions import can_watch_reports
from thidua.reporting.queries.rollup import HANDED_IN, Asked, Forms, counting, forms_of, in_order
from thidua.rules.errors import RuleError

Periods = dict[str, ReportingPeriod]


@dataclass(frozen=True)
class Chosen:
    """A page's question. `asked` is None where there is nothing to roll up, and `nothing` says why.

    `watches`: lead or superior. Anybody else rolls up the own unit alone, over time.
    """

    year: EmulationYear
    watches: bool
    members: tuple[Membership, ...]
    periods: Periods
    form: RollupForm | None = None
    asked: Asked | None = None
    code: str = ""
    nothing: str = ""

    @property
    def longer(self) -> ReportingPeriod:
        """The period the figures are of, also where it is rebuilt from others."""
        return self.periods[self.code]

    @property
    def about(self) -> str:
        """“6 tháng 2026, dựng lại từ Quý I + Quý II”."""
        if self.asked is None:
            return ""
        text = f"{self.longer.name} {self.year.year}"
        if not self.asked.is_rebuilt:
            return text
        return f"{text}, dựng lại từ {' + '.join(each.name for each in self.asked.periods)}"


def chosen_or_404(
    request: SignedInRequest,
    year: int,
    offered: Callable[[Periods], Choices] = period_choices,
) -> Chosen:
    """The question of a page; 404 where the year is not the person's to see."""
    found = year_or_404(request.user, year)
    watches = can_watch_reports(request.user, found)
    periods = {each.code: each for each in found.reporting_periods.all()}
    own = own_membership(request.user, found)
    members = in_order(found)
    if not watches:
        members = tuple(each for each in members if own and each.pk == own.pk)
    blank = Chosen(found, watches, members, periods)
    if not periods or not offered(periods):
        return _without(blank, "Cụm trưởng chưa mở các kỳ báo cáo của năm.")
    if not members:
        return _without(blank, "Bạn không có báo cáo nào được xem trong năm này.")
    return _asked(request, blank, offered(periods))


def _without(blank: Chosen, nothing: str) -> Chosen:
    return Chosen(blank.year, blank.watches, blank.members, blank.periods, nothing=nothing)


def _asked(request: SignedInRequest, blank: Chosen, choices: Choices) -> Chosen:
    year, periods = blank.year, blank.periods
    default = _newest(request, blank, choices)
    picked = str(request.GET.get("period", ""))
    value = picked if picked in dict(choices) else default
    code, parts = codes_of(value)
    try:
        forms = forms_of(year, periods[parts[-1]])
    except RuleError as error:
        return _without(blank, str(error))
    form = RollupForm(
        request.GET,
        periods=choices,
        default=default,
        templates=forms.templates,
        members=blank.members,
    )
    asked = _question(request, blank, form, forms, parts)
    return Chosen(year, blank.watches, blank.members, periods, form, asked, code)


def _question(
    request: SignedInRequest, blank: Chosen, form: RollupForm, forms: Forms, parts: tuple[str, ...]
) -> Asked:
    keys = form.unit_keys
    return Asked(
        forms=forms,
        template=form_choice(forms, str(form.chosen["form"])),
        periods=tuple(blank.periods[each] for each in parts),
        members=tuple(each for each in blank.members if not keys or each.pk in keys),
        reports=counting(request.user, blank.year, form.states),
        all_members=not keys,
    )


def _newest(request: SignedInRequest, blank: Chosen, choices: Choices) -> str:
    """The last choice that ends in a period with reports; one reported before one rebuilt."""
    seen = counting(request.user, blank.year, HANDED_IN)
    filled = set(seen.order_by().values_list("period__code", flat=True).distinct())
    known = [value for value, _ in choices if codes_of(value)[1][-1] in filled]
    reported = [value for value in known if len(codes_of(value)[1]) == 1]
    return [choices[0][0], *known[-1:], *reported[-1:]][-1]


def asked_or_404(chosen: Chosen) -> Asked:
    """The question of a download: without one there is no file."""
    if chosen.asked is None:
        raise Http404
    return chosen.asked
