"""The list of sheets, and one sheet."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.organisations.models import EmulationYear, Milestone
from thidua.organisations.permissions import is_superior_of, leads, own_membership
from thidua.organisations.scope import year_or_404
from thidua.scoring import services
from thidua.scoring.models import Criterion, ScoreSheet, SectionAppraiser
from thidua.scoring.permissions import (
    can_fill_sheet,
    can_finalise_sheet,
    can_open_late_sheets,
    can_return_sheet,
    can_set_aside_sheet,
    can_submit_sheet,
    may_be_appraiser,
)
from thidua.scoring.queries import (
    OwnWork,
    SheetLine,
    Standing,
    appraisal_sections,
    appraisal_work,
    appraisers_by_section,
    issued_set,
    members_without_sheet,
    sheet_lines,
    standing_of,
)
from thidua.scoring.views.fetching import acted, sheet_or_404
from thidua.scoring.views.leaves import sheet_page

State = ScoreSheet.State
HISTORY_SHOWN = 30


@dataclass(frozen=True)
class Work:
    """A sheet whose sections wait for the person."""

    line: SheetLine
    sections: list[OwnWork]

    @property
    def is_done(self) -> bool:
        return all(section.is_done for section in self.sections)


@signed_in
@require_safe
def sheet_list(request: SignedInRequest, year: int) -> HttpResponse:
    """What is due from the person, what waits for them, and how far everybody is."""
    found = year_or_404(request.user, year)
    criteria_set = issued_set(found)
    lines = sheet_lines(criteria_set) if criteria_set else []
    late = members_without_sheet(criteria_set) if criteria_set else []
    own = own_membership(request.user, found)
    own_line = next((line for line in lines if own and line.membership.pk == own.pk), None)
    visible = set(ScoreSheet.objects.visible_to(request.user, found).values_list("pk", flat=True))
    counts = State.choices and {
        state: sum(line.sheet.state == state for line in lines) for state in State.values
    }
    leading = leads(request.user, found)
    drafts = [line for line in lines if line.sheet.state == State.DRAFT]
    missing = [line for line in drafts if not line.sheet.is_set_aside]
    set_aside = [line for line in drafts if line.sheet.is_set_aside]
    return render(
        request,
        "scoring/sheet_list.html",
        {
            "year": found,
            "criteria_set": criteria_set,
            "lines": [(line, line.sheet.pk in visible) for line in lines],
            "own_line": own_line,
            "own_is_late": own in late,
            "late": late if can_open_late_sheets(request.user, found) else [],
            "may_submit": own_line is not None and can_submit_sheet(request.user, own_line.sheet),
            "work": _work(request, found, lines),
            "leading": leading,
            "sees_progress": leading or is_superior_of(request.user, found),
            "counts": counts,
            "handed_in": len(lines) - sum(line.sheet.state == State.DRAFT for line in lines),
            "expected": len(lines) - len(set_aside),
            "missing": missing,
            "set_aside": set_aside,
            "may_set_aside": bool(lines) and can_set_aside_sheet(request.user, lines[0].sheet),
            "milestones": {
                milestone.kind: milestone
                for milestone in found.milestones.filter(
                    kind__in=[Milestone.Kind.SELF_SCORE, Milestone.Kind.APPRAISAL]
                )
            },
        },
    )


@signed_in
@require_POST
@once
def sheets_open_late(request: SignedInRequest, year: int) -> HttpResponse:
    """The lead opens a sheet for each member that joined after the table was issued."""
    found = year_or_404(request.user, year)
    acted(
        request,
        lambda: services.open_late_sheets(year=found, actor=request.user, at=timezone.now()),
        "Đã mở bảng tự chấm cho các đơn vị tham gia sau.",
    )
    return redirect("scoring:sheet_list", year=found.pk)


def _work(request: SignedInRequest, year: EmulationYear, lines: list[SheetLine]) -> list[Work]:
    """Submitted sheets with the person's own sections; never of the person's own unit."""
    if not lines or not may_be_appraiser(request.user, year):
        return []
    sections = [
        named.criterion
        for named in SectionAppraiser.objects.filter(
            user=request.user, criterion__criteria_set=lines[0].sheet.criteria_set_id
        ).select_related("criterion")
    ]
    own = own_membership(request.user, year)
    waiting = [
        line
        for line in lines
        if line.sheet.state == State.SUBMITTED and (own is None or line.membership.pk != own.pk)
    ]
    by_sheet = appraisal_work([line.sheet for line in waiting], sections)
    return [Work(line, by_sheet[line.sheet.pk]) for line in waiting if line.sheet.pk in by_sheet]


@dataclass(frozen=True)
class SectionState:
    """An appraised part of the sheet: whose it is and how far."""

    section: Criterion
    appraisers: list[str]
    total: int
    appraised: int
    replies: int
    completed_by: str
    mine: bool


@signed_in
@require_safe
def sheet(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """One sheet: filled in, appraised, explained, closed, according to its state and the person."""
    found = sheet_or_404(request, year, sheet)
    page = sheet_page(request.user, found.sheet)
    criteria = [row.criterion for row in page.view.rows]
    named = appraisers_by_section(found.sheet.criteria_set)
    completed = {
        done.criterion_id: f"{done.completed_by}, {timezone.localtime(done.completed_at):%H:%M %d/%m/%Y}"
        for done in found.sheet.completed_sections.filter(round=found.sheet.round).select_related(
            "completed_by"
        )
    }
    mine = {section.pk for section in page.own_sections}
    states = [
        SectionState(
            section=section,
            appraisers=[str(user) for user in named.get(section.pk, [])],
            total=len(rows),
            appraised=sum(row.is_appraised for row in rows),
            replies=sum(bool(row.score and row.score.reply_waits) for row in rows),
            completed_by=completed.get(section.pk, ""),
            mine=section.pk in mine,
        )
        for section in _sections(criteria, named)
        for rows in [[row for row in page.view.leaves if section.contains(row.criterion.path)]]
    ]
    return render(
        request,
        "scoring/sheet.html",
        {
            "year": found.year,
            "page": page,
            "sheet": found.sheet,
            "view": page.view,
            "standing": _standing(found.sheet),
            "provisional": found.sheet.state == State.FINALISED and _is_provisional(found.sheet),
            "sections": states,
            "own_sections": [state for state in states if state.mine],
            "may_submit": can_submit_sheet(request.user, found.sheet),
            "may_finalise": can_finalise_sheet(request.user, found.sheet),
            "may_return": can_return_sheet(request.user, found.sheet),
            "decides_figures": found.sheet.state == State.SUBMITTED
            and can_finalise_sheet(request.user, found.sheet),
            "is_own": can_fill_sheet(request.user, found.sheet),
            "history": history_of(found.sheet, limit=HISTORY_SHOWN),
        },
    )


def _standing(sheet: ScoreSheet) -> Standing | None:
    """Place, class and award where there is something to say; else nothing is asked for."""
    if sheet.state != State.FINALISED and not sheet.is_set_aside:
        return None
    return standing_of(sheet)


def _is_provisional(sheet: ScoreSheet) -> bool:
    """Places may still move: some sheet that counts is not final."""
    others = ScoreSheet.objects.filter(criteria_set=sheet.criteria_set_id, set_aside_at=None)
    return others.exclude(state=State.FINALISED).exists()


def _sections(criteria: list[Criterion], named: Mapping[int, object]) -> list[Criterion]:
    """The parts as given to appraisers, else as the table suggests."""
    given = [criterion for criterion in criteria if criterion.pk in named]
    suggested = [
        section
        for section in appraisal_sections(criteria)
        if not any(one.contains(section.path) or section.contains(one.path) for one in given)
    ]
    return sorted([*given, *suggested], key=lambda criterion: criterion.order)


@signed_in
@require_POST
@once
def sheet_submit(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The head hands the sheet in."""
    found = sheet_or_404(request, year, sheet)
    acted(
        request,
        lambda: services.submit_self_score(
            sheet=found.sheet, actor=request.user, at=timezone.now()
        ),
        "Đã nộp bảng tự chấm. Điểm và minh chứng được khoá; kết quả thẩm định sẽ hiện ở đây.",
    )
    return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)


@signed_in
@require_POST
@once
def sheet_finalise(request: SignedInRequest, year: int, sheet: int) -> HttpResponse:
    """The lead closes the sheet."""
    found = sheet_or_404(request, year, sheet)
    acted(
        request,
        lambda: services.finalise_sheet(sheet=found.sheet, actor=request.user, at=timezone.now()),
        "Đã chốt bảng chấm điểm. Kết quả có trong mục Xếp hạng.",
    )
    return redirect("scoring:sheet", year=found.year.pk, sheet=found.sheet.pk)
