"""A filled form taken over whole: every criterion and figure of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Facts, Table, TableResult, examine, table_rules
from thidua.rules.scoring.facts import refuse_wrong
from thidua.rules.scoring.homes import homes_of
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.permissions import can_fill_sheet
from thidua.scoring.queries.facts import known_of
from thidua.scoring.queries.fed import merged_facts
from thidua.scoring.services.claims import keep_claim, refuse_claim, with_fed
from thidua.scoring.services.closing import save_sheet_facts
from thidua.scoring.services.locks import NOT_DRAFT, State, open_sheet, some_codes
from thidua.scoring.services.progress import count_scored
from thidua.scoring.tables import to_table


@dataclass(frozen=True)
class FilledLine:
    """One criterion as the form has it; `version` is the one it was held against."""

    score: int
    version: int
    claim: Claim
    facts: Mapping[str, str]
    explanation: str


@dataclass(frozen=True)
class Filling:
    """What a form changes: criteria, and the figures of the whole sheet (None: nothing there).

    `name` and `sha256` are the file's; `made_at` when the form was made, as the file says.
    """

    lines: tuple[FilledLine, ...]
    figures: Mapping[str, str] | None
    figures_version: int
    name: str
    sha256: str
    made_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.lines and self.figures is None


class StaleFilling(RuleError):
    """Somebody changed the same criteria since the form was held against the sheet (R08)."""

    def __init__(self, scores: Sequence[CriterionScore]) -> None:
        latest = max(scores, key=lambda each: each.version)
        who = latest.changed_by or "Người khác"
        when = latest.changed_at
        at = f" lúc {timezone.localtime(when):%H:%M %d/%m/%Y}" if when else ""
        codes = some_codes(each.criterion.code for each in scores)
        super().__init__(
            f"{who} vừa sửa{at} trong khi bạn xem lại: tiêu chí {codes}. Chưa nạp gì từ biểu; hãy so "
            "lại hai bên bên dưới rồi nạp nếu vẫn cần."
        )


def outcome(
    sheet: ScoreSheet, table: Table, scores: Sequence[CriterionScore], filling: Filling | None
) -> TableResult:
    """The sheet's claimed side as it would be with the form taken over; changes nothing."""
    lines = {line.score: line for line in filling.lines} if filling else {}
    known = known_of(sheet, table, scores, decided=False)
    figures = filling.figures if filling else None
    given = dict(sheet.facts if figures is None else figures)
    claims = {}
    for score in scores:
        line = lines.get(score.pk)
        given |= line.facts if line else score.facts
        claims[score.criterion.path] = (
            line.claim if line else Claim(score.base, score.bonus, score.deduction)
        )
    facts = Facts(table_rules(table), given, known.unit, year=known.year)
    return examine(table, claims, facts, leads=known.leads)


@transaction.atomic
def save_filling(
    *, sheet: ScoreSheet, filling: Filling, actor: User, at: datetime
) -> Sequence[CriterionScore]:
    """Take over a form, all of it or nothing; out: the criteria that changed.

    Limits hold as on screen: what a table does not give is refused, what may be argued needs its
    explanation. Raises StaleFilling or StaleFigures when somebody saved meanwhile, RuleError
    otherwise. The same form sent again changes nothing (R11).
    """
    if not can_fill_sheet(actor, sheet):
        raise PermissionDenied
    sheet = open_sheet(sheet.pk, State.DRAFT, NOT_DRAFT)
    table = to_table(sheet.criteria_set)
    scores = _locked_scores(sheet)
    filling = _with_fed(table, scores, filling)
    changes = _changes(scores, filling)
    figures_change = filling.figures is not None and dict(filling.figures) != sheet.facts
    if not changes and not figures_change:
        return []
    _refuse_stale(changes)
    _refuse_foreign(table, changes)
    if figures_change:
        sheet = save_sheet_facts(
            sheet=sheet,
            facts=filling.figures or {},
            version=filling.figures_version,
            actor=actor,
            at=at,
        )
    result = outcome(sheet, table, scores, filling)
    for score, line in changes:
        refuse_claim(result.leaves[score.criterion.path], line.explanation)
        keep_claim(score, line.claim, line.facts, line.explanation, actor, at)
    count_scored(sheet, table)
    record(
        actor,
        Action.SELF_SCORE_IMPORTED,
        sheet,
        at=at,
        file=filling.name,
        sha256=filling.sha256,
        changes=f"{len(changes)} tiêu chí" + (", số liệu chung" if figures_change else ""),
    )
    return [score for score, _ in changes]


def _locked_scores(sheet: ScoreSheet) -> list[CriterionScore]:
    scores = list(
        sheet.scores.select_for_update(of=("self",))
        .select_related("criterion", "changed_by")
        .order_by("pk")
    )
    for score in scores:
        score.sheet = sheet
    return scores


def _with_fed(table: Table, scores: Sequence[CriterionScore], filling: Filling) -> Filling:
    """The form with the figures that reports give now; RuleError where it says others."""
    if not scores or not scores[0].sheet.fed:
        return filling
    by_key = {score.pk: score for score in scores}
    lines = tuple(
        replace(line, facts=with_fed(by_key[line.score], line.facts))
        for line in filling.lines
        if line.score in by_key
    )
    if len(lines) < len(filling.lines):
        return filling
    figures = filling.figures
    if figures is not None:
        figures = merged_facts(scores[0].sheet, homes_of(table).sheet, figures)
    return replace(filling, lines=lines, figures=figures)


def _changes(
    scores: Sequence[CriterionScore], filling: Filling
) -> list[tuple[CriterionScore, FilledLine]]:
    """Lines that are not stored like this already, in the order of the form."""
    by_key = {score.pk: score for score in scores}
    if any(line.score not in by_key for line in filling.lines):
        raise RuleError("Biểu có tiêu chí không thuộc bảng chấm điểm này nên không nạp gì.")
    pairs = [(by_key[line.score], line) for line in filling.lines]
    return [(score, line) for score, line in pairs if differs(score, line)]


def differs(score: CriterionScore, line: FilledLine) -> bool:
    """Whether the form says something else than what is stored."""
    stored = (score.base, score.bonus, score.deduction, score.facts, score.explanation)
    claim = line.claim
    return stored != (
        claim.base,
        claim.bonus,
        claim.deduction,
        dict(line.facts),
        line.explanation,
    )


def _refuse_stale(changes: Sequence[tuple[CriterionScore, FilledLine]]) -> None:
    stale = [score for score, line in changes if score.version != line.version]
    if stale:
        raise StaleFilling(stale)


def _refuse_foreign(table: Table, changes: Sequence[tuple[CriterionScore, FilledLine]]) -> None:
    """Figures that are not the criterion's, or no values of their kind."""
    bands = table_rules(table).bands
    for score, line in changes:
        own = {each.key: each for each in homes_of(table).own[score.criterion.path]}
        for key, text in line.facts.items():
            if key not in own:
                raise RuleError(
                    f"Tiêu chí {score.criterion.code} không có số liệu “{key}” để nhập."
                )
            refuse_wrong(own[key], text, bands)
