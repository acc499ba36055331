"""The front page: what is due from a person, what waits for them, where the year stands."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from thidua.accounts.models import User
from thidua.documents.models import SignerCertificate, SigningRound
from thidua.documents.queries import SigningBoard, signing_board
from thidua.movements.models import Launch
from thidua.organisations.models import EmulationYear, Membership, Milestone
from thidua.organisations.permissions import (
    heads_lead,
    is_administrator,
    is_head_of,
    is_superior_of,
    leads,
    own_membership,
)
from thidua.pacts.content import content_fingerprint
from thidua.pacts.models import Comment, PactVersion
from thidua.scoring.models import CriteriaSet, ScoreSheet, SectionAppraiser
from thidua.scoring.queries import issued_set
from thidua.ui.timeline import Milestone as Mark


@dataclass(frozen=True)
class Task:
    """One thing to do, with the page on which it is done."""

    title: str
    url: str
    icon: str
    note: str = ""
    state: str = ""
    label: str = ""


@dataclass(frozen=True)
class Progress:
    """How far the members are with one step."""

    label: str
    done: int
    total: int
    url: str
    note: str = ""


@dataclass
class Dashboard:
    """Everything the front page shows."""

    year: EmulationYear
    due: list[Task] = field(default_factory=list)
    waiting: list[Task] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    own: Membership | None = None


class _Builder:
    """Collects the front page of one person; each step of the year is one method."""

    def __init__(self, user: User, year: EmulationYear, today: date) -> None:
        self.user = user
        self.year = year
        self.today = today
        self.board = Dashboard(year, own=own_membership(user, year))
        self.own = self.board.own
        self.is_head = self.own is not None and is_head_of(user, self.own.organisation_id)
        self.leads = leads(user, year)
        self.heads_lead = heads_lead(user, year)
        self.memberships = list(year.memberships.select_related("organisation"))
        self.total = len(self.memberships)
        self.milestones = {m.kind: m for m in year.milestones.all()}

    def build(self) -> Dashboard:
        self.set_up()
        if self.total:
            launch = self.launch()
            pact = self.pact(launch)
            self.certificates(pact)
            self.scale()
            self.sheets()
        self.timeline()
        return self.board

    def url(self, name: str, *args: object) -> str:
        return reverse(name, args=[self.year.pk, *args])

    def due(self, title: str, url: str, icon: str, kind: str = "", note: str = "") -> None:
        state, label = self._deadline(kind)
        self.board.due.append(Task(title, url, icon, note, state, label))

    def waiting(self, title: str, url: str, icon: str, note: str = "") -> None:
        self.board.waiting.append(Task(title, url, icon, note))

    def _deadline(self, kind: str) -> tuple[str, str]:
        milestone = self.milestones.get(kind)
        if milestone is None:
            return "", ""
        days = (milestone.due_on - self.today).days
        if days < 0:
            return "overdue", f"quá mốc {-days} ngày"
        if days == 0:
            return "due", "hôm nay"
        return ("due" if days <= 7 else "open"), f"còn {days} ngày"

    def set_up(self) -> None:
        if not self.total and (self.leads or is_administrator(self.user)):
            self.due(
                "Chọn đơn vị thành viên, cụm trưởng, cụm phó",
                self.url("organisations:year_setup"),
                "users",
            )

    def launch(self) -> Launch | None:
        launch = Launch.objects.filter(year=self.year).first()
        page = self.url("movements:launch")
        if launch is None or launch.published_at is None:
            if self.heads_lead and launch is not None:
                self.due("Công bố phát động", page, "megaphone", "launch")
            elif self.leads:
                title = "Soạn phát động phong trào" if launch is None else "Hoàn thiện phát động"
                self.due(title, page, "megaphone", "launch")
            return None
        received = launch.receipts.count()
        self.board.progress.append(Progress("đã nhận phát động", received, self.total, page))
        if self.is_head and not launch.receipts.filter(membership=self.own).exists():
            self.due("Xác nhận đã nhận phát động", page, "mail-check", "launch")
        return launch

    def pact(self, launch: Launch | None) -> PactVersion | None:
        pact = PactVersion.objects.filter(year=self.year).order_by("-number").first()
        page = self.url("pacts:board")
        if pact is None:
            if self.leads and launch is not None:
                self.due("Soạn giao ước thi đua", page, "file-pen-line", "pact")
            return None
        if pact.state == PactVersion.State.DRAFT:
            if self.leads:
                self.due("Gửi giao ước lấy ý kiến", page, "send", "pact")
        elif pact.state == PactVersion.State.CONSULTING:
            self._consultation(pact, page)
        elif pact.signing is not None:
            self._signing(pact.signing)
        return pact

    def _consultation(self, pact: PactVersion, page: str) -> None:
        agreed = pact.agreements.filter(content=content_fingerprint(pact))
        count = agreed.count()
        self.board.progress.append(Progress("thống nhất giao ước", count, self.total, page))
        if self.own is not None and not agreed.filter(membership=self.own).exists():
            title = "Đọc, góp ý và thống nhất giao ước" if self.is_head else "Góp ý giao ước"
            self.due(title, page, "message-square-text", "pact")
        if self.leads:
            unanswered = Comment.objects.filter(
                commitment__group__pact=pact, answered_at=None
            ).count()
            if unanswered:
                self.waiting(f"{unanswered} góp ý giao ước chờ trả lời", page, "messages-square")
            elif count == self.total and self.heads_lead:
                self.waiting("Mọi đơn vị đã thống nhất: chốt giao ước", page, "lock")

    def _signing(self, signing: SigningRound) -> None:
        board: SigningBoard = signing_board(signing)
        page = self.url("documents:signing", signing.pk)
        self.board.progress.append(
            Progress("đã ký giao ước", len(board.signed), board.total, page)
        )
        missing = {place.organisation_id for place in board.missing}
        if self.own is not None and self.own.organisation_id in missing and not signing.is_closed:
            self.due("Ký giao ước thi đua", page, "pen-line", "pact")

    def certificates(self, pact: PactVersion | None) -> None:
        if not is_superior_of(self.user, self.year):
            return
        page = self.url("documents:certificates")
        registered = set(
            SignerCertificate.objects.filter(
                withdrawn_at=None,
                organisation__in=[m.organisation_id for m in self.memberships],
            ).values_list("organisation", flat=True)
        )
        lacking = self.total - len(registered)
        if lacking:
            self.due(
                f"Đăng ký chứng thư số cho {lacking} thủ trưởng đơn vị", page, "badge-check", "pact"
            )

    def scale(self) -> None:
        if not self.leads or issued_set(self.year) is not None:
            return
        draft = CriteriaSet.objects.filter(year=self.year).exists()
        title = "Ban hành bảng điểm" if draft else "Nhập bảng điểm từ tệp Excel"
        self.due(title, self.url("scoring:scale"), "list-checks", "self_score")

    def sheets(self) -> None:
        table = issued_set(self.year)
        if table is None:
            return
        sheets = list(
            ScoreSheet.objects.filter(criteria_set=table)
            .select_related("membership__organisation")
            .annotate(
                unappraised=Count("scores", filter=Q(scores__appraised_at=None)),
                unscored=Count(
                    "scores", filter=Q(scores__base=None, scores__criterion__maximum__isnull=False)
                ),
            )
        )
        states = ScoreSheet.State
        page = self.url("scoring:sheet_list")
        submitted = sum(sheet.state != states.DRAFT for sheet in sheets)
        final = [sheet for sheet in sheets if sheet.state == states.FINALISED]
        self.board.progress += [
            Progress("đã nộp bảng tự chấm", submitted, len(sheets), page),
            Progress("đã chốt điểm", len(final), len(sheets), self.url("scoring:ranking")),
        ]
        for sheet in sheets:
            if self.own is not None and sheet.membership_id == self.own.pk:
                self._own_sheet(sheet)
        self._sheets_to_close(sheets, table)

    def _own_sheet(self, sheet: ScoreSheet) -> None:
        page = self.url("scoring:sheet", sheet.pk)
        if sheet.state == ScoreSheet.State.DRAFT:
            left = sheet.unscored  # type: ignore[attr-defined]
            if left:
                self.due("Tự chấm điểm", page, "clipboard-pen", "self_score", f"còn {left} tiêu chí")
            elif self.is_head:
                self.due("Duyệt và nộp bảng tự chấm", page, "send", "self_score")

    def _sheets_to_close(self, sheets: list[ScoreSheet], table: CriteriaSet) -> None:
        submitted = [s for s in sheets if s.state == ScoreSheet.State.SUBMITTED]
        page = self.url("scoring:sheet_list")
        if self.heads_lead:
            ready = [s for s in submitted if not s.unappraised]  # type: ignore[attr-defined]
            if ready:
                names = ", ".join(s.membership.organisation.short_name for s in ready)
                self.waiting(f"{len(ready)} bảng điểm chờ chốt", page, "lock", names)
        mine = SectionAppraiser.objects.filter(user=self.user, criterion__criteria_set=table)
        sections = list(mine.values_list("criterion", flat=True))
        if not sections:
            return
        own = self.own.pk if self.own else None
        for sheet in submitted:
            if sheet.membership_id == own:
                continue
            done = sheet.completed_sections.filter(criterion__in=sections).count()
            if done < len(sections):
                self.waiting(
                    f"Thẩm định bảng điểm của {sheet.membership.organisation.short_name}",
                    self.url("scoring:sheet", sheet.pk),
                    "clipboard-check",
                    f"{done}/{len(sections)} phần đã xong",
                )

    def timeline(self) -> None:
        for milestone in self.milestones.values():
            self.board.marks.append(
                Mark(
                    on=milestone.due_on,
                    label=milestone.get_kind_display(),
                    url=self._milestone_url(milestone),
                )
            )

    def _milestone_url(self, milestone: Milestone) -> str:
        name = {
            Milestone.Kind.LAUNCH: "movements:launch",
            Milestone.Kind.PACT: "pacts:board",
            Milestone.Kind.SELF_SCORE: "scoring:sheet_list",
            Milestone.Kind.APPRAISAL: "scoring:sheet_list",
        }.get(Milestone.Kind(milestone.kind))
        return self.url(name) if name else ""


def dashboard(user: User, year: EmulationYear, today: date) -> Dashboard:
    """The front page of one person for one year."""
    return _Builder(user, year, today).build()
