"""Where commitments stand: accepted figures against their targets, for whom the person may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import is_superior_of, leads, own_membership
from thidua.pacts.models import Commitment, PactVersion
from thidua.reporting.effects import Effect
from thidua.reporting.models import Report
from thidua.reporting.queries.accepted import unit_years, values_before
from thidua.rules.reporting.periods import NAMES
from thidua.rules.reporting.sources import Reading, UnitYear, course_of, to_date
from thidua.ui.charts import Chart, bars, course, written

Comparison = Commitment.Comparison
MET, OVER, UNMET, NONE = "met", "over", "unmet", "none"
LABELS = {MET: "Đạt", OVER: "Đạt, vượt mức", UNMET: "Chưa đạt", NONE: "Chưa có số liệu"}
TONES = {MET: "ok", OVER: "ok", UNMET: "warn", NONE: "neutral"}


def verdict(comparison: str, target: Fraction, value: Fraction | None) -> str:
    """How a value stands to a target. A target to be reached (“đạt”) is also reached beyond it."""
    if value is None:
        return NONE
    if comparison == Comparison.EXACTLY and value > target:
        return OVER
    holds = {
        Comparison.AT_LEAST: value >= target,
        Comparison.MORE_THAN: value > target,
        Comparison.EXACTLY: value == target,
        Comparison.AT_MOST: value <= target,
        Comparison.LESS_THAN: value < target,
    }[Comparison(comparison)]
    return MET if holds else UNMET


@dataclass(frozen=True)
class MemberProgress:
    """One member at one commitment: the longest period there is a value for, and the verdict."""

    membership: Membership
    period: str
    reading: Reading
    verdict: str
    measure: str

    @property
    def until(self) -> str:
        """The period inside a sentence: “quý I”, “9 tháng”."""
        return self.period[:1].lower() + self.period[1:]

    @property
    def value(self) -> Fraction | None:
        return self.reading.value

    @property
    def shown(self) -> str:
        """“61,54 %”; the exact number stands in the trace."""
        if self.reading.value is None:
            return LABELS[NONE].lower()
        return f"{written(self.reading.value)} {self.measure}"

    @property
    def label(self) -> str:
        return LABELS[self.verdict]

    @property
    def tone(self) -> str:
        return TONES[self.verdict]


@dataclass(frozen=True)
class CommitmentProgress:
    """One measurable commitment with the members whose figures the person may see."""

    commitment: Commitment
    number: str
    members: tuple[MemberProgress, ...]
    charts: tuple[Chart, ...]

    @property
    def is_linked(self) -> bool:
        """Whether its indicator comes from reports at all."""
        return bool(self.commitment.indicator and self.commitment.indicator.figure)

    @property
    def met(self) -> int:
        """How many of the members shown have reached it."""
        return sum(each.verdict in {MET, OVER} for each in self.members)


@dataclass(frozen=True)
class Progress:
    """All measurable commitments of a pact, for one person."""

    rows: tuple[CommitmentProgress, ...]
    own: Membership | None
    sees_all: bool
    in_words: int

    def of(self, commitment: int) -> CommitmentProgress | None:
        """One commitment's line."""
        return next((each for each in self.rows if each.commitment.pk == commitment), None)


def progress_of(pact: PactVersion, user: User) -> Progress:
    """A fixed number of queries whatever the number of members and commitments.

    Members see their own figures, lead and superior everybody's, as with reports.
    """
    year = pact.year
    own = own_membership(user, year)
    sees_all = leads(user, year) or is_superior_of(user, year)
    members = _members(year, own, sees_all=sees_all)
    numbered = numbered_commitments(pact)
    measurable = [(number, each) for number, each in numbered if each.is_measurable]
    units = unit_years(year, _figures(measurable), [each.pk for each in members])
    rows = tuple(_row(number, each, members, units, own) for number, each in measurable)
    return Progress(rows, own, sees_all, len(numbered) - len(measurable))


def _members(year: EmulationYear, own: Membership | None, *, sees_all: bool) -> list[Membership]:
    if sees_all:
        return list(year.memberships.select_related("organisation").order_by("order", "pk"))
    return [own] if own else []


def numbered_commitments(pact: PactVersion) -> list[tuple[str, Commitment]]:
    """Every commitment with its number as pages print it; two queries."""
    groups = {key: place for place, key in enumerate(pact.groups.values_list("pk", flat=True), 1)}
    rows = Commitment.objects.filter(group__in=groups).select_related("indicator")
    found: list[tuple[str, Commitment]] = []
    counted = dict.fromkeys(groups, 0)
    for row in rows.order_by("group__order", "order"):
        counted[row.group_id] += 1
        found.append((f"{groups[row.group_id]}.{counted[row.group_id]}", row))
    return found


def _figures(rows: Iterable[tuple[str, Commitment]]) -> list[str]:
    return [row.indicator.figure for _, row in rows if row.indicator and row.indicator.figure]


def _row(
    number: str,
    row: Commitment,
    members: Sequence[Membership],
    units: dict[int, UnitYear],
    own: Membership | None,
) -> CommitmentProgress:
    figure = row.indicator.figure if row.indicator else ""
    if not figure:
        return CommitmentProgress(row, number, (), ())
    standing = tuple(_standing(row, figure, each, units[each.pk]) for each in members)
    return CommitmentProgress(
        row, number, standing, tuple(_charts(row, figure, standing, units, own))
    )


def _standing(row: Commitment, figure: str, member: Membership, unit: UnitYear) -> MemberProgress:
    code, found = to_date(figure, unit)
    period = NAMES[code] if found.value is not None else ""
    target = Fraction(row.target or 0)
    return MemberProgress(
        member, period, found, verdict(row.comparison, target, found.value), row.measure
    )


def _charts(
    row: Commitment,
    figure: str,
    standing: Sequence[MemberProgress],
    units: dict[int, UnitYear],
    own: Membership | None,
) -> Iterable[Chart]:
    """The person's own course over the year, and the members side by side where all are seen."""
    name = row.indicator.name if row.indicator else row.text
    target = Fraction(row.target) if row.target is not None else None
    if own is not None and own.pk in units and any(each.value is not None for each in standing):
        yield course(
            title=f"{name}: {own.organisation.short_name} qua các kỳ",
            points=course_of(figure, units[own.pk]),
            target=target,
            measure=row.measure,
        )
    if len(standing) > 1 and any(each.value is not None for each in standing):
        yield bars(
            title=f"{name}: các đơn vị",
            rows=[
                (f"{each.membership.organisation.short_name}{_until(each)}", each.value)
                for each in standing
            ],
            target=target,
            measure=row.measure,
        )


def _until(each: MemberProgress) -> str:
    return f" ({each.period})" if each.period else ""


def effects_of(report: Report) -> list[Effect]:
    """Commitments whose state accepting the report would change; changes nothing."""
    pact = in_force(report.membership.year)
    if pact is None:
        return []
    rows = [(number, row) for number, row in numbered_commitments(pact) if row.is_measurable]
    figures, member = _figures(rows), report.membership
    if not figures:
        return []
    before = values_before(report)
    was = unit_years(
        member.year, figures, [member.pk], also=None if before is None else {report.pk: before}
    )[member.pk]
    will = unit_years(member.year, figures, [member.pk], also={report.pk: {}})[member.pk]
    found = (_effect(number, row, member, was, will) for number, row in rows)
    return [each for each in found if each is not None]


def _effect(
    number: str, row: Commitment, member: Membership, was: UnitYear, will: UnitYear
) -> Effect | None:
    figure = row.indicator.figure if row.indicator else ""
    if not figure or row.indicator is None:
        return None
    old, new = _standing(row, figure, member, was), _standing(row, figure, member, will)
    if (old.value, old.period) == (new.value, new.period):
        return None
    same = old.verdict == new.verdict
    return Effect(
        where=f"Giao ước, cam kết {number}",
        what=row.indicator.name,
        old=f"{old.shown}{_until(old)}",
        new=f"{new.shown}{_until(new)}",
        note=f"Vẫn {new.label.lower()}." if same else f"{old.label} → {new.label.lower()}.",
    )


def in_force(year: EmulationYear) -> PactVersion | None:
    """The pact that counts: the newest frozen version, before that the newest at all."""
    versions = list(year.pact_versions.order_by("-number"))
    frozen = [each for each in versions if each.state == PactVersion.State.FROZEN]
    return next(iter((*frozen, *versions)), None)


__all__ = [
    "CommitmentProgress",
    "MemberProgress",
    "Progress",
    "effects_of",
    "in_force",
    "progress_of",
    "verdict",
]
