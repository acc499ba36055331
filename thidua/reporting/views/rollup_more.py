"""Rates from counts, comparison with published figures, and the charts of a year."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.organisations.permissions import own_membership
from thidua.reporting.forms.rollup import indicator_choices, rate_choices, set_choices
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.queries.report_lists import Cell, period_lines
from thidua.reporting.queries.rollup import (
    Asked,
    course_of,
    rate_course,
    rate_lines,
    rates_for,
    rolled_up,
    values_by_unit,
)
from thidua.reporting.views.rollup import context_of
from thidua.reporting.views.rollup_choosing import Chosen, Periods, chosen_or_404
from thidua.rules.errors import RuleError
from thidua.rules.reporting import (
    Amount,
    Difference,
    Finding,
    Indicator,
    Published,
    Share,
    compare,
    values_of,
)
from thidua.rules.reporting.published import (
    PublishedSet,
    contradictions,
    published_in,
    published_sets,
    read_lines,
    why,
)
from thidua.ui import charts

QUARTERS = ("q1", "q2", "q3", "q4")
TYPED_HELP = (
    "Mỗi dòng một số liệu: số cột, dấu hai chấm, số liệu kèm đơn vị nếu khác biểu. Ví dụ 8: hơn 15,3 "
    "tỷ đồng. Dán được hai hoặc ba cột từ Excel."
)


@signed_in
@require_safe
def rates(request: SignedInRequest, year: int) -> HttpResponse:
    """Every rate with both counts; one of them by unit and over the quarters."""
    chosen = chosen_or_404(request, year)
    context = context_of(request, chosen, "rates")
    if chosen.asked is not None and chosen.form is not None:
        # Rates are of the sector's forms: an own form that another tab chose must not narrow them.
        asked = replace(chosen.asked, template=chosen.asked.forms.templates[0])
        offered = rates_for(asked)
        chosen.form.leave_out("form")
        if offered:
            picked = chosen.form.offer(
                "rate", "Xem kỹ tỷ lệ", rate_choices(offered), request.GET.get("rate")
            )
            lines = rate_lines(asked, offered)
            line = next(each for each in lines if each.rate.key == picked)
            course = rate_course(_quarters(asked, chosen.periods), line.rate)
            context |= {
                "lines": lines,
                "line": line,
                "by_unit": charts.bars(
                    title=f"{line.rate.name}: các đơn vị, {chosen.about}",
                    rows=[
                        (each.membership.organisation.short_name, _percent(each.share))
                        for each in line.units
                    ],
                    measure="%",
                ),
                "course": charts.course(
                    title=f"{line.rate.name} qua các quý",
                    points=[(period.name, _percent(each.share)) for period, each in course],
                    target=None,
                    measure="%",
                ),
            }
    return render(request, "reporting/rollup_rates.html", context)


def _percent(share: Share) -> Fraction | None:
    return None if share.ratio is None else share.ratio * 100


def _quarters(asked: Asked, periods: Periods) -> Asked:
    """The same question of each quarter."""
    quarters = tuple(periods[code] for code in QUARTERS if code in periods)
    return _over(asked, quarters)


def _over(asked: Asked, periods: tuple[ReportingPeriod, ...]) -> Asked:
    return Asked(
        asked.forms, asked.template, periods, asked.members, asked.reports, asked.all_members
    )


@dataclass(frozen=True)
class Compared:
    """One published figure beside ours, and what the difference means."""

    indicator: Indicator
    difference: Difference
    rounding: Decimal
    why: str


@signed_in
@require_safe
def published(request: SignedInRequest, year: int) -> HttpResponse:
    """Our totals beside figures published elsewhere: shipped sets, or lines typed here."""
    chosen = chosen_or_404(request, year)
    context = context_of(request, chosen, "published")
    if chosen.asked is not None and chosen.form is not None:
        sets = published_sets()
        picked = chosen.form.offer(
            "set", "Bộ số liệu đã công bố", set_choices(sets), request.GET.get("set")
        )
        typed = chosen.form.offer_text(
            "typed", "Số liệu nhập tay", TYPED_HELP, request.GET.get("typed", "")
        )
        source = next((each for each in sets if each.key == picked), None)
        context["source"] = source
        context["asks"] = source is not None or typed.strip()
        try:
            given = _given(chosen.asked, source, typed)
        except RuleError as error:
            context["refused"] = str(error)
            return render(request, "reporting/rollup_published.html", context, status=422)
        context |= {"lines": _compared(chosen.asked, given), "wrong": _wrong(chosen.asked, given)}
    return render(request, "reporting/rollup_published.html", context)


def _given(asked: Asked, source: PublishedSet | None, typed: str) -> dict[str, Published]:
    """The figures of the set, over which what is typed stands."""
    given = published_in(asked.edition, source) if source else {}
    return {**given, **read_lines(asked.template, typed)}


def _compared(asked: Asked, given: dict[str, Published]) -> list[Compared]:
    here = {key: each for key, each in given.items() if key in asked.template}
    if not here:
        return []
    found = compare(asked.edition, values_of(rolled_up(asked)), here)
    return [
        Compared(
            indicator := asked.edition.indicator(each.indicator),
            each,
            here[each.indicator].rounding,
            why(each, here[each.indicator], indicator),
        )
        for each in found
    ]


def _wrong(asked: Asked, given: dict[str, Published]) -> tuple[Finding, ...]:
    """Where the source contradicts itself in this form."""
    return tuple(
        each
        for each in contradictions(asked.edition, given)
        if any(place.template == asked.template.key for place in each.places)
    )


@signed_in
@require_safe
def picture(request: SignedInRequest, year: int) -> HttpResponse:
    """The year to look at: who has handed in, units side by side, the course of the total."""
    chosen = chosen_or_404(request, year)
    context = context_of(request, chosen, "picture")
    if chosen.watches:
        context["handed_in"] = _completeness(request, chosen)
    if chosen.asked is not None and chosen.form is not None:
        asked = chosen.asked
        choices = indicator_choices(asked.template)
        picked = chosen.form.offer("indicator", "Chỉ tiêu", choices, request.GET.get("indicator"))
        indicator = asked.edition.indicator(picked)
        context["course"] = _course(asked, chosen, indicator)
        if chosen.watches:
            context["units"] = _units(asked, chosen, indicator)
    return render(request, "reporting/rollup_picture.html", context)


def _units(asked: Asked, chosen: Chosen, indicator: Indicator) -> charts.Chart:
    return charts.bars(
        title=f"{indicator.label}: các đơn vị, {chosen.about}",
        rows=[
            (each.organisation.short_name, number(amount))
            for each, amount in values_by_unit(asked, indicator)
        ],
        measure=indicator.measure,
    )


def _course(asked: Asked, chosen: Chosen, indicator: Indicator) -> charts.Chart:
    course = course_of(_quarters(asked, chosen.periods), indicator)
    lacking = [
        f"{period.name} thiếu {', '.join(total.missing)}"
        for period, total in course
        if total.missing and total.amount is not None
    ]
    whose = "tổng các đơn vị" if len(asked.members) > 1 else str(asked.members[0].organisation)
    return charts.course(
        title=f"{indicator.label}: {whose} qua các quý {chosen.year.year}",
        points=[(period.name, number(total.amount)) for period, total in course],
        target=None,
        measure=indicator.measure,
        note=f"{'; '.join(lacking)}." if lacking else "",
    )


def number(amount: Amount | None) -> Fraction | None:
    """An amount to draw; its qualifier stands in the tables of the roll-up."""
    return None if amount is None else Fraction(amount.number)


def _completeness(request: SignedInRequest, chosen: Chosen) -> charts.Chart | None:
    own = own_membership(request.user, chosen.year)
    members, lines = period_lines(chosen.year, own, timezone.localdate())
    if not lines:
        return None
    return charts.completeness(
        title=f"Báo cáo của các đơn vị năm {chosen.year.year}",
        rows=[
            (
                member.organisation.short_name,
                [(line.period.name, _state(line.cells[place])) for line in lines],
            )
            for place, member in enumerate(members)
        ],
    )


def _state(cell: Cell) -> str:
    """The state of one cell, by the words of the chart."""
    if not cell.is_handed_in:
        return "overdue" if cell.is_over else cell.state or "none"
    return "late" if cell.report is not None and cell.report.was_late else cell.state
