"""Places inside each group, award points and classes, each with the sentences that explain it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear
from thidua.rules.scoring import TableRules
from thidua.rules.scoring.classes import ClassResult, Scored, apply_quotas, classify
from thidua.rules.scoring.language import NotApplicable, read_table_rules
from thidua.rules.scoring.ranking import Contender, Decision, GroupRanking, rank_groups
from thidua.scoring.models import CriteriaSet, ScoreSheet, TieDecision
from thidua.scoring.queries.evaluation import Evaluated, Evaluation, stored_only, stored_points
from thidua.scoring.queries.scale import issued_set

HANDED_IN = "@nop"


@dataclass(frozen=True)
class Standing:
    """One member in the ranking; `place` (inside its group) None while it is not ranked.

    `grade` is the class. `why` explains place, award points and class; `open_questions` say what
    people must still decide.
    """

    sheet: ScoreSheet
    place: int | None
    group: str = ""
    award: Decimal | None = None
    grade: str | None = None
    why: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """Final points with award points; None while the sheet is not final."""
        final: Decimal | None = self.sheet.final_score
        return None if final is None else final + (self.award or Decimal(0))


@dataclass(frozen=True)
class TiedUnits:
    """Equal totals that no written rule parts; `members` are keys of memberships."""

    members: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class Standings:
    """The whole ranking: units in order, what is tied, what holds for all of them."""

    units: tuple[Standing, ...] = ()
    ties: tuple[TiedUnits, ...] = ()
    """Not decided yet."""
    notes: tuple[str, ...] = ()
    has_awards: bool = False
    has_classes: bool = False
    decisions: tuple[TieDecision, ...] = field(default=())

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.group for each in self.units))


def _sheets(criteria_set: CriteriaSet) -> list[ScoreSheet]:
    return list(
        criteria_set.sheets.select_related("membership__organisation").order_by("membership__order")
    )


def decisions_of(criteria_set: CriteriaSet) -> list[TieDecision]:
    """Every decision on equal totals, the first made first; one query."""
    return list(
        criteria_set.tie_decisions.select_related("decided_by").order_by("decided_at", "pk")
    )


def standings(year: EmulationYear, criteria_set: CriteriaSet | None = None) -> Standings:
    """The ranking of the table in force; final sheets have places, the others follow unranked.

    A fixed number of queries. `criteria_set`: the table, if the caller has it.
    """
    criteria_set = criteria_set or issued_set(year)
    if criteria_set is None:
        return Standings()
    criteria_set.year = year
    sheets = _sheets(criteria_set)
    final = [sheet for sheet in sheets if sheet.final_score is not None]
    evaluation = _evaluated(criteria_set, final)
    decided = decisions_of(criteria_set)
    judged = judge(evaluation.units, evaluation, decided)
    groups = {
        each.membership_id: each.group for each in criteria_set.unit_terms.all() if each.group
    }
    units = [
        judged.standing(sheet)
        if sheet.final_score is not None
        else Standing(
            sheet,
            None,
            groups.get(sheet.membership_id, ""),
            why=tuple(filter(None, [sheet.not_ranked_because])),
        )
        for sheet in sheets
    ]
    return Standings(
        units=tuple(sorted(units, key=_order)),
        ties=tuple(TiedUnits(tie.keys, tie.sentence) for tie in judged.ranked.undecided),
        notes=judged.notes,
        has_awards=bool(evaluation.rules.awards),
        has_classes=bool(evaluation.rules.classes),
        decisions=tuple(decided),
    )


def open_ties(criteria_set: CriteriaSet) -> tuple[TiedUnits, ...]:
    """Equal totals that the written rules leave to people, decided already or not."""
    final = [sheet for sheet in _sheets(criteria_set) if sheet.final_score is not None]
    evaluation = _evaluated(criteria_set, final)
    ranked = judge(evaluation.units, evaluation).ranked
    return tuple(TiedUnits(tie.keys, tie.sentence) for tie in ranked.undecided)


def _evaluated(criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet]) -> Evaluation:
    """As much as the table's places ask for."""
    rules = read_table_rules(criteria_set.rules)
    asks = rules.gates or rules.classes or rules.awards or rules.ties
    return (stored_points if asks else stored_only)(criteria_set, sheets)


def _order(each: Standing) -> tuple[str, bool, int, int]:
    return (each.group, each.place is None, each.place or 0, each.sheet.membership.order)


def ranking(year: EmulationYear, criteria_set: CriteriaSet | None = None) -> list[Standing]:
    """Members group by group, best first; those without a place follow in member order."""
    return list(standings(year, criteria_set).units)


def standing_of(sheet: ScoreSheet) -> Standing | None:
    """Place, award points, class and reasons of one sheet; None where its table is replaced.

    A fixed number of queries. Whom to show it is the page's duty (`visible_to`).
    """
    found = standings(sheet.membership.year)
    return next((each for each in found.units if each.sheet.pk == sheet.pk), None)


@dataclass(frozen=True)
class Judged:
    """Places and classes of evaluated sheets; keys are memberships."""

    units: Mapping[int, Evaluated]
    classes: Mapping[int, ClassResult]
    ranked: GroupRanking[int]
    grades: Mapping[int, str | None]
    why: Mapping[int, tuple[str, ...]]
    open_questions: Mapping[int, tuple[str, ...]]
    notes: tuple[str, ...]

    def standing(self, sheet: ScoreSheet) -> Standing:
        key = sheet.membership_id
        unit = self.units[key]
        return Standing(
            sheet,
            self.ranked.places.get(key),
            unit.group,
            unit.awards.points,
            self.grades.get(key),
            self.why[key],
            self.open_questions[key],
        )


def judge(
    units: Sequence[Evaluated],
    evaluation: Evaluation,
    decided: Sequence[TieDecision] = (),
    totals: Mapping[int, Decimal | None] | None = None,
) -> Judged:
    """Gates, places, classes and quotas. `totals` by membership, where others than the units' own
    are to be judged (with award points)."""
    own = {unit.sheet.membership_id: unit for unit in units}
    given = {key: unit.total for key, unit in own.items()} if totals is None else totals
    rules = evaluation.rules
    classes = {
        key: classify(evaluation.table, rules, _scored(unit, given.get(key)))
        for key, unit in own.items()
    }
    ranked = rank_groups(
        {key: _contender(unit, classes[key], given.get(key)) for key, unit in own.items()},
        rules.ties,
        [Decision(tuple(each.order), each.reason) for each in decided],
        evaluation.labels,
    )
    return _with_quotas(rules, own, classes, ranked)


def _with_quotas(
    rules: TableRules,
    units: Mapping[int, Evaluated],
    classes: Mapping[int, ClassResult],
    ranked: GroupRanking[int],
) -> Judged:
    names = {key: unit.name for key, unit in units.items()}
    grades: dict[int, str | None] = {}
    why = {key: [*unit.awards.trace] for key, unit in units.items()}
    asks = {key: [*unit.awards.needs_person] for key, unit in units.items()}
    notes: list[str] = []
    for group, places in ranked.groups.items():
        waiting = [key for key in places if classes[key].needs_person]
        quota = apply_quotas(
            rules, places, {key: classes[key].name for key in places}, names, waiting
        )
        grades |= quota.names
        notes += [f"Nhóm {group}: {note}" if group else note for note in quota.notes]
        for key in places:
            why[key] += [*classes[key].trace, *quota.trace.get(key, ())]
            if key in quota.needs_person:
                asks[key].append(quota.needs_person[key])
    for key, result in classes.items():
        if key not in ranked.places:
            why[key] += result.trace
        asks[key] += result.needs_person
        steps = [s.sentence for s in ranked.steps if key in s.above or key in s.below]
        why[key] = [*steps, *why[key]]
        asks[key] = [t.sentence for t in ranked.undecided if key in t.keys] + asks[key]
    return Judged(
        units,
        classes,
        ranked,
        grades,
        {key: tuple(dict.fromkeys(lines)) for key, lines in why.items()},
        {key: tuple(dict.fromkeys(lines)) for key, lines in asks.items()},
        tuple(notes),
    )


def _scored(unit: Evaluated, total: Decimal | None) -> Scored:
    return Scored(
        total=unit.total if total is None else total,
        maximum=unit.result.maximum,
        subtotals=unit.result.subtotals,
        values={**unit.values, HANDED_IN: unit.sheet.state != ScoreSheet.State.DRAFT},
        excluded=_excluded(unit),
    )


def _excluded(unit: Evaluated) -> frozenset[str]:
    """Leaves that do not count; closed by the unit's terms or by a group's condition."""
    found = {
        path
        for path, leaf in unit.result.leaves.items()
        if leaf.not_applicable is NotApplicable.EXCLUDED
    }
    return frozenset(found) if unit.result.leaves else frozenset(unit.not_assigned)


def _contender(unit: Evaluated, result: ClassResult, total: Decimal | None) -> Contender:
    reason = " ".join((*result.trace, *result.needs_person))
    return Contender(
        total=total if result.ranked else None,
        group=unit.group,
        name=unit.name,
        reason=reason,
        subtotals=unit.result.subtotals,
        values=unit.values,
        bonus=unit.bonus,
        deduction=unit.deduction,
    )


@dataclass(frozen=True)
class SeenStanding:
    """A standing as one person may see it: a sheet that is not theirs to see has only a state."""

    sheet: ScoreSheet
    place: int | None
    visible: bool
    standing: Standing | None = None

    @property
    def final_score(self) -> Decimal | None:
        return self.sheet.final_score if self.visible else None

    @property
    def self_score(self) -> Decimal | None:
        return self.sheet.self_score if self.visible else None

    @property
    def award(self) -> Decimal | None:
        return self.standing.award if self.standing and self.visible else None

    @property
    def total(self) -> Decimal | None:
        """Final points with award points."""
        return self.standing.total if self.standing and self.visible else None

    @property
    def grade(self) -> str | None:
        return self.standing.grade if self.standing and self.visible else None

    @property
    def group(self) -> str:
        return self.standing.group if self.standing else ""

    @property
    def why(self) -> tuple[str, ...]:
        # That a member hands in nothing is said to everybody; its points are not.
        is_open = self.visible or self.sheet.is_set_aside
        return self.standing.why if self.standing and is_open else ()

    @property
    def open_questions(self) -> tuple[str, ...]:
        return self.standing.open_questions if self.standing and self.visible else ()


def seen_by(user: User, year: EmulationYear, found: Standings) -> list[SeenStanding]:
    """The standings with the points this person may see; one query more."""
    visible = set(ScoreSheet.objects.visible_to(user, year).values_list("pk", flat=True))
    return [
        SeenStanding(each.sheet, each.place, each.sheet.pk in visible, each) for each in found.units
    ]


def ranking_seen_by(
    user: User, year: EmulationYear, criteria_set: CriteriaSet | None = None
) -> list[SeenStanding]:
    """The ranking with the points this person may see."""
    return seen_by(user, year, standings(year, criteria_set))
