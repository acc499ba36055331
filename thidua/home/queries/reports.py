"""Reports on the front page: what I owe and by when, what waits for me, how far the members are."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse

from thidua.home.queries.board import Progress, Task, day_label
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import Part
from thidua.reporting.models import Report
from thidua.reporting.queries.editions import editions_of
from thidua.reporting.queries.narratives import narrative_findings
from thidua.reporting.queries.report_lists import Cell, PeriodLine, period_lines
from thidua.reporting.queries.reports import filled_of
from thidua.rules.reporting import Edition, Filled, Shape, blank

LATE = "quá hạn"
# Several reports may be owed at once; the nearest are enough on a front page.
NAMED = 4


class ReportTasks:
    """What one person sees of the year's reports; three queries, some more with a draft of one's own."""

    def __init__(self, year: EmulationYear, part: Part, today: date) -> None:
        self.year = year
        self.part = part
        self.today = today
        self.own = part.own
        _, self.lines = period_lines(year, part.own, today)
        self.full = _full([line.own.report for line in self.lines if line.own and line.own.report])

    @property
    def opened(self) -> bool:
        """Whether the lead has opened the periods."""
        return bool(self.lines)

    @property
    def page(self) -> str:
        return reverse("reports:list", args=[self.year.pk])

    def due(self) -> Iterator[Task]:
        """What the own unit still has to hand in: what is late, what came back, what comes next."""
        for line, cell in self._owed():
            if self._is_ready(cell) and self.part.is_head:
                continue
            state, label = self._days(line)
            title, icon, note = self._words(line, cell)
            yield Task(title, self._own_page(line, cell), icon, note, state, label)

    def _owed(self) -> list[tuple[PeriodLine, Cell]]:
        """Not handed in and late, returned, or of the next due date."""
        open_ = [(line, line.own) for line in self.lines if line.own and not line.own.is_handed_in]
        coming = min((line.period.due_on for line, _ in open_ if not line.is_over), default=None)
        return [
            (line, cell)
            for line, cell in open_
            if line.is_over
            or line.period.due_on == coming
            or (cell.report is not None and cell.report.is_returned)
        ]

    def _words(self, line: PeriodLine, cell: Cell) -> tuple[str, str, str]:
        """Title, icon and note of a report that is owed."""
        name, report = _name(line), cell.report
        if report is not None and report.is_returned:
            return f"Sửa {name} bị trả lại", "undo-2", f"lý do: {report.return_reason}"
        if self._is_ready(cell):
            return f"Đã đủ số liệu {name}: chờ thủ trưởng duyệt và nộp", "send", ""
        if line.is_over and not (report and report.late_allowed_at):
            return _begin(name), "file-clock", "đã khoá nhập, đề nghị cụm trưởng cho nộp muộn"
        if report is None:
            return _begin(name), "file-spreadsheet", f"chưa làm, hạn {line.period.due_on:%d/%m/%Y}"
        allowed = "được nộp muộn, " if line.is_over else ""
        note = f"{allowed}đang làm, hạn {line.period.due_on:%d/%m/%Y}"
        return f"Làm tiếp {name}", "file-pen-line", note

    def _is_ready(self, cell: Cell) -> bool:
        """Never handed in and nothing lacks; what the checks say is on its page."""
        report = cell.report
        return report is not None and report.pk in self.full and not report.is_returned

    def waiting(self) -> Iterator[Task]:
        """For the head what may be handed in; for lead and superior what to accept, who is late."""
        if self.part.is_head:
            yield from self._to_hand_in()
        if self.part.leads or self.part.is_superior:
            for line in self.lines:
                yield from self._to_accept(line)
                yield from self._late(line)

    def _to_hand_in(self) -> Iterator[Task]:
        for line, cell in self._owed():
            if self._is_ready(cell):
                state, label = self._days(line)
                title = f"Duyệt và nộp {_name(line)}"
                note = "cán bộ đã ghi đủ số liệu"
                yield Task(title, self._own_page(line, cell), "send", note, state, label)

    def _to_accept(self, line: PeriodLine) -> Iterator[Task]:
        cells = [
            cell
            for cell in line.cells
            if cell.state == Report.State.SUBMITTED and self._decides(cell.membership)
        ]
        if cells:
            title = f"{len(cells)} {_name(line)} chờ chấp nhận"
            yield Task(title, self._period_page(line), "inbox", _names(cells))

    def _decides(self, membership: Membership) -> bool:
        """The lead over all others, the superior over the lead (`can_accept_report`)."""
        is_lead = membership.role == Membership.Role.LEAD
        return self.part.is_superior if is_lead else self.part.leads

    def _late(self, line: PeriodLine) -> Iterator[Task]:
        cells = [cell for cell in line.missing if cell.membership.pk != (self.own and self.own.pk)]
        if line.is_over and cells:
            state, label = self._days(line)
            title = f"{len(cells)} đơn vị chưa nộp {_name(line)}"
            yield Task(title, self._period_page(line), "user-x", _names(cells), state, label)

    def progress(self) -> Iterator[Progress]:
        """The period whose data were complete last, else the first one."""
        if not self.lines:
            return
        over = [line for line in self.lines if line.period.last_on <= self.today]
        line = over[-1] if over else self.lines[0]
        label = f"đã nộp {_name(line)}"
        total = len(line.cells)
        yield Progress(label, line.handed_in, total, self._period_page(line), "")

    def _days(self, line: PeriodLine) -> tuple[str, str]:
        return day_label(line.period.due_on, self.today, LATE)

    def _own_page(self, line: PeriodLine, cell: Cell) -> str:
        if cell.report is None:
            return self.page if not line.is_over else self._period_page(line)
        return reverse("reports:report", args=[self.year.pk, cell.report.pk])

    def _period_page(self, line: PeriodLine) -> str:
        return reverse("reports:period", args=[self.year.pk, line.period.pk])


def _name(line: PeriodLine) -> str:
    """“báo cáo quý IV”, “báo cáo 9 tháng”."""
    name = line.period.name
    return f"báo cáo {name[0].lower()}{name[1:]}"


def _begin(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}"


def _names(cells: Sequence[Cell]) -> str:
    names = [_member(cell) for cell in cells]
    more = f" và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _member(cell: Cell) -> str:
    returned = cell.report is not None and cell.report.is_returned
    name = cell.membership.organisation.short_name
    return f"{name} (đang sửa bản bị trả lại)" if returned else name


def _full(reports: Sequence[Report]) -> set[int]:
    """Keys of the drafts in which no figure, no list and no word lacks.

    No query without a draft, three with some, two for each full one that has a narrative.
    """
    drafts = [each for each in reports if each.state == Report.State.DRAFT]
    if not drafts:
        return set()
    filled, forms = filled_of(drafts), editions_of(drafts)
    return {
        each.pk
        for each in drafts
        if _has_all(each, forms[each.pk], filled[each.pk]) and not any(narrative_findings(each))
    }


def _has_all(report: Report, forms: Edition, filled: Filled) -> bool:
    """Whether every figure is there and every list answered."""
    return not any(
        blank(template, filled.values)
        if template.shape != Shape.LIST
        else template.key not in report.told_lists
        for template in forms.templates
    )
