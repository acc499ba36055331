"""Reports with a few figures, handed in and accepted, for tests of what reads accepted figures."""

from datetime import datetime, timedelta

from tests.factories.world import HANOI, ClusterWorld
from tests.reporting.made import MARCH, open_periods
from thidua.reporting import services
from thidua.reporting.models import Figure, Report
from thidua.reporting.services import Typed

DECEMBER = datetime(2026, 12, 18, 9, 0, tzinfo=HANOI)
# Days on which a report of the period may be handed in on time.
ON_TIME = {
    "q1": datetime(2026, 3, 18, 9, 0, tzinfo=HANOI),
    "q2": datetime(2026, 6, 18, 9, 0, tzinfo=HANOI),
    "6m": datetime(2026, 6, 18, 9, 0, tzinfo=HANOI),
    "q3": datetime(2026, 9, 18, 9, 0, tzinfo=HANOI),
    "9m": datetime(2026, 9, 18, 9, 0, tzinfo=HANOI),
    "q4": DECEMBER,
    "year": DECEMBER,
}


def handed_in(
    world: ClusterWorld, code: str, member: int = 1, at: datetime | None = None, **values: str
) -> Report:
    """A report with these figures (`ttr2_ket_luan="5"`), handed in without its other cells."""
    if not world.year.reporting_periods.exists():
        open_periods(world)
    report = services.start_report(
        period=world.year.reporting_periods.get(code=code),
        membership=world.memberships[member],
        actor=world.officers[member],
        at=MARCH,
    )
    put(world, report, member, **values)
    return hand_in(world, report, member, at or ON_TIME[code])


def put(world: ClusterWorld, report: Report, member: int = 1, **values: str) -> None:
    """Figures put into a draft beside the service, which asks for due dates."""
    for name, text in values.items():
        Figure.objects.update_or_create(
            report=report,
            indicator_key=name.replace("_", "-"),
            row="",
            defaults={
                "value": text,
                "changed_by": world.officers[member],
                "changed_at": MARCH,
            },
        )


def hand_in(world: ClusterWorld, report: Report, member: int, at: datetime) -> Report:
    """Handed in as it is: what the checks say is not what these tests are about."""
    report.refresh_from_db()
    report.state = Report.State.SUBMITTED
    report.submitted_by, report.submitted_at = world.heads[member], at
    report.first_submitted_at = report.first_submitted_at or at
    report.save()
    return report


def accept(world: ClusterWorld, report: Report, at: datetime = DECEMBER) -> Report:
    return services.accept_report(report=report, actor=world.lead_head, at=at)


def accepted(
    world: ClusterWorld, code: str, member: int = 1, at: datetime | None = None, **values: str
) -> Report:
    return accept(world, handed_in(world, code, member, at, **values))


def correct(
    world: ClusterWorld, report: Report, why: str, member: int = 1, **values: str
) -> Report:
    """Given back, changed by the unit with its reason, handed in again; not accepted yet."""
    report = services.return_report(
        report=report, reason="Đề nghị xem lại số liệu", actor=world.lead_head, at=DECEMBER
    )
    for name, text in values.items():
        key = name.replace("_", "-")
        home = next(each for each in _editions(report).templates if key in each)
        version = Figure.objects.filter(report=report, indicator_key=key).first()
        services.save_figures(
            report=report,
            form=home.key,
            cells=[Typed(key, text, version.version if version else 0)],
            why=why,
            actor=world.officers[member],
            at=DECEMBER + timedelta(hours=1),
        )
    return hand_in(world, report, member, DECEMBER + timedelta(hours=2))


def _editions(report: Report):
    from thidua.reporting.queries.editions import edition_of

    return edition_of(report)
