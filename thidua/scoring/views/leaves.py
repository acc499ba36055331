"""What a sheet's page shows of each criterion, worked out before the template lays it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from thidua.accounts.models import User
from thidua.organisations.permissions import is_superior_of, leads
from thidua.rules.numbers import vietnamese as typed_number
from thidua.rules.scoring import LeafResult, TableRules, in_words, vietnamese
from thidua.rules.scoring.breaches import PART_NAMES
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.inwords import rule_in_words
from thidua.rules.scoring.language import Input, InputKind, table_rules
from thidua.rules.scoring.points import step_of
from thidua.scoring.forms import FACT_LIMIT, PointsForm
from thidua.scoring.models import Criterion, CriterionScore, Evidence, ScoreSheet
from thidua.scoring.permissions import can_fill_sheet, sections_of
from thidua.scoring.queries import (
    Group,
    SheetRow,
    SheetView,
    evidence_used_elsewhere,
    sheet_view,
)
from thidua.scoring.queries.facts import standing_facts
from thidua.scoring.sourceview import SourceView, source_view
from thidua.scoring.tables import to_node

State = ScoreSheet.State
MISSING_SHOWN = 12
FILL, APPRAISE, READ = "fill", "appraise", "read"
# How the engine marks a step of its reasoning.
STEP = "line"


@dataclass(frozen=True)
class PartView:
    """One number of a criterion: what it may be, what it is, what is wrong with it."""

    name: str
    label: str
    limit: str
    value: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactView:
    """One figure of a criterion: what is asked, what was given, what is wrong with it."""

    name: str
    label: str
    hint: str
    value: str
    empty: str = "chưa có"
    choices: tuple[tuple[str, str], ...] = ()
    errors: tuple[str, ...] = ()
    source: SourceView | None = None

    @property
    def is_fed(self) -> bool:
        """Read from reports, so that nobody types it."""
        return self.source is not None and self.source.is_fed


@dataclass(frozen=True)
class SideView:
    """One side's points of a criterion, as people write them."""

    name: str
    base: str
    bonus: str
    deduction: str
    points: str


@dataclass(frozen=True)
class PieceView:
    """A piece of evidence with where else the same content is used."""

    pk: int
    name: str
    size: int
    sha256: str
    note: str
    elsewhere: str
    outside: str = ""


@dataclass(frozen=True)
class Conflict:
    """Somebody else saved first: both versions, nothing overwritten (R08)."""

    who: str
    when: str
    version: int
    theirs: str
    mine: str
    their_text: str
    my_text: str


@dataclass(frozen=True)
class LeafView:
    """One criterion on the page of its sheet."""

    row: SheetRow
    mode: str
    score: CriterionScore
    facts: tuple[FactView, ...]
    lent: tuple[str, ...]
    parts: tuple[PartView, ...]
    asks: tuple[PartView, ...]
    rules: tuple[str, ...]
    still: tuple[str, ...]
    beyond: tuple[str, ...]
    sides: tuple[SideView, ...]
    pieces: tuple[PieceView, ...]
    limits: tuple[str, ...]
    reasons: tuple[str, ...]
    points: str
    arithmetic: str
    steps: tuple[str, ...]
    text: str
    saved: str
    saved_by: str
    flagged: bool
    may_reply: bool
    errors: tuple[str, ...] = ()
    text_errors: tuple[str, ...] = ()
    conflict: Conflict | None = None
    just_saved: bool = False

    @property
    def criterion(self) -> Criterion:
        return self.row.criterion

    @property
    def refused(self) -> bool:
        return bool(self.errors or self.text_errors or any(each.errors for each in self.fields))

    @property
    def fields(self) -> tuple[FactView | PartView, ...]:
        """Everything typed here, figures first."""
        return (*self.facts, *self.parts, *self.asks)

    @property
    def both(self) -> tuple[PartView, ...]:
        """Every part, typed or computed, as people read them."""
        order = {"base": 0, "bonus": 1, "deduction": 2}
        return tuple(sorted((*self.parts, *self.asks), key=lambda part: order[part.name]))

    @property
    def asking(self) -> bool:
        """Something else than the figures give is asked for, wrong, or left to a person."""
        result = self.row.claimed
        person = bool(result and result.needs_person)
        return person or any(part.value or part.errors for part in self.asks)

    @property
    def is_computed(self) -> bool:
        """Figures decide at least one part."""
        return bool(self.asks)

    @property
    def needs_evidence(self) -> bool:
        """The table names evidence, points are asked for, and no file is there."""
        asked = self.row.claimed_points
        return bool(self.criterion.evidence and asked and not self.pieces)


@dataclass(frozen=True)
class HeadingView:
    """A group inside a group of the page."""

    criterion: Criterion
    points: str


@dataclass(frozen=True)
class GroupView:
    """A heading of the page with its criteria."""

    group: Group
    over: Criterion | None
    lines: tuple[LeafView | HeadingView, ...]

    @property
    def pk(self) -> int:
        return self.group.criterion.pk


@dataclass(frozen=True)
class SheetPage:
    """All of a sheet's page that depends on the person."""

    sheet: ScoreSheet
    view: SheetView
    groups: tuple[GroupView, ...]
    own_sections: list[Criterion]
    fills: bool
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opens_reports: bool = False

    @property
    def rules(self) -> TableRules:
        """The rules of the sheet's table."""
        return table_rules(self.view.table)

    @property
    def figures(self) -> list[tuple[str, str, str, SourceView | None]]:
        """Figures of the whole sheet: label, as reported, as confirmed, and where from."""
        return [
            (
                each.label,
                in_words(each, self.sheet.facts.get(each.key, "")),
                in_words(each, self.sheet.decided_facts.get(each.key, "")),
                source_view(
                    self.sheet,
                    each,
                    self.sheet.facts.get(each.key, ""),
                    opens_reports=self.opens_reports,
                ),
            )
            for each in homes_of(self.view.table).sheet
        ]

    def inputs_of(self, score_id: int) -> tuple[Input, ...]:
        """The figures that are filled in at one criterion."""
        return homes_of(self.view.table).own[self.leaf(score_id).criterion.path]

    @property
    def mode(self) -> str:
        if self.fills:
            return FILL
        return APPRAISE if self.own_sections else READ

    @property
    def missing_shown(self) -> tuple[SheetRow, ...]:
        return self.view.missing[:MISSING_SHOWN]

    @property
    def missing_hidden(self) -> int:
        return max(0, len(self.view.missing) - MISSING_SHOWN)

    @property
    def scored(self) -> int:
        return len(self.view.leaves) - len(self.view.missing)

    @property
    def appraised(self) -> int:
        return len(self.view.leaves) - len(self.view.unappraised)

    def leaf(self, score_id: int) -> LeafView:
        """The criterion of one score."""
        return next(
            line
            for group in self.groups
            for line in group.lines
            if isinstance(line, LeafView) and line.score.pk == score_id
        )

    def group_of(self, score_id: int) -> GroupView:
        """The heading under which one score stands."""
        return next(
            group
            for group in self.groups
            for line in group.lines
            if isinstance(line, LeafView) and line.score.pk == score_id
        )


def sheet_page(user: User, sheet: ScoreSheet) -> SheetPage:
    """Everything a person sees of a sheet, in a fixed number of queries."""
    view = sheet_view(sheet)
    is_own = can_fill_sheet(user, sheet)
    own_sections = sections_of(user, sheet) if sheet.state == State.SUBMITTED else []
    year = sheet.membership.year
    oversees = leads(user, year) or is_superior_of(user, year)
    watches = bool(own_sections) or oversees
    opens_reports = is_own or oversees
    # A unit need not know who else uses a file; those who judge must.
    flags = evidence_used_elsewhere(sheet) if watches and sheet.state != State.DRAFT else {}
    fills = is_own and sheet.state == State.DRAFT and not sheet.is_set_aside

    def line(row: SheetRow) -> LeafView | HeadingView:
        if row.score is None:
            return HeadingView(row.criterion, shown(row.claimed_points))
        mode = READ
        if fills:
            mode = FILL
        elif any(section.contains(row.criterion.path) for section in own_sections):
            mode = APPRAISE
        may_reply = is_own and sheet.state == State.SUBMITTED and row.is_appraised
        return leaf_view(
            view,
            row,
            row.score,
            mode,
            flags,
            may_reply=may_reply and _may_answer(row),
            opens_reports=opens_reports,
        )

    groups = []
    last: int | None = None
    for group in view.groups():
        parent = group.parent
        over = parent if parent is not None and parent.pk != last else None
        last = parent.pk if parent is not None else None
        groups.append(GroupView(group, over, tuple(line(row) for row in group.rows)))
    return SheetPage(sheet, view, tuple(groups), own_sections, fills, flags, opens_reports)


def _may_answer(row: SheetRow) -> bool:
    """The unit explains what was changed, also while the appraiser has not looked again."""
    return row.differs or bool(row.score and (row.score.reason or row.score.reply))


def leaf_view(
    view: SheetView,
    row: SheetRow,
    score: CriterionScore,
    mode: str,
    flags: Mapping[str, tuple[str, ...]],
    *,
    may_reply: bool = False,
    opens_reports: bool = False,
) -> LeafView:
    """One criterion as stored."""
    appraised = row.is_appraised
    given = _given(score, appraised=mode == APPRAISE and appraised)
    result = row.appraised if appraised and mode != FILL else row.claimed
    parts, computed = _parts(row.criterion, given), _computed(row)
    pieces = tuple(
        PieceView(
            pk=piece.pk,
            name=piece.file.name,
            size=piece.file.size,
            sha256=piece.file.sha256,
            note=" · ".join(
                filter(
                    None,
                    (piece.description, f"{piece.added_by} nộp lúc {moment(piece.added_at)}"),
                )
            ),
            elsewhere=", ".join(flags.get(piece.file.sha256, ())),
            outside=_outside(piece, view.sheet.membership.year.year),
        )
        for piece in row.evidence
    )
    return LeafView(
        row=row,
        mode=mode,
        score=score,
        facts=_facts(view, row, score, mode, opens_reports=opens_reports),
        lent=_lent(view, row),
        parts=tuple(part for part in parts if part.name not in computed),
        asks=tuple(part for part in parts if part.name in computed),
        rules=rule_in_words(table_rules(view.table), view.table.node(row.criterion.path)),
        still=result.missing + result.waits if result else (),
        beyond=tuple(each.sentence for each in row.claimed.breaches) if row.claimed else (),
        sides=_sides(row, score),
        pieces=pieces,
        limits=_limits(row.criterion),
        reasons=_reasons(row),
        points=shown(result.points if result else None),
        arithmetic=_arithmetic(result),
        steps=_steps(result),
        text=score.explanation if mode == FILL else score.reason,
        saved=clock(score.changed_at) if mode == FILL else clock(score.appraised_at),
        saved_by=str((score.changed_by if mode == FILL else score.appraised_by) or ""),
        flagged=any(piece.elsewhere for piece in pieces),
        may_reply=may_reply,
    )


def typed(
    leaf: LeafView, form: PointsForm, *, errors: tuple[str, ...] = (), conflict: Conflict | None
) -> LeafView:
    """The same criterion with what the person typed and what is wrong with it; nothing was saved."""
    text_name = "explanation" if leaf.mode == FILL else "reason"
    return LeafView(
        **{
            **leaf.__dict__,
            **{
                group: tuple(
                    _as_typed(field, form, locked=leaf.mode == FILL)
                    for field in getattr(leaf, group)
                )
                for group in ("facts", "parts", "asks")
            },
            "text": str(form.data.get(text_name, "")),
            "errors": (*(str(error) for error in form.non_field_errors()), *errors),
            "text_errors": tuple(str(error) for error in form.errors.get(text_name, ())),
            "conflict": conflict,
        }
    )


def _as_typed(field: FactView | PartView, form: PointsForm, *, locked: bool) -> FactView | PartView:
    """A field with what was typed; a figure of reports has no field for the unit."""
    if locked and isinstance(field, FactView) and field.is_fed:
        return field
    return replace(
        field,
        value=str(form.data.get(field.name, ""))[:FACT_LIMIT],
        errors=tuple(str(error) for error in form.errors.get(field.name, ())),
    )


def conflict_of(form: PointsForm, current: CriterionScore, *, appraising: bool) -> Conflict:
    """Both versions in words."""
    theirs = _given(current, appraised=appraising and current.appraised_at is not None)
    mine = form.claim()
    return Conflict(
        who=str(current.changed_by or "Người khác"),
        when=moment(current.changed_at) if current.changed_at else "",
        version=current.version,
        theirs=_in_words(current.criterion, theirs),
        mine=_in_words(current.criterion, (mine.base, mine.bonus, mine.deduction)),
        their_text=current.reason if appraising else current.explanation,
        my_text=str(form.cleaned_data.get("reason" if appraising else "explanation", "")),
    )


Three = tuple[Decimal | None, Decimal | None, Decimal | None]


def _given(score: CriterionScore, *, appraised: bool) -> Three:
    if appraised:
        return (score.appraised_base, score.appraised_bonus, score.appraised_deduction)
    return (score.base, score.bonus, score.deduction)


def _kinds(criterion: Criterion) -> tuple[tuple[str, str, str, bool, int], ...]:
    """Name, label, limit, whether it exists, place among the three."""
    return (
        ("base", "Điểm chuẩn", _base_limit(criterion), criterion.maximum is not None, 0),
        ("bonus", "Điểm thưởng", _cap(criterion.bonus_cap), criterion.has_bonus, 1),
        ("deduction", "Điểm trừ", _cap(criterion.deduction_cap), criterion.has_deduction, 2),
    )


def _base_limit(criterion: Criterion) -> str:
    if criterion.maximum is None:
        return ""
    step = step_of(to_node(criterion)) if criterion.is_leaf else None
    by_step = f", bước {vietnamese(step)}" if step is not None else ""
    return f"tối đa {vietnamese(criterion.maximum)}{by_step}"


def _cap(cap: Decimal | None) -> str:
    return "không ghi trần" if cap is None else f"tối đa {vietnamese(cap)}"


def _parts(criterion: Criterion, given: Three) -> tuple[PartView, ...]:
    return tuple(
        PartView(name, label, limit, number(given[place]))
        for name, label, limit, exists, place in _kinds(criterion)
        if exists
    )


def _outside(piece: Evidence, year: int) -> str:
    """A paper of another year does not prove what was done in this one."""
    dated = piece.dated_on
    if dated is None or dated.year == year:
        return ""
    return f"Tài liệu ghi ngày {dated:%d/%m/%Y}, ngoài năm thi đua {year}."


def _computed(row: SheetRow) -> frozenset[str]:
    """The parts that figures decide; a part left to a person is typed like any other."""
    result = row.claimed
    if result is None or result.not_applicable is not None:
        return frozenset()
    return result.computed


def _facts(
    view: SheetView, row: SheetRow, score: CriterionScore, mode: str, *, opens_reports: bool
) -> tuple[FactView, ...]:
    """The figures filled in at a criterion, as they stand on the person's side."""
    rules = table_rules(view.table)
    stored = score.facts
    if mode == APPRAISE:
        stored = score.appraised_facts if row.is_appraised else standing_facts(score)
    return tuple(
        FactView(
            name=f"fact_{number}",
            label=each.label,
            hint=each.measure if source and source.is_fed and mode == FILL else _hint(each),
            value=in_words(each, stored.get(each.key, "")),
            empty=in_words(each, each.default) or "chưa có",
            choices=_choices(each, rules),
            source=source,
        )
        for number, each in enumerate(homes_of(view.table).own[row.criterion.path])
        for source in [
            source_view(
                view.sheet, each, score.facts.get(each.key, ""), opens_reports=opens_reports
            )
        ]
    )


def _hint(each: Input) -> str:
    hints = [each.measure]
    if each.kind is InputKind.DATE:
        hints.append("ngày/tháng/năm")
    if each.kind is InputKind.EVENTS:
        hints.append("cách nhau bằng dấu ;")
    if each.default:
        hints.append(f"để trống là {in_words(each, each.default)}")
    return ", ".join(filter(None, hints))


def _choices(each: Input, rules: TableRules) -> tuple[tuple[str, str], ...]:
    if each.kind is InputKind.YES_NO:
        return (("Có", "Có"), ("Không", "Không"))
    if each.kind is InputKind.CHOICE:
        return tuple((band.label, band.label) for band in rules.bands.get(each.options, ()))
    return ()


def _lent(view: SheetView, row: SheetRow) -> tuple[str, ...]:
    """Figures that are filled in elsewhere and count here too."""
    given = view.found.given if row.is_appraised else view.reported.given
    return tuple(
        f"{each.label}: {in_words(each, given.get(each.key, '')) or 'chưa có'}"
        + (f" (ghi ở tiêu chí {home.rsplit('/', 1)[-1]})" if home else " (số liệu chung)")
        for each, home in homes_of(view.table).lent[row.criterion.path]
    )


def _limits(criterion: Criterion) -> tuple[str, ...]:
    limits = [f"{label}: {limit}" for _, label, limit, exists, _ in _kinds(criterion) if exists]
    if criterion.net_cap is not None:
        limits.append(f"Tổng cộng trừ: tối đa {vietnamese(criterion.net_cap)}")
    return tuple(limits)


def _in_words(criterion: Criterion, given: Three) -> str:
    return "; ".join(
        f"{label.lower()} {shown(given[place])}"
        for _, label, _, exists, place in _kinds(criterion)
        if exists
    )


def _sides(row: SheetRow, score: CriterionScore) -> tuple[SideView, ...]:
    sides = [_side("Tự chấm", _stood(score, row.claimed, appraised=False), row.claimed_points)]
    if row.is_appraised:
        given = _stood(score, row.appraised, appraised=True)
        sides.append(_side("Thẩm định", given, row.appraised_points))
    return tuple(sides)


def _stood(score: CriterionScore, result: LeafResult | None, *, appraised: bool) -> Three:
    """The parts as typed, and what the figures give where nothing was."""
    typed_parts = _given(score, appraised=appraised)
    if result is None or result.points is None:
        return typed_parts
    worked_out = (result.base, result.bonus, result.deduction)
    base, bonus, deduction = (
        worked_out[place] if name in result.computed and part is None else part
        for place, (name, part) in enumerate(zip(PART_NAMES, typed_parts, strict=True))
    )
    return base, bonus, deduction


def _side(name: str, given: Three, points: Decimal | None) -> SideView:
    base, bonus, deduction = map(shown, given)
    return SideView(name, base, bonus, deduction, shown(points))


def _reasons(row: SheetRow) -> tuple[str, ...]:
    """How each side's points came about, step by step."""
    found = [f"Tự chấm – {line.sentence}" for line in row.claimed.trace] if row.claimed else []
    if row.is_appraised and row.appraised:
        found += [f"Thẩm định – {line.sentence}" for line in row.appraised.trace]
    return tuple(found)


def _arithmetic(result: LeafResult | None) -> str:
    """The sum and what limited it; the steps before it are listed apart."""
    if result is None or result.points is None:
        return ""
    return " ".join(line.sentence for line in result.trace if line.rule != STEP)


def _steps(result: LeafResult | None) -> tuple[str, ...]:
    """How figures became the parts of the sum, line by line."""
    return tuple(line.sentence for line in result.trace if line.rule == STEP) if result else ()


def shown(value: Decimal | None) -> str:
    """Points for reading."""
    return "—" if value is None else vietnamese(value)


def number(value: Decimal | None) -> str:
    """Points as typed into a field."""
    return "" if value is None else typed_number(value, grouped=False)


def moment(at: datetime) -> str:
    """A moment in words."""
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def clock(at: datetime | None) -> str:
    """The hour of a moment of today, else with its day; "" where there is none."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    today = timezone.localdate()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%H:%M %d/%m/%Y}"
