"""A report as the rules know it, and everything there is to look at in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from thidua.reporting.models import Figure, ListRow, Report
from thidua.reporting.models.reports import stored_amount
from thidua.reporting.queries.editions import edition_of
from thidua.reporting.queries.narratives import NOT_WRITTEN, narrative_findings
from thidua.rules.reporting import (
    Amount,
    Edition,
    Filled,
    Finding,
    Severity,
    Shape,
    Template,
    blank,
    check_against_parts,
    check_report,
    odd_figures,
)
from thidua.rules.reporting.mapping import filled_in
from thidua.rules.reporting.periods import BEFORE
from thidua.rules.reporting.words import Place, form_name, kind_of, short

QUARTERS = ("q1", "q2", "q3", "q4")
HANDED_IN = (Report.State.SUBMITTED, Report.State.ACCEPTED)
NO_DATA = "chua-co-so-lieu"
NOT_TOLD = "chua-ke-khai"
NAMED = 8
CELLS_SHOWN = 6


@dataclass(frozen=True)
class Contents:
    """What is stored of one report: cells by key of indicator, rows by form."""

    report: Report
    edition: Edition
    figures: Mapping[str, Figure]
    rows: Mapping[str, Sequence[Mapping[str, str]]]

    @property
    def filled(self) -> Filled:
        """The report as values."""
        values = {key: figure.amount for key, figure in self.figures.items()}
        return Filled(values, {key: self.rows.get(key, ()) for key in self.report.told_lists})


def contents_of(report: Report) -> Contents:
    """The report's cells and rows; two queries."""
    figures = {
        each.indicator_key: each
        for each in report.figures.filter(row="").select_related("changed_by")
    }
    rows: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for each in report.list_rows.all():
        rows[each.form_key].append(each.cells)
    return Contents(report, edition_of(report), figures, rows)


def filled_of(reports: Iterable[Report]) -> dict[int, Filled]:
    """Reports as values by their keys; two queries, however many."""
    listed = {each.pk: each for each in reports}
    values: dict[int, dict[str, Amount | None]] = {key: {} for key in listed}
    # Bare values: a model for each of thousands of cells would take most of the time.
    cells = Figure.objects.filter(report__in=listed, row="").order_by()
    for report, key, value, qualifier in cells.values_list(
        "report", "indicator_key", "value", "qualifier"
    ):
        values[report][key] = stored_amount(value, qualifier)
    rows: dict[int, dict[str, list[Mapping[str, str]]]] = {
        key: {form: [] for form in each.told_lists} for key, each in listed.items()
    }
    for row in ListRow.objects.filter(report__in=listed):
        rows[row.report_id].setdefault(row.form_key, []).append(row.cells)
    return {key: Filled(values[key], rows[key]) for key in listed}


@dataclass(frozen=True)
class Past:
    """What the unit handed in besides: the period before, this year's others, the same kind ever."""

    previous: Filled | None
    previous_name: str
    this_year: Mapping[str, Filled | None]
    history: Mapping[str, Sequence[Amount | None]]


def past_of(report: Report) -> Past:
    """The unit's other reports in this cluster that were handed in; three queries.

    What it reports in another cluster is not this one's to read, and is on other own forms.
    """
    organisation, year = report.membership.organisation_id, report.period.year.year
    others = list(
        Report.objects.filter(
            membership__organisation=organisation,
            period__year__cluster=report.period.year.cluster_id,
            state__in=HANDED_IN,
            period__last_on__lte=report.period.last_on,
        )
        .exclude(pk=report.pk)
        .select_related("period__year")
        .order_by("period__last_on", "pk")
    )
    editions = {each.pk: each.edition for each in others}
    # A period on another circular is compared as far as its indicators have a sure successor.
    filled = {
        key: filled_in(each, editions[key], report.edition)
        for key, each in filled_of(others).items()
    }
    by_place = {(each.period.year.year, each.period.code): each for each in others}
    before = next(
        (
            by_place[year - back, code]
            for back, code in BEFORE[report.period.code]
            if (year - back, code) in by_place
        ),
        None,
    )
    return Past(
        previous=filled[before.pk] if before else None,
        previous_name=f"{before.period.name} {before.period.year.year}" if before else "",
        this_year={code: filled[each.pk] for (of, code), each in by_place.items() if of == year},
        history=_history(report, others, filled),
    )


def _history(
    report: Report, others: Sequence[Report], filled: Mapping[int, Filled]
) -> dict[str, list[Amount | None]]:
    """Accepted figures of periods of the same kind: quarters with quarters."""
    code = report.period.code
    alike = QUARTERS if code in QUARTERS else (code,)
    history: dict[str, list[Amount | None]] = defaultdict(list)
    for each in others:
        if each.state == Report.State.ACCEPTED and each.period.code in alike:
            for key, amount in filled[each.pk].values.items():
                history[key].append(amount)
    return history


def findings_of(contents: Contents, past: Past) -> tuple[Finding, ...]:
    """Everything to look at: errors first, then warnings, then what has no data yet."""
    filled = contents.filled
    code = contents.report.period.code
    return (
        *check_report(contents.edition, filled, previous=past.previous),
        *check_against_parts(contents.edition, code, {**past.this_year, code: filled}),
        *odd_figures(contents.edition, filled.values, past.history),
        *_not_yet(contents),
        *narrative_findings(contents.report),
    )


def _not_yet(contents: Contents) -> Iterable[Finding]:
    """One warning for each form in which something has no data: that is said, never silent."""
    values = contents.filled.values
    for template in contents.edition.templates:
        if template.shape == Shape.LIST:
            if template.key not in contents.report.told_lists:
                yield _not_told(template)
        elif missing := blank(template, values):
            codes = [each.code or f"“{each.heading[-1]}”" for each in missing]
            more = (
                f" và {len(codes) - NAMED} {kind_of(template)} khác" if len(codes) > NAMED else ""
            )
            yield Finding(
                check=f"{template.key}/{NO_DATA}",
                severity=Severity.WARNING,
                places=tuple(Place(template.key, each.key) for each in missing[:1]),
                sentence=(
                    f"{form_name(template)}: {len(codes)} {kind_of(template)} chưa có số liệu "
                    f"({', '.join(codes[:NAMED])}{more}). Ghi 0 nếu không phát sinh; nếu thật sự chưa "
                    "có số liệu thì ghi lý do."
                ),
            )


def _not_told(template: Template) -> Finding:
    return Finding(
        check=f"{template.key}/{NOT_TOLD}",
        severity=Severity.WARNING,
        places=(),
        sentence=(
            f"{form_name(template)}: chưa kê khai. Ghi từng dòng, hoặc lưu danh sách trống nếu không "
            "có nội dung nào."
        ),
    )


@dataclass(frozen=True)
class Said:
    """One finding with the unit's word on it; `text` is kept although it is `out_of_date`."""

    finding: Finding
    text: str = ""
    out_of_date: bool = False
    cells: tuple[tuple[Place, str], ...] = ()

    @property
    def is_error(self) -> bool:
        """No word helps: the figures have to be put right."""
        return not self.finding.explainable

    @property
    def asks_for_data(self) -> bool:
        """Not about a figure that is there, but about those that are not."""
        return self.finding.check.endswith((f"/{NO_DATA}", f"/{NOT_TOLD}", f"/{NOT_WRITTEN}"))

    @property
    def is_settled(self) -> bool:
        """Explained for the figures as they are now."""
        return self.finding.explainable and bool(self.text) and not self.out_of_date

    @property
    def forms(self) -> set[str]:
        """The forms it speaks of; one without cells names its form in its key."""
        named = {place.template for place in self.finding.places}
        return named or {self.finding.check.partition("/")[0]}


def said_of(report: Report, findings: Sequence[Finding]) -> list[Said]:
    """The findings with the explanations stored; one query.

    A word given for other figures no longer counts, except on what has no data yet: that sentence
    changes with every cell.
    """
    stored = {each.check_key: each for each in report.explanations.all()}
    forms = edition_of(report)
    said = []
    for finding in findings:
        found = stored.get(finding.check)
        counts_blanks = finding.check.endswith((f"/{NO_DATA}", f"/{NOT_WRITTEN}"))
        old = found is not None and not counts_blanks and found.about != finding.sentence
        cells = () if counts_blanks else _cells(forms, finding)
        said.append(Said(finding, found.text if found else "", old, cells))
    return said


def _cells(forms: Edition, finding: Finding) -> tuple[tuple[Place, str], ...]:
    """The cells of a finding with what they are called, for links; rows of lists have none."""
    places = [each for each in finding.places if not each.row][:CELLS_SHOWN]
    homes = [(each, forms.template(each.template)) for each in places]
    return tuple(
        (each, f"{template.code} {short(template, template.indicator(each.indicator))}")
        for each, template in homes
    )
