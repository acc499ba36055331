"""Figures of a sheet as the rules take them: what the unit reports, what was decided, who leads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from thidua.rules.scoring import Facts, Table, Unit
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.kinds import Lead, lead_of
from thidua.rules.scoring.language import Kind, leaf_rule, table_rules
from thidua.rules.scoring.totals import applicability
from thidua.scoring.models import CriteriaSet, CriterionScore, ScoreSheet, UnitTerms

Leads = Mapping[tuple[str, str, int], Lead]


@dataclass(frozen=True)
class Known:
    """Everything beside the claims that decides the points of one side of a sheet."""

    given: Mapping[str, str]
    unit: Unit
    year: int
    leads: Leads | None = None

    def facts(self, table: Table, changed: Mapping[str, str] | None = None) -> Facts:
        """The values, with `changed` in place of what is stored."""
        given = {**self.given, **(changed or {})}
        return Facts(table_rules(table), given, self.unit, year=self.year)


def claimed_facts(sheet: ScoreSheet, scores: Iterable[CriterionScore]) -> dict[str, str]:
    """By input key, as the unit reports them."""
    found = dict(sheet.facts)
    for score in scores:
        found |= score.facts
    return found


def decided_facts(sheet: ScoreSheet, scores: Iterable[CriterionScore]) -> dict[str, str]:
    """By input key, as appraised so far; what nobody has looked at yet stands as reported, or as a
    report accepted since has it."""
    rows = list(scores)
    found = dict(sheet.facts)
    for score in rows:
        found |= score.appraised_facts if score.appraised_at else score.facts
    if sheet.corrected:
        judged = {score.criterion_id for score in rows if score.appraised_at}
        found |= corrections_of(sheet, lambda home: home not in judged)
    return {**found, **sheet.decided_facts}


def corrections_of(sheet: ScoreSheet, wanted: Callable[[int | None], bool]) -> dict[str, str]:
    """Corrected values whose home (key of a criterion, None for the whole sheet) is wanted."""
    return {
        key: each["value"]
        for key, each in (sheet.corrected or {}).items()
        if not each.get("kept") and wanted(each["criterion"])
    }


def standing_facts(score: CriterionScore) -> dict[str, str]:
    """A criterion's own figures before anybody appraises them: reported, or corrected since."""
    return {**score.facts, **corrections_of(score.sheet, lambda home: home == score.criterion_id)}


def unit_of(terms: UnitTerms | None) -> Unit:
    """What is set for a member under a table."""
    if terms is None:
        return Unit()
    return Unit(
        targets={key: Decimal(text) for key, text in terms.targets.items()},
        not_assigned=frozenset(terms.not_assigned),
        tiers=terms.tiers,
        group=terms.group,
    )


def terms_of(sheet: ScoreSheet) -> Unit:
    """The same for the member of a sheet; one query."""
    return unit_of(
        UnitTerms.objects.filter(
            criteria_set=sheet.criteria_set_id, membership=sheet.membership_id
        ).first()
    )


def known_of(
    sheet: ScoreSheet,
    table: Table,
    scores: Iterable[CriterionScore],
    *,
    decided: bool,
    beside: Known | None = None,
) -> Known:
    """One side of a sheet; `beside` the other side, if it is known already. Leaders are known once
    every member has handed in: a draft is the unit's own business."""
    rows = list(scores)
    return Known(
        given=decided_facts(sheet, rows) if decided else claimed_facts(sheet, rows),
        unit=beside.unit if beside else terms_of(sheet),
        year=sheet.membership.year.year,
        leads=leads_of(sheet, table, decided=decided),
    )


def leads_of(sheet: ScoreSheet, table: Table, *, decided: bool) -> Leads | None:
    """Who leads at each line that compares units; {} without such lines, None while some member
    has not handed in."""
    if not homes_of(table).has_leader:
        return {}
    if sheet.state == ScoreSheet.State.DRAFT:
        return None
    return cluster_leads(sheet.criteria_set, table, sheet.membership.year.year, decided=decided)


def cluster_leads(
    criteria_set: CriteriaSet,
    table: Table,
    year: int,
    *,
    decided: bool,
    changed: Mapping[int, Mapping[str, str]] | None = None,
) -> Leads | None:
    """The same for the whole table; three queries whatever the number of members.

    `changed` holds, by sheet, values in place of those stored. Units recorded as handing in nothing
    are waited for no more and lead nowhere.
    """
    sheets = list(criteria_set.sheets.filter(set_aside_at=None))
    if any(sheet.state == ScoreSheet.State.DRAFT for sheet in sheets):
        return None
    terms = {each.membership_id: each for each in criteria_set.unit_terms.all()}
    scores: dict[int, list[CriterionScore]] = {}
    for score in CriterionScore.objects.filter(sheet__criteria_set=criteria_set).only(
        "sheet_id", "criterion_id", "facts", "appraised_facts", "appraised_at"
    ):
        scores.setdefault(score.sheet_id, []).append(score)
    rules = table_rules(table)
    side = decided_facts if decided else claimed_facts
    peers = [
        Facts(
            rules,
            {**side(sheet, scores.get(sheet.pk, ())), **(changed or {}).get(sheet.pk, {})},
            unit_of(terms.get(sheet.membership_id)),
            year=year,
        )
        for sheet in sheets
    ]
    closed = {id(facts): applicability(table, facts) for facts in peers}
    return {
        (node.path, part, place): lead_of(
            line, [facts for facts in peers if node.path not in closed[id(facts)]]
        )
        for node in table.leaves()
        for part, place, line in leaf_rule(node).lines
        if line.kind is Kind.LEADER
    }


def own_inputs(table: Table, path: str) -> tuple[str, ...]:
    """Keys of the inputs that are filled in at a leaf."""
    return tuple(each.key for each in homes_of(table).own.get(path, ()))


__all__ = [
    "Known",
    "claimed_facts",
    "cluster_leads",
    "corrections_of",
    "decided_facts",
    "known_of",
    "leads_of",
    "own_inputs",
    "standing_facts",
    "terms_of",
    "unit_of",
]
