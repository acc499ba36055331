"""One point opened: its rule in words, inputs with their sources, arithmetic, judges, history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from thidua.audit.models import Action, Entry
from thidua.rules.scoring import Facts, LeafResult, TableRules, examine, in_words, table_rules
from thidua.rules.scoring.homes import inputs_of
from thidua.rules.scoring.inwords import rule_in_words
from thidua.rules.scoring.language import Kind, leaf_rule
from thidua.rules.scoring.numbers import vietnamese
from thidua.rules.scoring.totals import TableResult
from thidua.rules.scoring.tree import CriterionNode
from thidua.scoring.models import (
    Criterion,
    CriterionScore,
    Evidence,
    ScoreSheet,
    SectionAppraiser,
    UnitTerms,
)
from thidua.scoring.queries.evaluation import Evaluated, Evaluation, evaluate, leads_in
from thidua.scoring.queries.facts import claimed_facts, decided_facts, unit_of
from thidua.scoring.queries.sheets import claims
from thidua.scoring.sourceview import SourceView, source_view

FROM_REPORTS = [Action.FIGURES_FED, Action.FIGURES_CORRECTED]
OF_THE_SHEET = [Action.SELF_SCORE_SUBMITTED, Action.SECTION_COMPLETED, Action.SHEET_FINALISED]
NOT_GIVEN = "chưa có"
BY_THE_UNIT = "Đơn vị nhập"


@dataclass(frozen=True)
class PointInput:
    """One input: what the unit reported, what holds now, and where each came from.

    `links`: the reports it was read from, key and name.
    """

    label: str
    reported: str
    decided: str
    sources: tuple[str, ...]
    links: tuple[tuple[int, str], ...] = ()
    source: str = ""
    tone: str = ""

    @property
    def is_changed(self) -> bool:
        return self.reported != self.decided


@dataclass(frozen=True)
class Child:
    """A criterion below an opened group."""

    criterion: Criterion
    points: Decimal | None


@dataclass(frozen=True)
class Point:
    """Everything about one point of one sheet."""

    criterion: Criterion
    above: tuple[Criterion, ...]
    score: CriterionScore | None
    rule: tuple[str, ...]
    articles: tuple[str, ...]
    inputs: tuple[PointInput, ...]
    claimed: Decimal | None
    points: Decimal | None
    claimed_steps: tuple[str, ...]
    steps: tuple[str, ...]
    missing: tuple[str, ...]
    appraisers: tuple[str, ...]
    children: tuple[Child, ...]
    evidence: tuple[Evidence, ...]
    history: tuple[Entry, ...]

    @property
    def is_changed(self) -> bool:
        return self.claimed != self.points


def point(sheet: ScoreSheet, criterion: Criterion) -> Point:
    """The point of a criterion of the sheet's table; a fixed number of queries."""
    evaluation = evaluate(sheet.criteria_set, [sheet], traced=True)
    unit = evaluation.units[0]
    node = evaluation.table.node(criterion.path)
    reported = _reported(sheet, evaluation, unit)
    score = unit.scores.get(criterion.path)
    if score is not None:
        score = CriterionScore.objects.select_related(
            "appraised_by", "replied_by", "changed_by", "criterion"
        ).get(pk=score.pk)
    leaf = unit.result.leaves.get(criterion.path)
    entries = _history(sheet, evaluation, node)
    return Point(
        criterion=criterion,
        above=tuple(
            each
            for each in evaluation.criteria
            if each.pk != criterion.pk and each.contains(criterion.path)
        ),
        score=score,
        rule=rule_in_words(evaluation.rules, node),
        articles=_articles(node),
        inputs=_inputs(sheet, evaluation, unit, node, entries),
        claimed=reported.subtotals.get(criterion.path),
        points=unit.result.subtotals.get(criterion.path),
        claimed_steps=_steps(reported, node),
        steps=_steps(unit.result, node),
        missing=leaf.missing + leaf.waits if leaf is not None else (),
        appraisers=_appraisers(sheet, evaluation, criterion),
        children=tuple(
            Child(each, unit.result.subtotals.get(each.path))
            for each in evaluation.criteria
            if each.parent_id == criterion.pk
        ),
        evidence=tuple(
            Evidence.objects.filter(score__sheet=sheet, score__criterion=criterion).select_related(
                "file", "added_by"
            )
        ),
        history=tuple(each for each in entries if _concerns(each, criterion.path)),
    )


def _reported(sheet: ScoreSheet, evaluation: Evaluation, unit: Evaluated) -> TableResult:
    """The same table as the unit claims it."""
    year = evaluation.criteria_set.year.year
    terms = evaluation.criteria_set.unit_terms.filter(membership=sheet.membership_id).first()
    facts = Facts(
        evaluation.rules,
        claimed_facts(sheet, unit.scores.values()),
        unit_of(terms),
        year=year,
    )
    leads = leads_in(evaluation.criteria_set, evaluation.table, year)
    return examine(evaluation.table, claims(sheet), facts, leads=leads)


def _steps(result: TableResult, node: CriterionNode) -> tuple[str, ...]:
    """The sentences of the reasoning for a leaf, or for the sum of a group."""
    leaf: LeafResult | None = result.leaves.get(node.path)
    lines = leaf.trace if leaf is not None else result.trace
    return tuple(dict.fromkeys(line.sentence for line in lines if line.path == node.path))


def _articles(node: CriterionNode) -> tuple[str, ...]:
    if not node.is_leaf:
        return ()
    rule = leaf_rule(node)
    found = [rule.article, *(line.article for _, _, line in rule.lines)]
    return tuple(dict.fromkeys(each for each in found if each))


def _inputs(
    sheet: ScoreSheet,
    evaluation: Evaluation,
    unit: Evaluated,
    node: CriterionNode,
    entries: Sequence[Entry],
) -> tuple[PointInput, ...]:
    if not node.is_leaf:
        return ()
    rules = table_rules(evaluation.table)
    scores = unit.scores.values()
    before, after = claimed_facts(sheet, scores), decided_facts(sheet, scores)
    found = []
    for key in inputs_of(node, rules):
        typed = tuple(_sources(sheet, key, before, after, scores, entries))
        source = source_view(sheet, rules.inputs[key], before.get(key, ""), opens_reports=True)
        found.append(
            PointInput(
                _label(rules, key),
                _text(rules, key, before),
                _text(rules, key, after),
                typed if source is None else (*_from_reports(source), *_besides(source, typed)),
                source.links if source else (),
                source.label if source else "",
                source.tone if source else "",
            )
        )
    return (*found, *_terms(evaluation, sheet, node))


def _from_reports(source: SourceView) -> tuple[str, ...]:
    """The way of a figure from its reports; what is missing where the unit typed it."""
    corrected = (source.correction,) if source.correction else ()
    return (*corrected, *source.lines, *source.missing)


def _besides(source: SourceView, typed: tuple[str, ...]) -> tuple[str, ...]:
    """What people did: a figure of reports was typed by nobody, but may have been changed."""
    return tuple(each for each in typed if not (source.value and each.startswith(BY_THE_UNIT)))


def _label(rules: TableRules, key: str) -> str:
    each = rules.inputs[key]
    return f"{each.label} ({each.measure})" if each.measure else each.label


def _text(rules: TableRules, key: str, given: Mapping[str, str]) -> str:
    each = rules.inputs[key]
    text = given.get(key)
    if not text and each.default:
        return f"{in_words(each, each.default)} (để trống, tính theo bảng)"
    return in_words(each, text) if text else NOT_GIVEN


def _sources(
    sheet: ScoreSheet,
    key: str,
    before: Mapping[str, str],
    after: Mapping[str, str],
    scores: Iterable[CriterionScore],
    entries: Sequence[Entry],
) -> Iterable[str]:
    """Who typed it, and who changed it, with the moment."""
    home = next((each for each in scores if key in each.facts or key in each.appraised_facts), None)
    if key in before:
        path = home.criterion.path if home else None
        typed = next(
            (
                each
                for each in entries
                if each.action == Action.SELF_SCORE_SAVED and each.details.get("criterion") == path
            ),
            None,
        )
        if typed:
            yield f"{BY_THE_UNIT}: {typed.actor_label}, {_when(typed.at)}"
        elif home is None and sheet.facts_changed_by_id:
            yield f"{BY_THE_UNIT} ở số liệu chung của bảng chấm, {_when(sheet.facts_changed_at)}"
        else:
            yield BY_THE_UNIT
    if (sheet.corrected or {}).get(key, {}).get("value") == after.get(key):
        return
    if before.get(key, "") != after.get(key, ""):
        if home is not None and home.appraised_at:
            decided = next(
                (
                    each.actor_label
                    for each in entries
                    if each.action == Action.APPRAISED
                    and each.details.get("criterion") == home.criterion.path
                ),
                "Người thẩm định",
            )
            reason = f". Lý do: {home.reason}" if home.reason else ""
            yield f"Thẩm định sửa: {decided}, {_when(home.appraised_at)}{reason}"
        else:
            reason = f". Lý do: {sheet.facts_reason}" if sheet.facts_reason else ""
            yield f"Sửa khi xác nhận số liệu chung, {_when(sheet.facts_changed_at)}{reason}"


def _when(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else "chưa rõ lúc nào"


def _terms(
    evaluation: Evaluation, sheet: ScoreSheet, node: CriterionNode
) -> tuple[PointInput, ...]:
    """Targets and sizes that the lead set for the unit."""
    terms = (
        UnitTerms.objects.filter(criteria_set=sheet.criteria_set_id, membership=sheet.membership_id)
        .select_related("changed_by")
        .first()
    )
    source = (
        (f"Đơn vị cụm trưởng đặt: {terms.changed_by}, {_when(terms.changed_at)}",) if terms else ()
    )
    found = []
    for _, _, line in leaf_rule(node).lines:
        if line.kind in {Kind.LINEAR, Kind.LEADER}:
            label = f"Mục tiêu: {_label(evaluation.rules, line.input)}"
            text = terms.targets.get(line.input) if terms else None
            value = vietnamese(Decimal(text)) if text else "không có mục tiêu"
            found.append(PointInput(label, value, value, source))
        if line.kind is Kind.MATRIX and not line.tier_input:
            value = (terms.tiers.get(line.tiers) if terms else None) or NOT_GIVEN
            found.append(PointInput(f"Cỡ theo “{line.tiers}”", value, value, source))
    return tuple(dict.fromkeys(found))


def _appraisers(sheet: ScoreSheet, evaluation: Evaluation, criterion: Criterion) -> tuple[str, ...]:
    """Who is named for the section the criterion stands in."""
    named = SectionAppraiser.objects.filter(
        criterion__criteria_set=sheet.criteria_set_id
    ).select_related("criterion", "user")
    return tuple(str(each.user) for each in named if each.criterion.contains(criterion.path))


def _history(sheet: ScoreSheet, evaluation: Evaluation, node: CriterionNode) -> list[Entry]:
    """Acts on this criterion, on those whose inputs it borrows, and on the whole sheet."""
    paths, keys = {node.path}, set[str]()
    if node.is_leaf:
        keys = set(inputs_of(node, evaluation.rules))
        paths |= {
            each.path
            for each in evaluation.table.leaves()
            if keys.intersection(inputs_of(each, evaluation.rules))
        }
    found = Entry.objects.filter(
        Q(details__criterion__in=sorted(paths)) | Q(action__in=[*OF_THE_SHEET, *FROM_REPORTS]),
        subject_type=sheet._meta.label_lower,
        subject_id=sheet.pk,
    )
    return [
        each
        for each in found
        if each.action not in FROM_REPORTS or keys & each.details["new_facts"].keys()
    ]


def _concerns(entry: Entry, path: str) -> bool:
    if entry.action == Action.SECTION_COMPLETED:
        return path in entry.details.get("accepted", ())
    return entry.details.get("criterion") in {None, path}


__all__ = ["Child", "Point", "PointInput", "point"]
