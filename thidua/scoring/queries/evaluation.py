"""The sheets of a table computed through the rules at once, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from thidua.rules.scoring import Claim, Facts, Table, TableResult, TableRules, examine, table_rules
from thidua.rules.scoring.classes import AwardResult, award_points
from thidua.rules.scoring.facts import known_values
from thidua.rules.scoring.formulas import Value
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import TieBreak, group_rule, read_table_rules
from thidua.rules.scoring.stored import (
    add_up_stored,
    compares_weighed,
    has_cap,
    inputs_for_places,
    inputs_of_places,
    weighed_leaves,
)
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.queries.facts import Leads, cluster_leads, decided_facts, unit_of
from thidua.scoring.queries.matrix import joined_points
from thidua.scoring.tables import to_table

State = ScoreSheet.State


@dataclass(frozen=True)
class Evaluated:
    """One sheet as it stands: what was appraised, and what was claimed where nobody looked yet."""

    sheet: ScoreSheet
    scores: Mapping[str, CriterionScore]
    """By path."""
    result: TableResult
    values: Mapping[str, Value]
    """Values of inputs by key; those that are not known are left out."""
    awards: AwardResult
    not_assigned: frozenset[str]
    group: str
    facts: Facts | None = None
    """Everything the unit reports; not there where only stored points were read."""

    @property
    def name(self) -> str:
        return self.sheet.membership.organisation.short_name

    @property
    def total(self) -> Decimal:
        """The stored total of a final sheet, else the one computed now; award points on top."""
        return self.own_total + self.awards.points

    @property
    def own_total(self) -> Decimal:
        """The same without award points."""
        stored = self.sheet.final_score
        return self.result.rounded if stored is None else stored

    @property
    def bonus(self) -> Decimal:
        return sum((leaf.bonus for leaf in self.result.leaves.values()), Decimal(0))

    @property
    def deduction(self) -> Decimal:
        return sum((leaf.deduction for leaf in self.result.leaves.values()), Decimal(0))


@dataclass(frozen=True)
class Evaluation:
    """A table and its sheets, in the order of the members."""

    criteria_set: CriteriaSet
    criteria: tuple[Criterion, ...]
    table: Table
    rules: TableRules
    units: tuple[Evaluated, ...]
    leads: Leads | None = None
    """Who leads; None where some unit has not handed in, so that nobody does."""

    def unit(self, sheet: int) -> Evaluated | None:
        return next((each for each in self.units if each.sheet.pk == sheet), None)

    @property
    def labels(self) -> dict[str, str]:
        """How paths and inputs are called in sentences."""
        titles = {node.path: f"{node.code} ({node.title})" for node in self.table.walk()}
        return titles | {key: each.label for key, each in self.rules.inputs.items()}


def evaluate(
    criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet], *, traced: bool = False
) -> Evaluation:
    """These sheets through the rules: three queries, three more where units are held together.

    The sheets come with `membership__organisation` and must be of this table.
    """
    criteria = tuple(criteria_set.criteria.all())
    by_key = {criterion.pk: criterion for criterion in criteria}
    table = to_table(criteria_set, criteria)
    scores: dict[int, dict[str, CriterionScore]] = defaultdict(dict)
    for score in CriterionScore.objects.filter(sheet__in=[sheet.pk for sheet in sheets]).order_by(
        "criterion_id"
    ):
        score.criterion = by_key[score.criterion_id]
        scores[score.sheet_id][score.criterion.path] = score
    terms = {each.membership_id: each for each in criteria_set.unit_terms.all()}
    year = criteria_set.year.year
    leads = leads_in(criteria_set, table, year)
    units = []
    for sheet in sheets:
        own = scores[sheet.pk]
        unit = unit_of(terms.get(sheet.membership_id))
        given = decided_facts(sheet, own.values())
        facts = Facts(table_rules(table), given, unit, year=year)
        result = examine(table, standing_claims(own.values()), facts, leads=leads, traced=traced)
        values = known_values(facts)
        awards = award_points(table_rules(table), values)
        units.append(
            Evaluated(sheet, own, result, values, awards, unit.not_assigned, unit.group, facts)
        )
    return Evaluation(criteria_set, criteria, table, table_rules(table), tuple(units), leads)


NO_POINTS = TableResult({}, {}, Decimal(0), Decimal(0), (), ())
NO_AWARDS = AwardResult(Decimal(0), ())


def stored_only(criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet]) -> Evaluation:
    """The same of a table whose places ask for nothing but stored totals: one query."""
    groups = dict(criteria_set.unit_terms.values_list("membership", "group"))
    units = [
        Evaluated(
            sheet,
            {},
            NO_POINTS,
            {},
            NO_AWARDS,
            frozenset(),
            groups.get(sheet.membership_id, ""),
        )
        for sheet in sheets
    ]
    table = Table(title=criteria_set.title, scale=criteria_set.scale, nodes=())
    rules = read_table_rules(criteria_set.rules)
    return Evaluation(criteria_set, (), table, rules, tuple(units))


def stored_points(criteria_set: CriteriaSet, sheets: Sequence[ScoreSheet]) -> Evaluation:
    """Final sheets with the points stored at their closing; computed anew is only what decides a
    sum or a tie and is stored nowhere. Four queries, three more where that needs the leaders.

    `values` are those of the inputs that places look at; `bonus` and `deduction` are whole where
    a tie asks for them.
    """
    criteria = tuple(criteria_set.criteria.all())
    table = to_table(criteria_set, criteria)
    rules = table_rules(table)
    terms = {each.membership_id: each for each in criteria_set.unit_terms.all()}
    keys = [sheet.pk for sheet in sheets]
    points = _stored(criteria, keys)
    scores = _rows_for_places(criteria, table, keys)
    year = criteria_set.year.year
    compares = compares_weighed(table)
    leads = cluster_leads(criteria_set, table, year, decided=True) if compares else {}
    wanted = inputs_of_places(table)
    units = []
    for sheet in sheets:
        unit = unit_of(terms.get(sheet.membership_id))
        own = scores[sheet.pk]
        facts = Facts(rules, decided_facts(sheet, own), unit, year=year)
        result = add_up_stored(table, points.get(sheet.pk, {}), standing_claims(own), facts, leads)
        values = known_values(facts, wanted)
        awards = award_points(rules, values)
        units.append(Evaluated(sheet, {}, result, values, awards, unit.not_assigned, unit.group))
    return Evaluation(criteria_set, criteria, table, rules, tuple(units))


def _stored(criteria: Iterable[Criterion], sheets: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """Points of leaves by sheet and path; equal numbers are read once."""
    paths = {str(criterion.pk): criterion.path for criterion in criteria}
    read: dict[str, Decimal] = {}
    found: dict[int, dict[str, Decimal]] = {}
    for sheet, joined in joined_points(sheets):
        own = found[sheet] = {}
        for pair in joined.split():
            key, _, text = pair.partition(":")
            number = read.get(text)
            if number is None:
                number = read[text] = Decimal(text)
            own[paths[key]] = number
    return found


def _rows_for_places(
    criteria: Iterable[Criterion], table: Table, sheets: Sequence[int]
) -> dict[int, list[CriterionScore]]:
    """The rows of the weighed leaves, and those that keep a figure which places need."""
    needed, homes = inputs_for_places(table), homes_of(table)
    weighed = {node.path for node in weighed_leaves(table)}
    kept = {path for path, own in homes.own.items() if any(each.key in needed for each in own)}
    by_key = {each.pk: each for each in criteria if each.path in weighed | kept}
    found: dict[int, list[CriterionScore]] = defaultdict(list)
    for score in (
        CriterionScore.objects.filter(sheet__in=sheets, criterion__in=list(by_key))
        .only(*_DECIDED)
        .order_by("criterion_id")
    ):
        score.criterion = by_key[score.criterion_id]
        found[score.sheet_id].append(score)
    return found


_DECIDED = (
    "sheet_id",
    "criterion_id",
    "base",
    "bonus",
    "deduction",
    "facts",
    "appraised_base",
    "appraised_bonus",
    "appraised_deduction",
    "appraised_facts",
    "appraised_at",
)


def sums_suffice(table: Table) -> bool:
    """Whether points of groups are plain sums, and no tie asks for bonus or deduction."""
    asks = {TieBreak.LEAST_DEDUCTION, TieBreak.MOST_BONUS}
    groups = [node for node in table.walk() if not node.is_leaf]
    capped = any(map(has_cap, groups))
    conditional = any(group_rule(node).when for node in groups)
    return not (capped or conditional or any(tie.by in asks for tie in table_rules(table).ties))


def leads_in(criteria_set: CriteriaSet, table: Table, year: int) -> Leads | None:
    """Who leads among the units; {} where no line compares them, without a query."""
    has_leader = homes_of(table).has_leader
    return cluster_leads(criteria_set, table, year, decided=True) if has_leader else {}


def standing_claims(scores: Iterable[CriterionScore]) -> dict[str, Claim]:
    """By path: the appraiser's decision, before it what the unit claims."""
    return {
        score.criterion.path: Claim(
            score.appraised_base, score.appraised_bonus, score.appraised_deduction
        )
        if score.appraised_at
        else Claim(score.base, score.bonus, score.deduction)
        for score in scores
    }
