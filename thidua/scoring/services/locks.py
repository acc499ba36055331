"""What every change of points does first: lock the sheet, then the score, and look again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from thidua.accounts.models import User
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Facts, LeafResult, Setting, TableResult
from thidua.rules.scoring.facts import refuse_wrong
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import table_rules
from thidua.rules.scoring.totals import applicability, examine_at
from thidua.scoring.models import CriteriaSet, CriterionScore, ScoreSheet
from thidua.scoring.queries.facts import known_of
from thidua.scoring.tables import to_table

State = ScoreSheet.State

NOT_DRAFT = "Bảng tự chấm đã nộp nên không sửa được nữa."
NOT_SUBMITTED = "Bảng chấm điểm này không trong thời gian thẩm định."
SUPERSEDED = (
    "Bảng chấm điểm này thuộc phiên bản cũ của bảng điểm. Hãy mở lại mục Chấm điểm để làm việc "
    "với bảng chấm điểm theo phiên bản đang có hiệu lực."
)
SET_ASIDE = (
    "Cụm trưởng đã ghi nhận đơn vị không nộp bảng tự chấm nên bảng này không sửa, không nộp được. Nếu "
    "đơn vị vẫn nộp, hãy đề nghị thủ trưởng đơn vị cụm trưởng bỏ ghi nhận đó."
)
CODES_SHOWN = 12


class StaleVersion(RuleError):
    """Somebody changed the same points meanwhile; `current` holds what is stored now (R08)."""

    def __init__(self, current: CriterionScore) -> None:
        self.current = current
        who = current.changed_by or "Người khác"
        when = timezone.localtime(current.changed_at) if current.changed_at else None
        at = f" lúc {when:%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{who} vừa sửa tiêu chí này{at}. Nội dung bạn nhập chưa được lưu và không đè lên bản mới; "
            "hãy so hai bản rồi lưu lại nếu cần."
        )


class ClaimRefused(RuleError):
    """Points beyond what the table gives; `at` names the part of each sentence."""

    def __init__(self, at: Sequence[tuple[str, str]]) -> None:
        self.at = tuple(at)
        super().__init__(" ".join(sentence for _, sentence in at))


def open_sheet(pk: int, state: ScoreSheet.State, said: str) -> ScoreSheet:
    """The sheet, locked until the transaction ends; refused in another state or when replaced."""
    sheet = (
        ScoreSheet.objects.select_for_update(of=("self",))
        .select_related("criteria_set", "membership__organisation", "membership__year")
        .get(pk=pk)
    )
    if sheet.state != state:
        raise RuleError(said)
    refuse_set_aside(sheet)
    refuse_superseded(sheet)
    return sheet


def refuse_set_aside(sheet: ScoreSheet) -> None:
    """A unit recorded as handing in nothing fills in nothing either, until that is taken back."""
    if sheet.is_set_aside:
        raise RuleError(SET_ASIDE)


def refuse_superseded(sheet: ScoreSheet) -> None:
    """A sheet of an older version of the table takes nothing any more."""
    newer = CriteriaSet.objects.filter(
        year=sheet.criteria_set.year_id,
        state=CriteriaSet.State.ISSUED,
        number__gt=sheet.criteria_set.number,
    )
    if newer.exists():
        raise RuleError(SUPERSEDED)


def open_score(score: CriterionScore, state: ScoreSheet.State, said: str) -> CriterionScore:
    """The score's sheet and the score itself, locked in this order; refused in another state."""
    sheet = open_sheet(score.sheet_id, state, said)
    locked = (
        CriterionScore.objects.select_for_update(of=("self",))
        .select_related("criterion", "changed_by")
        .get(pk=score.pk)
    )
    locked.sheet = sheet
    return locked


def evaluate(
    score: CriterionScore, claim: Claim, facts: Mapping[str, str], *, decided: bool
) -> LeafResult:
    """What the rules give for a claim with these figures of the criterion; changes nothing.

    `facts` stands for everything filled in at this criterion; the rest is as stored. RuleError for
    a figure that is not the criterion's, or is no value of its kind.
    """
    sheet = score.sheet
    table = to_table(sheet.criteria_set)
    node = table.node(score.criterion.path)
    own = {each.key: each for each in homes_of(table).own[node.path]}
    rules = table_rules(table)
    for key, text in facts.items():
        if key not in own:
            raise RuleError(f"Tiêu chí {node.code} không có số liệu “{key}” để nhập.")
        refuse_wrong(own[key], text, rules.bands)
    known = known_of(sheet, table, sheet.scores.all(), decided=decided)
    given = {key: text for key, text in known.given.items() if key not in own}
    setting = Setting(
        Facts(rules, {**given, **facts}, known.unit, year=known.year),
        known.leads,
        table.floor_at_zero,
    )
    return examine_at(node, claim, setting, applicability(table, setting.facts).get(node.path))


def stamp(score: CriterionScore, actor: User, at: datetime) -> None:
    """The score's next version, with who made it and when."""
    # The row is locked by `open_score` or through its sheet, so nothing is lost (R10).
    score.version += 1
    score.changed_by = actor
    score.changed_at = at


def store_points(
    sheet: ScoreSheet,
    result: TableResult,
    name: str,
    of: Callable[[LeafResult], Decimal | None],
) -> None:
    """Keep what `of` takes from each leaf's result; before the sheet's state locks it."""
    scores = list(sheet.scores.select_related("criterion"))
    for score in scores:
        setattr(score, name, of(result.leaves[score.criterion.path]))
    CriterionScore.objects.bulk_update(scores, [name], batch_size=100)


def some_codes(codes: Iterable[str]) -> str:
    """Codes for a sentence; the rest is only counted."""
    found = list(codes)
    shown = ", ".join(found[:CODES_SHOWN])
    rest = len(found) - CODES_SHOWN
    return f"{shown} và {rest} tiêu chí khác" if rest > 0 else shown
