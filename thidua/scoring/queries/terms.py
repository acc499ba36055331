"""What can be set for a unit under a table, and what is set."""

from collections.abc import Iterator
from dataclasses import dataclass

from thidua.organisations.models import Membership
from thidua.rules.scoring import Table, TableRules, table_rules
from thidua.rules.scoring.language import Input, Kind, NotApplicable, group_rule, leaf_rule
from thidua.rules.scoring.tree import CriterionNode
from thidua.scoring.models import CriteriaSet, ScoreSheet, UnitTerms
from thidua.scoring.tables import to_table

NA_NAMES = {NotApplicable.FULL: "tính đủ điểm", NotApplicable.EXCLUDED: "loại khỏi tổng"}


@dataclass(frozen=True)
class Settable:
    """What a table asks to be set per unit.

    `targets`: inputs held against a target. `tiers`: names of sizes by set. `exempt`: criteria that
    may be marked as not assigned, with how they then count.
    """

    targets: tuple[Input, ...]
    tiers: dict[str, tuple[str, ...]]
    exempt: dict[str, tuple[CriterionNode, NotApplicable]]


def settable(table: Table) -> Settable:
    """What the rules of a table ask for. Raises RuleError when they cannot be read."""
    rules = table_rules(table)
    targets: dict[str, Input] = {}
    tiers: dict[str, tuple[str, ...]] = {}
    for node in table.leaves():
        for _, _, line in leaf_rule(node).lines:
            if line.kind in {Kind.LINEAR, Kind.LEADER}:
                targets[line.input] = rules.inputs[line.input]
            if line.kind is Kind.MATRIX and not line.tier_input:
                tiers[line.tiers] = _names(rules, line.tiers)
    exempt = {node.path: (node, how) for node, how in _exempt(table.nodes, rules.na)}
    return Settable(tuple(targets.values()), tiers, exempt)


def _names(rules: TableRules, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(band.label for band in rules.bands.get(name, ()) if band.label))


def _exempt(
    nodes: tuple[CriterionNode, ...], above: NotApplicable | None
) -> Iterator[tuple[CriterionNode, NotApplicable]]:
    """Nodes for which the table says how they count when they are not assigned."""
    for node in nodes:
        how = (leaf_rule(node).na if node.is_leaf else group_rule(node).na) or above
        if how is not None:
            yield node, how
        yield from _exempt(node.children, how)


@dataclass(frozen=True)
class TermsLine:
    """One member with what is set for it; `closed`: its sheet was handed in."""

    member: Membership
    terms: UnitTerms | None
    closed: bool
    targets: tuple[tuple[Input, str], ...] = ()
    tiers: tuple[tuple[str, str], ...] = ()
    not_assigned: tuple[tuple[CriterionNode, str], ...] = ()

    @property
    def group(self) -> str:
        return self.terms.group if self.terms else ""


def terms_lines(criteria_set: CriteriaSet) -> tuple[Settable, list[TermsLine]]:
    """Every member with its terms; four queries."""
    found = settable(to_table(criteria_set))
    stored = {
        each.membership_id: each for each in criteria_set.unit_terms.select_related("changed_by")
    }
    closed = closed_members(criteria_set)
    members = Membership.objects.filter(year=criteria_set.year_id).select_related("organisation")
    return found, [
        _line(found, member, stored.get(member.pk), closed=member.pk in closed)
        for member in members.order_by("order")
    ]


def closed_members(criteria_set: CriteriaSet) -> set[int]:
    """Members whose sheet was handed in."""
    return set(
        criteria_set.sheets.exclude(state=ScoreSheet.State.DRAFT).values_list(
            "membership", flat=True
        )
    )


def _line(
    found: Settable, member: Membership, terms: UnitTerms | None, *, closed: bool
) -> TermsLine:
    if terms is None:
        return TermsLine(member, None, closed)
    return TermsLine(
        member,
        terms,
        closed,
        tuple(
            (each, terms.targets[each.key]) for each in found.targets if each.key in terms.targets
        ),
        tuple((name, terms.tiers[name]) for name in found.tiers if name in terms.tiers),
        tuple(
            (found.exempt[path][0], NA_NAMES[found.exempt[path][1]])
            for path in terms.not_assigned
            if path in found.exempt
        ),
    )
