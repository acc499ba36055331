"""The front page: what is due from a person, what waits for them, where the year stands."""

from datetime import date

from django.urls import reverse

from thidua.accounts.models import User
from thidua.ballots.queries.board import ballots_of
from thidua.documents.models import SignerCertificate, SigningRound
from thidua.documents.queries import signing_board
from thidua.home.queries.board import (
    Dashboard,
    Progress,
    Step,
    Task,
    deadline,
    mark,
    order_steps,
)
from thidua.home.queries.reports import ReportTasks
from thidua.movements.models import Launch
from thidua.organisations.models import EmulationYear, Milestone
from thidua.organisations.permissions import part_in
from thidua.pacts.content import content_fingerprint
from thidua.pacts.models import Comment, PactVersion
from thidua.rules.numbers import vietnamese
from thidua.scoring.models import (
    CriteriaSet,
    Criterion,
    CrossReview,
    CrossReviewRound,
    ScoreSheet,
)
from thidua.scoring.queries import SheetLine, appraisal_work, issued_set, sheet_lines
from thidua.scoring.queries.cross_review_results import Scope
from thidua.scoring.queries.cross_review_results import results as cross_review_results

Kind = Milestone.Kind
PAGES = {
    Kind.LAUNCH: "movements:launch",
    Kind.PACT: "pacts:board",
    Kind.SELF_SCORE: "scoring:sheet_list",
    Kind.APPRAISAL: "scoring:sheet_list",
}


def dashboard(user: User, year: EmulationYear, today: date) -> Dashboard:
    """The front page of one person for one year; a fixed number of queries."""
    return _Builder(user, year, today).build()


def _ready(line: SheetLine) -> str:
    """A sheet that may be closed; closing ends the time for explanations, so what is open is said."""
    name = line.membership.organisation.short_name
    return (
        f"{name} (còn {line.answerable} điểm đơn vị chưa giải trình)" if line.answerable else name
    )


class _Builder:
    """Collects the front page of one person; each step of the year is one method."""

    def __init__(self, user: User, year: EmulationYear, today: date) -> None:
        self.user = user
        self.year = year
        self.today = today
        self.part = part_in(user, year)
        self.own = self.part.own
        self.board = Dashboard(year, self.part)
        self.members = set(year.memberships.values_list("organisation", flat=True))
        self.total = len(self.members)
        self.milestones = {m.kind: m for m in year.milestones.all()}

    def build(self) -> Dashboard:
        if self.total:
            launch = self.launch()
            self.pact(launch)
            self.certificates()
            self.reports()
            self.points()
            self.ballots()
        elif self.part.can_set_up:
            self.due(
                "Chọn đơn vị thành viên, cụm trưởng, cụm phó",
                self.url("organisations:year_setup"),
                "users",
            )
        order_steps(self.board.steps)
        self.timeline()
        return self.board

    def ballots(self) -> None:
        """What the year's ballots ask of the person, nearest first."""
        for line in reversed(ballots_of(self.user, self.year)):
            for task in line.tasks:
                url = self.url(task.route, line.ballot.pk, *task.args)
                self.board.due.append(Task(task.title, url, task.icon, line.ballot.title))

    def url(self, name: str, *args: object) -> str:
        return reverse(name, args=[self.year.pk, *args])

    def due(self, title: str, url: str, icon: str, kind: str = "", note: str = "") -> None:
        state, label = deadline(self.milestones.get(kind), self.today)
        self.board.due.append(Task(title, url, icon, note, state, label))

    def waiting(self, title: str, url: str, icon: str, note: str = "") -> None:
        self.board.waiting.append(Task(title, url, icon, note))

    def progress(self, label: str, done: int, url: str, kind: str) -> None:
        self.board.progress.append(Progress(label, done, self.total, url, kind))

    def step(self, label: str, url: str, *, done: bool, note: str = "") -> None:
        if self.own is not None:
            self.board.steps.append(Step(label, url, done, note))

    # --- Launch and pact ---------------------------------------------------------------------
    def launch(self) -> Launch | None:
        launch = Launch.objects.filter(year=self.year).first()
        page = self.url("movements:launch")
        if launch is None or launch.published_at is None:
            self._unpublished(launch, page)
            self.step("Nhận phát động", page, done=False)
            return None
        received = set(launch.receipts.values_list("membership", flat=True))
        self.progress("đã nhận phát động", len(received), page, Kind.LAUNCH)
        has = self.own is not None and self.own.pk in received
        self.step("Nhận phát động", page, done=has)
        if self.part.is_head and not has:
            self.due("Xác nhận đã nhận phát động", page, "mail-check", Kind.LAUNCH)
        return launch

    def _unpublished(self, launch: Launch | None, page: str) -> None:
        if self.part.heads_lead and launch is not None:
            self.due("Công bố phát động", page, "megaphone", Kind.LAUNCH)
        elif self.part.leads:
            title = "Soạn phát động phong trào" if launch is None else "Hoàn thiện phát động"
            self.due(title, page, "megaphone", Kind.LAUNCH)

    def pact(self, launch: Launch | None) -> None:
        pact = (
            PactVersion.objects.filter(year=self.year)
            .select_related("signing")
            .order_by("-number")
            .first()
        )
        page = self.url("pacts:board")
        agreed = signed = False
        if pact is None:
            if self.part.leads and launch is not None:
                self.due("Soạn giao ước thi đua", page, "file-pen-line", Kind.PACT)
        elif pact.state == PactVersion.State.DRAFT:
            if self.part.leads:
                self.due("Gửi giao ước lấy ý kiến", page, "send", Kind.PACT)
        elif pact.state == PactVersion.State.CONSULTING:
            agreed = self._consultation(pact, page)
        elif pact.signing is not None:
            agreed, signed = True, self._signing(pact.signing)
        self.step("Thống nhất giao ước", page, done=agreed)
        self.step("Ký giao ước", page, done=signed)

    def _consultation(self, pact: PactVersion, page: str) -> bool:
        """Whether the person's organisation agrees to the text as it stands."""
        agreed = set(
            pact.agreements.filter(content=content_fingerprint(pact)).values_list(
                "membership", flat=True
            )
        )
        self.progress("đã thống nhất giao ước", len(agreed), page, Kind.PACT)
        has = self.own is not None and self.own.pk in agreed
        if self.own is not None and not has:
            title = "Đọc, góp ý và thống nhất giao ước" if self.part.is_head else "Góp ý giao ước"
            self.due(title, page, "message-square-text", Kind.PACT)
        if self.part.leads:
            asked = Comment.objects.filter(commitment__group__pact=pact, answered_at=None).count()
            if asked:
                self.waiting(f"{asked} góp ý giao ước chờ trả lời", page, "messages-square")
            elif len(agreed) == self.total and self.part.heads_lead:
                self.waiting("Mọi đơn vị đã thống nhất: chốt giao ước", page, "lock")
        return has

    def _signing(self, signing: SigningRound) -> bool:
        """Whether the person's organisation has signed."""
        board = signing_board(signing)
        page = self.url("documents:signing", signing.pk)
        self.progress("đã ký giao ước", len(board.signed), page, Kind.PACT)
        missing = board.place_of(self.own) is not None
        if missing and not signing.is_closed:
            title = "Ký giao ước thi đua" if self.part.is_head else "Giao ước chờ thủ trưởng ký"
            self.due(title, page, "pen-line", Kind.PACT)
        return not missing

    def certificates(self) -> None:
        if not self.part.is_superior:
            return
        registered = set(
            SignerCertificate.objects.filter(
                withdrawn_at=None, organisation__in=self.members
            ).values_list("organisation", flat=True)
        )
        lacking = self.total - len(registered)
        if lacking:
            self.due(
                f"Đăng ký chứng thư số cho {lacking} thủ trưởng đơn vị",
                self.url("documents:certificates"),
                "badge-check",
                Kind.PACT,
            )

    # --- Reports -----------------------------------------------------------------------------
    def reports(self) -> None:
        found = ReportTasks(self.year, self.part, self.today)
        self.board.due.extend(found.due())
        self.board.waiting.extend(found.waiting())
        self.board.progress.extend(found.progress())
        if self.part.leads and not found.opened:
            self.due("Mở các kỳ báo cáo của năm", found.page, "calendar-plus")

    # --- Points ------------------------------------------------------------------------------
    def points(self) -> None:
        page = self.url("scoring:sheet_list")
        table = issued_set(self.year)
        if table is None:
            self._no_table()
            self.step("Tự chấm và nộp", page, done=False)
            self.step("Thẩm định", page, done=False)
            self.step("Chốt điểm", page, done=False)
            return
        lines = sheet_lines(table)
        submitted = sum(line.sheet.state != ScoreSheet.State.DRAFT for line in lines)
        final = sum(line.sheet.state == ScoreSheet.State.FINALISED for line in lines)
        self.progress("đã nộp bảng tự chấm", submitted, page, Kind.SELF_SCORE)
        self.progress("đã chốt điểm", final, self.url("scoring:ranking"), Kind.APPRAISAL)
        for line in lines:
            if self.own is not None and line.membership.pk == self.own.pk:
                self._own_sheet(line)
        waiting = [line for line in lines if line.sheet.state == ScoreSheet.State.SUBMITTED]
        self._to_finalise(waiting, page)
        self._to_appraise(waiting, table)
        self._cross_reviews(table)

    def _no_table(self) -> None:
        if not self.part.leads:
            return
        draft = CriteriaSet.objects.filter(year=self.year).exists()
        title = "Ban hành bảng điểm" if draft else "Nhập bảng điểm từ tệp Excel"
        self.due(title, self.url("scoring:scale"), "list-checks", Kind.SELF_SCORE)

    def _own_sheet(self, line: SheetLine) -> None:
        sheet = line.sheet
        page = self.url("scoring:sheet", sheet.pk)
        draft = sheet.state == ScoreSheet.State.DRAFT and not sheet.is_set_aside
        final = sheet.state == ScoreSheet.State.FINALISED
        left = line.total - line.scored
        if draft and sheet.return_reason:
            note = f"lý do: {sheet.return_reason}"
            self.due("Sửa bảng tự chấm được trả lại", page, "undo-2", Kind.SELF_SCORE, note)
        elif draft and left:
            note = f"còn {left} trên {line.total} tiêu chí"
            self.due("Tự chấm điểm", page, "clipboard-pen", Kind.SELF_SCORE, note)
        elif draft:
            title = "Duyệt và nộp bảng tự chấm"
            if not self.part.is_head:
                title = "Đã tự chấm đủ: chờ thủ trưởng duyệt và nộp"
            self.due(title, page, "send", Kind.SELF_SCORE)
        if sheet.state == ScoreSheet.State.SUBMITTED and line.answerable:
            title = f"{line.answerable} điểm bị thay đổi: xem lý do, giải trình nếu không đồng ý"
            self.waiting(title, page, "message-square-text")
        scored = f"{line.scored}/{line.total} tiêu chí"
        appraised = f"{line.appraised}/{line.total} tiêu chí"
        points = f"{vietnamese(sheet.final_score)} điểm" if sheet.final_score is not None else ""
        handed_in = sheet.state != ScoreSheet.State.DRAFT
        note = "Không nộp" if sheet.is_set_aside else scored
        self.step("Tự chấm và nộp", page, done=handed_in, note="" if handed_in else note)
        self.step(
            "Thẩm định",
            page,
            done=line.appraised == line.total and handed_in,
            note=appraised if handed_in and not final else "",
        )
        self.step("Chốt điểm", page, done=final, note=points)

    def _to_finalise(self, lines: list[SheetLine], page: str) -> None:
        if not self.part.heads_lead:
            return
        ready = [line for line in lines if line.appraised == line.total and not line.replies]
        if ready:
            names = ", ".join(map(_ready, ready))
            self.waiting(f"{len(ready)} bảng điểm chờ chốt", page, "lock", names)

    def _cross_reviews(self, table: CriteriaSet) -> None:
        """Reviews the person's unit still owes, and for the lead what a closed round left open."""
        rounds = list(CrossReviewRound.objects.filter(criteria_set=table).order_by("pk"))
        open_ = {round.pk: round for round in rounds if round.state == CrossReviewRound.State.OPEN}
        if self.own is not None and open_:
            owed = self.own.cross_reviews_made.filter(
                round__in=open_, state=CrossReview.State.DRAFT
            ).values_list("round", flat=True)
            for key in dict.fromkeys(owed):
                title = f"Chấm chéo {list(owed).count(key)} đơn vị"
                self.waiting(title, self.url("scoring:cross_review_round", key), "scale")
        closed = [round for round in rounds if round.state == CrossReviewRound.State.CLOSED]
        if self.part.leads and closed:
            left = cross_review_results(Scope(closed[-1], None)).unsettled
            if left:
                page = self.url("scoring:cross_review_results", closed[-1].pk)
                self.waiting(f"{left} chênh lệch chấm chéo chờ kết luận", page, "scale")

    def _to_appraise(self, lines: list[SheetLine], table: CriteriaSet) -> None:
        """The sheets of others whose sections the person appraises."""
        sections = list(
            Criterion.objects.filter(criteria_set=table, appraisers__user=self.user).distinct()
        )
        others = [line for line in lines if self.own is None or line.membership.pk != self.own.pk]
        work = appraisal_work([line.sheet for line in others], sections)
        for line in others:
            parts = work.get(line.sheet.pk, [])
            left = [part for part in parts if not part.is_done]
            if left:
                self.waiting(
                    f"Thẩm định bảng điểm của {line.membership.organisation.short_name}",
                    self.url("scoring:sheet", line.sheet.pk),
                    "clipboard-check",
                    f"{len(parts) - len(left)}/{len(parts)} phần đã xong",
                )

    def timeline(self) -> None:
        # The later step of a milestone speaks for it: signing, not agreeing.
        reached = {progress.milestone: progress for progress in self.board.progress}
        for milestone in self.milestones.values():
            name = PAGES.get(Kind(milestone.kind))
            url = self.url(name) if name and self.total else ""
            self.board.marks.append(mark(milestone, url, reached, self.today))
        coming = [found for found in self.board.marks if found.on >= self.today]
        self.board.next_mark = min(coming, key=lambda found: found.on, default=None)
