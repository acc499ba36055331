"""What a filled form would change, in words: for the person who decides whether it is taken over."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from thidua.rules.scoring import Claim, LeafResult, Table, in_words, vietnamese
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import Input
from thidua.scoring.forms import parts_asked
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.queries import scored_count
from thidua.scoring.services.filling import FilledLine, Filling, differs, outcome
from thidua.scoring.tables import to_table

EMPTY = "để trống"


@dataclass(frozen=True)
class Difference:
    """One field: what is stored, what the form says; `emptied`: the form takes it away."""

    label: str
    old: str
    new: str
    emptied: bool = False


@dataclass(frozen=True)
class ChangedCriterion:
    """One criterion that the form changes.

    `saved` says who saved it last; `newer`: after the form was made, so that the form may be out of
    date. `beyond` are claims above the rule, which the form explains.
    """

    score: CriterionScore
    differences: tuple[Difference, ...]
    points: str
    saved: str
    newer: bool
    beyond: tuple[str, ...]

    @property
    def emptied(self) -> bool:
        return any(each.emptied for each in self.differences)


@dataclass(frozen=True)
class Preview:
    """The whole form against the sheet; totals as claimed, counts of criteria."""

    filling: Filling
    criteria: tuple[ChangedCriterion, ...]
    figures: tuple[Difference, ...]
    figures_newer: bool
    total: int
    scored: tuple[int, int]
    points: tuple[Decimal, Decimal]

    @property
    def is_empty(self) -> bool:
        return not self.criteria and not self.figures

    @property
    def newer(self) -> tuple[ChangedCriterion, ...]:
        return tuple(each for each in self.criteria if each.newer)

    @property
    def emptied(self) -> tuple[ChangedCriterion, ...]:
        return tuple(each for each in self.criteria if each.emptied)

    @property
    def beyond(self) -> tuple[ChangedCriterion, ...]:
        return tuple(each for each in self.criteria if each.beyond)


def preview_of(sheet: ScoreSheet, filling: Filling) -> Preview:
    """A form beside what is stored; a fixed number of queries."""
    table = to_table(sheet.criteria_set)
    scores = list(
        sheet.scores.select_related("criterion", "changed_by").order_by("criterion__order")
    )
    before = outcome(sheet, table, scores, None)
    after = outcome(sheet, table, scores, filling)
    lines = {line.score: line for line in filling.lines}
    changed = [
        _changed(table, score, lines[score.pk], filling, after.leaves[score.criterion.path])
        for score in scores
        if score.pk in lines and differs(score, lines[score.pk])
    ]
    figures = tuple(_figures(table, sheet, filling))
    return Preview(
        filling=filling,
        criteria=tuple(changed),
        figures=figures,
        figures_newer=_is_newer(filling, sheet.facts_changed_at),
        total=len(scores),
        scored=(scored_count(before), scored_count(after)),
        points=(before.claimed_total, after.claimed_total),
    )


def _is_newer(filling: Filling, saved_at: object) -> bool:
    made = filling.made_at
    return made is not None and saved_at is not None and made < saved_at  # type: ignore[operator]


def _changed(
    table: Table, score: CriterionScore, line: FilledLine, filling: Filling, result: LeafResult
) -> ChangedCriterion:
    at = score.changed_at
    saved = (
        f"{score.changed_by or 'Hệ thống'} lưu lúc {timezone.localtime(at):%H:%M %d/%m/%Y}"
        if at
        else ""
    )
    return ChangedCriterion(
        score=score,
        differences=tuple(_differences(table, score, line)),
        points="" if result.asked is None else vietnamese(result.asked),
        saved=saved,
        newer=_is_newer(filling, at),
        beyond=tuple(each.sentence for each in result.breaches),
    )


def _differences(table: Table, score: CriterionScore, line: FilledLine) -> Iterator[Difference]:
    stored = Claim(score.base, score.bonus, score.deduction)
    for name, label, _ in parts_asked(score.criterion):
        old, new = getattr(stored, name), getattr(line.claim, name)
        if old != new:
            yield _difference(label, _points(old), _points(new))
    for each in homes_of(table).own[score.criterion.path]:
        yield from _figure(each, score.facts.get(each.key, ""), line.facts.get(each.key, ""))
    if score.explanation != line.explanation:
        yield _difference("Thuyết minh", score.explanation, line.explanation)


def _figures(table: Table, sheet: ScoreSheet, filling: Filling) -> Iterator[Difference]:
    if filling.figures is None:
        return
    for each in homes_of(table).sheet:
        yield from _figure(each, sheet.facts.get(each.key, ""), filling.figures.get(each.key, ""))


def _figure(each: Input, old: str, new: str) -> Iterator[Difference]:
    if old != new:
        yield _difference(each.label, in_words(each, old), in_words(each, new))


def _difference(label: str, old: str, new: str) -> Difference:
    return Difference(label, old or EMPTY, new or EMPTY, emptied=bool(old) and not new)


def _points(points: Decimal | None) -> str:
    return "" if points is None else vietnamese(points)
