"""What a report about to be accepted would change in the sheets of its unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from thidua.reporting.effects import Effect
from thidua.reporting.models import Report
from thidua.rules.scoring import (
    Facts,
    Table,
    TableResult,
    examine,
    in_words,
    table_rules,
    vietnamese,
)
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import Input
from thidua.scoring.models import CriteriaSet, CriterionScore, ScoreSheet
from thidua.scoring.queries.evaluation import Evaluated, Evaluation, evaluate, standing_claims
from thidua.scoring.queries.facts import Leads, cluster_leads, decided_facts
from thidua.scoring.queries.fed import (
    Fed,
    fed_of,
    fed_places,
    given_back,
    is_withdrawn,
    record_of,
)
from thidua.scoring.queries.scale import issued_set
from thidua.scoring.tables import to_table

State = ScoreSheet.State
TYPED = "đơn vị tự ghi"
IN_DRAFT = "Đơn vị đang tự chấm: số liệu trong bảng tự chấm đổi theo báo cáo."
CLOSED = (
    "Bảng đã chốt nên không thay đổi. Nếu không chấp nhận sai lệch này, hãy trả lại báo cáo; nếu chấp "
    "nhận, hãy ghi chênh lệch vào biên bản hội nghị để xét riêng."
)


@dataclass(frozen=True)
class Correction:
    """A figure of a sheet handed in that a report now gives otherwise.

    `kept`: why the standing value stays although the report differs, "" when it changes.
    """

    fed: Fed
    score: CriterionScore | None
    old: str
    kept: str = ""

    @property
    def key(self) -> str:
        return self.fed.place.input.key


def unit_sheet(report: Report) -> ScoreSheet | None:
    """The sheet of the report's unit under the table in force."""
    criteria_set = issued_set(report.membership.year)
    if criteria_set is None:
        return None
    return (
        ScoreSheet.objects.select_related(
            "criteria_set__year", "membership__organisation", "membership__year"
        )
        .filter(criteria_set=criteria_set, membership=report.membership_id)
        .first()
    )


def corrections_for(
    sheet: ScoreSheet, table: Table, scores: Iterable[CriterionScore], fed: Iterable[Fed]
) -> list[Correction]:
    """The figures that differ from those last known of the reports; nothing for the others."""
    rows = {score.criterion.path: score for score in scores}
    standing = decided_facts(sheet, rows.values())
    found = []
    for each in fed:
        score, key = rows.get(each.place.path), each.place.input.key
        if each.text and each.text != last_known(sheet, key):
            old = standing.get(key, "")
            kept = _kept(sheet, score, key, old) if old != each.text else ""
            found.append(Correction(each, score, old, kept))
    return found


def last_known(sheet: ScoreSheet, key: str) -> str:
    """The value that the reports gave last: at a correction, else at the hand-in."""
    corrected = (sheet.corrected or {}).get(key)
    return str(corrected["value"] if corrected else record_of(sheet, key).get("value", ""))


def _kept(sheet: ScoreSheet, score: CriterionScore | None, key: str, standing: str) -> str:
    """Whoever decided otherwise than the unit reports keeps the decision and is told."""
    if score is None:
        judged, reported = key in sheet.decided_facts, sheet.facts
    else:
        judged, reported = score.appraised_at is not None, score.facts
    before = {last_known(sheet, key), reported.get(key, "")}
    if not judged or standing in before:
        return ""
    who = str(score.appraised_by) if score and score.appraised_by else "Người xác nhận"
    return f"{who} đã quyết định số khác số đơn vị nêu nên quyết định đó được giữ; hãy xem lại."


def scores_of(sheet: ScoreSheet) -> list[CriterionScore]:
    """The criteria of a sheet, as corrections look at them."""
    scores = list(sheet.scores.select_related("criterion", "appraised_by"))
    for score in scores:
        score.sheet = sheet
    return scores


def effects_of(report: Report) -> Sequence[Effect]:
    """What accepting the report would change in its unit's sheet; changes nothing."""
    sheet = unit_sheet(report)
    if sheet is None or sheet.is_set_aside:
        return []
    table = to_table(sheet.criteria_set)
    if not fed_places(table):
        return []
    year = report.membership.year
    fed = fed_of(year, table, [sheet.membership_id], also={report.pk: {}})[sheet.membership_id]
    if sheet.state == State.DRAFT:
        waiting = cache(lambda: given_back([sheet.membership_id]) - {report.pk})
        return [
            _in_draft(sheet, each)
            for each in fed
            if _is_new(sheet, each) or is_withdrawn(sheet, each, waiting)
        ]
    scores = scores_of(sheet)
    corrections = corrections_for(sheet, table, scores, fed)
    if not corrections:
        return []
    return _Outlook(sheet, table, corrections).effects()


def _is_new(sheet: ScoreSheet, fed: Fed) -> bool:
    return bool(fed.text) and record_of(sheet, fed.place.input.key).get("value", "") != fed.text


def _in_draft(sheet: ScoreSheet, fed: Fed) -> Effect:
    """A draft is the unit's own business: what it typed and its points are not told."""
    each = fed.place.input
    before = str(record_of(sheet, each.key).get("value", ""))
    return Effect(
        where=_where(sheet.criteria_set, fed),
        what=each.label,
        old=in_words(each, before) or "chưa có từ báo cáo",
        new=in_words(each, fed.text) or "không còn số liệu",
        note=IN_DRAFT if fed.text else f"{IN_DRAFT} {' '.join(fed.missing)}",
    )


def _where(criteria_set: CriteriaSet, fed: Fed) -> str:
    code = fed.place.path.rsplit("/", 1)[-1]
    return f"Bảng chấm điểm, tiêu chí {code}" if code else "Bảng chấm điểm, số liệu chung"


class _Outlook:
    """The sheet as it stands and as it would be, with the totals of the other units."""

    def __init__(self, sheet: ScoreSheet, table: Table, corrections: Sequence[Correction]) -> None:
        self.sheet = sheet
        self.table = table
        self.corrections = corrections
        others = list(
            ScoreSheet.objects.filter(criteria_set=sheet.criteria_set_id, set_aside_at=None)
            .exclude(state=State.DRAFT)
            .select_related("membership__organisation")
        )
        self.evaluation = evaluate(sheet.criteria_set, others)
        self.now = next(each for each in self.evaluation.units if each.sheet.pk == sheet.pk)

    def effects(self) -> list[Effect]:
        """One line for each figure; the total and the place stand once, at the last of them."""
        changing = {each.key: each.fed.text for each in self.corrections if not each.kept}
        leads = self._leads(changing)
        after = self._with(changing, leads)
        lines = [self._line(each, after) for each in self.corrections]
        if not changing:
            return lines
        return [*lines[:-1], self._with_total(lines[-1], after, self._others(leads))]

    def _leads(self, changed: Mapping[str, str]) -> Leads | None:
        """Who leads once the figures have changed."""
        if not homes_of(self.table).has_leader:
            return self.evaluation.leads
        return cluster_leads(
            self.sheet.criteria_set,
            self.table,
            self.sheet.membership.year.year,
            decided=True,
            changed={self.sheet.pk: changed},
        )

    def _others(self, leads: Leads | None) -> list[tuple[Evaluated, Decimal]]:
        """The other units with their totals then: another leader moves them too, but for what is
        final."""
        found = []
        for each in self.evaluation.units:
            if each.sheet.pk == self.sheet.pk:
                continue
            total = each.own_total
            stays = leads == self.evaluation.leads or each.sheet.state == State.FINALISED
            if not stays and each.facts is not None:
                claims = standing_claims(each.scores.values())
                total = examine(self.table, claims, each.facts, leads=leads).rounded
            found.append((each, total))
        return found

    def _with(self, changed: Mapping[str, str], leads: Leads | None) -> TableResult:
        assert self.now.facts is not None  # noqa: S101 - `evaluate` always gives them
        year = self.sheet.membership.year.year
        facts = Facts(
            table_rules(self.table),
            {**self.now.facts.given, **changed},
            self.now.facts.unit,
            year=year,
        )
        claims = standing_claims(self.now.scores.values())
        return examine(self.table, claims, facts, leads=leads)

    def _line(self, correction: Correction, after: TableResult) -> Effect:
        each, path = correction.fed.place.input, correction.fed.place.path
        is_closed = self.sheet.state == State.FINALISED
        return Effect(
            where=_where(self.sheet.criteria_set, correction.fed),
            what=each.label,
            old=in_words(each, correction.old) or _empty(each),
            new=in_words(each, correction.fed.text),
            points="" if correction.kept else self._points(path, after),
            note=CLOSED if is_closed else correction.kept or self._typed(correction),
            is_closed=is_closed,
        )

    def _typed(self, correction: Correction) -> str:
        """A figure that no report gave at the hand-in was the unit's own word."""
        if last_known(self.sheet, correction.key):
            return ""
        return "Lúc nộp bảng tự chấm, đơn vị tự ghi số này vì chưa có báo cáo."

    def _points(self, path: str, after: TableResult) -> str:
        """Every criterion whose points move with the figure, its own first."""
        before = self.now.result
        moved = [
            each for each in after.leaves if before.subtotals.get(each) != after.subtotals.get(each)
        ]
        if path and path not in moved:
            return f"giữ nguyên {_shown(before.subtotals.get(path))}"
        ordered = sorted(moved, key=lambda each: each != path)
        return "; ".join(
            f"{each.rsplit('/', 1)[-1]}: {_shown(before.subtotals.get(each))} → "
            f"{_shown(after.subtotals.get(each))}"
            for each in ordered
        )

    def _with_total(
        self, line: Effect, after: TableResult, others: Sequence[tuple[Evaluated, Decimal]]
    ) -> Effect:
        old, new = self.now.own_total, after.rounded
        total = (
            f"{vietnamese(old)} → {vietnamese(new)}"
            if old != new
            else f"giữ nguyên {vietnamese(old)}"
        )
        told = f"{total}{_place(old, new, others)}{_moved(others)}"
        return Effect(**{**line.__dict__, "total": told})


def _place(old: Decimal, new: Decimal, others: Sequence[tuple[Evaluated, Decimal]]) -> str:
    """The place by totals alone; ties and classes are for the ranking itself."""
    before = 1 + sum(each.own_total > old for each, _ in others)
    after = 1 + sum(total > new for _, total in others)
    if before == after:
        return f"; thứ tự theo tổng điểm vẫn là {before}/{len(others) + 1}"
    return f"; thứ tự theo tổng điểm {before} → {after} trong {len(others) + 1} bảng đã nộp"


def _moved(others: Sequence[tuple[Evaluated, Decimal]]) -> str:
    """Units whose totals move because another one leads now."""
    moved = [
        f"{each.name} {vietnamese(each.own_total)} → {vietnamese(total)}"
        for each, total in others
        if each.own_total != total
    ]
    if not moved:
        return ""
    return f"; vì bảng điểm so với đơn vị dẫn đầu nên tổng điểm đơn vị khác cũng đổi: {', '.join(moved)}"


def _empty(each: Input) -> str:
    """What an empty field counts as."""
    return f"để trống (tính là {in_words(each, each.default)})" if each.default else "chưa có"


def _shown(points: Decimal | None) -> str:
    return "chưa tính được" if points is None else vietnamese(points)


__all__ = [
    "Correction",
    "Evaluation",
    "corrections_for",
    "effects_of",
    "last_known",
    "scores_of",
    "unit_sheet",
]
