"""Periods and reports made through the services, for the tests of reports."""

from datetime import datetime

from tests.factories.world import HANOI, ClusterWorld
from thidua.reporting import services
from thidua.reporting.models import NarrativeSection, Report, ReportingPeriod
from thidua.reporting.queries.narratives import outlines_of
from thidua.reporting.queries.reports import contents_of, findings_of, past_of
from thidua.reporting.services import Typed
from thidua.rules.reporting import Shape, edition

# Between the end of the data of quarter I and its due date.
MARCH = datetime(2026, 3, 16, 9, 0, tzinfo=HANOI)
LATE = datetime(2026, 3, 23, 9, 0, tzinfo=HANOI)


def open_periods(world: ClusterWorld) -> dict[str, ReportingPeriod]:
    opened = services.open_periods(year=world.year, actor=world.lead_officer, at=MARCH)
    return {each.code: each for each in opened}


def start(world: ClusterWorld, member: int = 1, code: str = "q1") -> Report:
    """The report of a member, with the periods opened if they are not."""
    if not world.year.reporting_periods.exists():
        open_periods(world)
    return services.start_report(
        period=world.year.reporting_periods.get(code=code),
        membership=world.memberships[member],
        actor=world.officers[member],
        at=MARCH,
    )


def save(world: ClusterWorld, report: Report, form: str, at=MARCH, member: int = 1, **texts: str):
    """Cells by the printed number of their column (`c8="12"`), on top of what is stored."""
    template = edition(report.edition).template(form)
    keys = {each.code: each.key for each in template.indicators}
    versions = dict(report.figures.values_list("indicator_key", "version"))
    cells = [
        Typed(keys[code[1:]], text, versions.get(keys[code[1:]], 0)) for code, text in texts.items()
    ]
    return services.save_figures(
        report=report, form=form, cells=cells, actor=world.officers[member], at=at
    )


def fill(world: ClusterWorld, report: Report, member: int = 1, at=MARCH) -> None:
    """0 in every cell that is asked for, and no matter in any list: a report that may be handed in."""
    officer = world.officers[member]
    write(report, officer, at)
    for template in edition(report.edition).templates:
        if template.shape == Shape.LIST:
            services.save_rows(
                report=report,
                form=template.key,
                rows=[],
                seen=services.rows_token([]),
                actor=officer,
                at=at,
            )
            continue
        cells = [Typed(each.key, "0") for each in template.numbers if not each.is_computed]
        services.save_figures(report=report, form=template.key, cells=cells, actor=officer, at=at)


def write(report: Report, officer, at=MARCH) -> None:
    """A word under every heading of the narrative; past the services, which cost a second a report."""
    NarrativeSection.objects.bulk_create(
        [
            NarrativeSection(
                report=report,
                outline_key=outline.key,
                section_key=section.key,
                text="Không phát sinh.",
                changed_by=officer,
                changed_at=at,
            )
            for outline in outlines_of(report)
            for section in outline.texts
        ],
        ignore_conflicts=True,
    )


def submit(world: ClusterWorld, member: int = 1, code: str = "q1", at=MARCH) -> Report:
    """A report of zeros handed in by the head."""
    report = start(world, member, code)
    fill(world, report, member, at)
    return services.submit_report(report=report, actor=world.heads[member], at=at)


def findings(report: Report):
    report = Report.objects.select_related("membership", "period__year").get(pk=report.pk)
    return findings_of(contents_of(report), past_of(report))
