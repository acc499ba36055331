"""Many units under one table: after one change only what depends on it is computed again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Generic, TypeAlias

from thidua.rules.errors import RuleError
from thidua.rules.scoring.facts import Facts, Unit, roots_of, value_of
from thidua.rules.scoring.formulas import DividedByZero
from thidua.rules.scoring.homes import inputs_of
from thidua.rules.scoring.kinds import Lead, lead_of
from thidua.rules.scoring.language import (
    Kind,
    Line,
    NotApplicable,
    TableRules,
    group_rule,
    leaf_rule,
    table_rules,
)
from thidua.rules.scoring.points import Claim, LeafResult, Setting
from thidua.rules.scoring.ranking import Key
from thidua.rules.scoring.totals import TableResult, add_up, applicability, examine_at
from thidua.rules.scoring.tree import CriterionNode, Table

LeadKey: TypeAlias = tuple[str, str, int]


@dataclass(frozen=True)
class Member:
    """What one unit brings: claims by path, canonical facts by input, what is set for it."""

    claims: Mapping[str, Claim] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    unit: Unit = field(default_factory=Unit)


@dataclass(frozen=True)
class Dependencies:
    """What each input that people fill in decides: `leaves` by input, comparisons between units
    (`leads`) by input, and the inputs on which it hangs whether whole groups apply (`groups`)."""

    leaves: Mapping[str, frozenset[str]]
    leads: Mapping[str, frozenset[LeadKey]]
    groups: frozenset[str]
    lines: Mapping[LeadKey, Line]

    def leads_at(self, paths: Collection[str]) -> frozenset[LeadKey]:
        """The comparisons made at some leaves."""
        return frozenset(key for key in self.lines if key[0] in paths)


def dependencies(table: Table) -> Dependencies:
    """Formulas, conditions, sizes, dates and exemptions followed to what people fill in.

    Raises RuleError when a rule names an input that is not declared.
    """
    rules = table_rules(table)
    lines = {
        (node.path, part, place): line
        for node in table.leaves()
        for part, place, line in leaf_rule(node).lines
        if line.kind is Kind.LEADER
    }
    conditions = (
        condition.name
        for node in table.walk()
        if not node.is_leaf
        for condition in group_rule(node).when
    )
    return Dependencies(
        leaves=_turned((node.path, inputs_of(node, rules)) for node in table.leaves()),
        leads=_turned((key, roots_of(rules, [line.input])) for key, line in lines.items()),
        groups=frozenset(roots_of(rules, conditions)),
        lines=lines,
    )


def _turned(pairs: Iterable[tuple[Key, Iterable[str]]]) -> dict[str, frozenset[Key]]:
    """From "what each needs" to "what needs it"."""
    found: dict[str, set[Key]] = {}
    for user, keys in pairs:
        for key in keys:
            found.setdefault(key, set()).add(user)
    return {key: frozenset(users) for key, users in found.items()}


@dataclass(frozen=True)
class _State:
    """One unit as computed."""

    member: Member
    facts: Facts
    applies: Mapping[str, NotApplicable | str]
    leaves: Mapping[str, LeafResult]
    result: TableResult


class Cluster(Generic[Key]):
    """Points of all units under one table, kept up to date change by change.

    `complete` False: some unit's figures are not known yet, so that nobody leads and what is
    relative to the leader waits. Units to which a criterion does not apply do not lead in it.
    Every answer equals that of a new Cluster with the same content. A change that is refused
    with RuleError has changed nothing. `results`: the units as computed already, by the same
    rules with the same leaders, so that only changes are computed.
    """

    def __init__(
        self,
        table: Table,
        year: int,
        units: Mapping[Key, Member],
        *,
        complete: bool = True,
        traced: bool = False,
        results: Mapping[Key, TableResult] | None = None,
    ) -> None:
        self.table, self.year = table, year
        self.complete, self.traced = complete, traced
        self.rules: TableRules = table_rules(table)
        self.depends = dependencies(table)
        self._nodes: dict[str, CriterionNode] = {node.path: node for node in table.leaves()}
        for member in units.values():
            self._refuse_unknown(member.claims)
        facts = {key: self._facts(member) for key, member in units.items()}
        applies = {key: applicability(table, each) for key, each in facts.items()}
        self._leads = self._led(self.depends.lines, facts, applies)
        if results is None:
            self._states = {
                key: self._state(
                    member, facts[key], applies[key], self._leads, before={}, paths=self._nodes
                )
                for key, member in units.items()
            }
        else:
            self._states = {
                key: _State(member, facts[key], applies[key], results[key].leaves, results[key])
                for key, member in units.items()
            }

    def results(self) -> dict[Key, TableResult]:
        """The whole table of every unit."""
        return {key: state.result for key, state in self._states.items()}

    def totals(self) -> dict[Key, Decimal]:
        """The rounded total of every unit, in points."""
        return {key: state.result.rounded for key, state in self._states.items()}

    def facts(self) -> dict[Key, Facts]:
        """The values of every unit."""
        return {key: state.facts for key, state in self._states.items()}

    def members(self) -> dict[Key, Member]:
        """What every unit brings, as changed so far."""
        return {key: state.member for key, state in self._states.items()}

    @property
    def leads(self) -> Mapping[LeadKey, Lead] | None:
        """Who the others are held against at each line; None while not all figures are known."""
        return self._leads if self.complete else None

    def change(self, key: Key, input_key: str, text: str) -> None:
        """Set one figure of a unit, in canonical text; "" takes it away."""
        each = self.rules.inputs.get(input_key)
        if each is None or each.formula is not None:
            raise RuleError(f"Bảng chấm điểm không có số liệu “{input_key}” để nhập.")
        if text:
            value_of(each, text)
        member = self._states[key].member
        given = {name: fact for name, fact in member.facts.items() if name != input_key}
        if text:
            given[input_key] = text
        changed = replace(member, facts=given)
        self._apply(
            key,
            changed,
            self._facts(changed),
            self.depends.leaves.get(input_key, frozenset()),
            self.depends.leads.get(input_key, frozenset()),
            regroup=input_key in self.depends.groups,
        )

    def change_claim(self, key: Key, path: str, claim: Claim) -> None:
        """Set what a unit claims at one leaf."""
        self._refuse_unknown([path])
        state = self._states[key]
        member = replace(state.member, claims={**state.member.claims, path: claim})
        self._apply(key, member, state.facts, {path}, frozenset(), regroup=False)

    def replace(self, key: Key, member: Member) -> None:
        """Everything of one unit anew, also its targets, sizes and what it was not assigned."""
        self._refuse_unknown(member.claims)
        leads = frozenset(self.depends.lines)
        self._apply(key, member, self._facts(member), self._nodes, leads, regroup=True)

    def _apply(
        self,
        key: Key,
        member: Member,
        facts: Facts,
        paths: Collection[str],
        leads: frozenset[LeadKey],
        *,
        regroup: bool,
    ) -> None:
        """Compute what changes and only then keep it."""
        old = self._states[key]
        applies = applicability(self.table, facts) if regroup else old.applies
        opened = _differing(old.applies, applies)
        new_leads = dict(self._leads)
        new_leads.update(
            self._led(
                leads | self.depends.leads_at(opened),
                {**self.facts(), key: facts},
                {**{other: state.applies for other, state in self._states.items()}, key: applies},
            )
        )
        moved = _differing(self._leads, new_leads) if self.complete else set()
        states = {}
        for other, state in self._states.items():
            led = {each[0] for each in moved if self._is_moved(each, state.facts, new_leads)}
            if led and other != key:
                states[other] = self._state(
                    state.member, state.facts, state.applies, new_leads, state.leaves, led
                )
        own = {*paths, *opened, *(each[0] for each in moved)}
        states[key] = self._state(member, facts, applies, new_leads, old.leaves, own)
        self._leads = new_leads
        self._states.update(states)

    def _is_moved(self, key: LeadKey, facts: Facts, leads: Mapping[LeadKey, Lead]) -> bool:
        """Whether a new leader can move this unit: those below their target look at nobody."""
        before, after, name = self._leads[key], leads[key], self.depends.lines[key].input
        target = facts.target(name)
        if target is None:
            return before.best != after.best
        if before.exceed == after.exceed:
            return False
        try:
            actual = facts.number(name)
        except DividedByZero:
            return False
        return actual is not None and actual > target

    def _state(
        self,
        member: Member,
        facts: Facts,
        applies: Mapping[str, NotApplicable | str],
        leads: Mapping[LeadKey, Lead],
        before: Mapping[str, LeafResult],
        paths: Collection[str],
    ) -> _State:
        """One unit with the leaves at `paths` computed anew, the others as `before`."""
        known = leads if self.complete else None
        setting = Setting(facts, known, self.table.floor_at_zero, self.traced)
        leaves = dict(before)
        for path in paths:
            claim = member.claims.get(path, Claim())
            leaves[path] = examine_at(self._nodes[path], claim, setting, applies.get(path))
        result = add_up(self.table, leaves, self.rules, traced=self.traced)
        return _State(member, facts, applies, leaves, result)

    def _led(
        self,
        keys: Iterable[LeadKey],
        facts: Mapping[Key, Facts],
        applies: Mapping[Key, Mapping[str, NotApplicable | str]],
    ) -> dict[LeadKey, Lead]:
        """Who leads at some lines, among the units to which the criterion applies."""
        return {
            key: lead_of(
                self.depends.lines[key],
                [each for unit, each in facts.items() if key[0] not in applies[unit]],
            )
            for key in keys
        }

    def _facts(self, member: Member) -> Facts:
        return Facts(self.rules, member.facts, member.unit, year=self.year)

    def _refuse_unknown(self, paths: Iterable[str]) -> None:
        for path in paths:
            if path not in self._nodes:
                raise RuleError(f"Bảng chấm điểm không có tiêu chí để chấm ở “{path}”.")


def _differing(first: Mapping[Key, object], second: Mapping[Key, object]) -> set[Key]:
    return {key for key in {*first, *second} if first.get(key) != second.get(key)}


__all__ = ["Cluster", "Dependencies", "Member", "dependencies"]
