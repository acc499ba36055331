"""What the pages of a ballot read: a fixed number of queries, whatever the size of the roll."""

from dataclasses import dataclass, field

from thidua.accounts.models import User
from thidua.ballots.models import Ballot, Candidate, Elector, PaperCount, Question, Teller
from thidua.ballots.permissions import chairs_count, is_chair, is_secretary
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.permissions import leads
from thidua.rules.ballots.results import Asked, reveals

State = Ballot.State
PHASES = (
    (State.SETUP, "Chuẩn bị"),
    (State.FROZEN, "Kiểm tra danh sách"),
    (State.OPEN, "Bỏ phiếu"),
    (State.CLOSED, "Kiểm phiếu"),
    (State.TALLIED, "Kết quả, biên bản"),
    (State.CONCLUDED, "Kết thúc"),
)


@dataclass(frozen=True)
class Phase:
    """One step of the course of a ballot, as `ui/steps.html` shows it."""

    label: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class OwnPart:
    """What the person looking is in this ballot."""

    user: User
    can_prepare: bool
    is_chair: bool
    chairs_count: bool
    is_secretary: bool
    elector: Elector | None
    teller: Teller | None

    @property
    def runs_count(self) -> bool:
        """May read totals that are reported as passed or not passed only."""
        return self.is_chair or self.chairs_count or self.is_secretary or self.teller is not None


@dataclass(frozen=True)
class Turnout:
    """How many have voted, never who or how."""

    entitled: int
    present: int
    checked: int
    voted: int

    @property
    def missing(self) -> int:
        return self.entitled - self.voted


@dataclass
class BallotView:
    """One ballot with everything its pages show."""

    ballot: Ballot
    part: OwnPart
    questions: list[Question]
    electors: list[Elector]
    tellers: list[Teller]
    phases: list[Phase] = field(default_factory=list)

    @property
    def turnout(self) -> Turnout:
        return turnout_of(self.electors)

    @property
    def own_candidacies(self) -> list[Candidate]:
        """Candidates of the person's own unit, or of the person as chair's unit (conflict)."""
        own = self.part.elector.membership_id if self.part.elector else None
        return [
            one
            for question in self.questions
            for one in question.candidates.all()
            if own is not None and one.membership_id == own
        ]


def turnout_of(electors: list[Elector]) -> Turnout:
    return Turnout(
        entitled=len(electors),
        present=sum(one.is_present for one in electors),
        checked=sum(one.has_checked for one in electors),
        voted=sum(bool(one.way) for one in electors),
    )


def ballot_view(user: User, ballot: Ballot) -> BallotView:
    """The ballot as one person sees it; seven queries."""
    electors = list(ballot.electors.select_related("membership__organisation", "user"))
    tellers = list(ballot.tellers.select_related("user"))
    questions = list(
        ballot.questions.prefetch_related(
            "candidates__membership__organisation", "decisions__candidates"
        )
    )
    secretary = is_secretary(user, ballot)
    part = OwnPart(
        user=user,
        can_prepare=secretary or leads(user, ballot.year),
        is_chair=is_chair(user, ballot),
        chairs_count=chairs_count(user, ballot),
        is_secretary=secretary,
        elector=next((one for one in electors if one.user_id == user.pk), None),
        teller=next((one for one in tellers if one.user_id == user.pk), None),
    )
    return BallotView(
        ballot=ballot,
        part=part,
        questions=questions,
        electors=electors,
        tellers=tellers,
        phases=phases_of(ballot),
    )


def phases_of(ballot: Ballot) -> list[Phase]:
    """The course of the ballot; of an annulled one, up to where it was ended."""
    if ballot.state == State.ANNULLED:
        return [Phase("Đã hủy", "current", ballot.annulled_reason)]
    order = [state for state, _ in PHASES]
    here = order.index(State(ballot.state))
    done = ballot.state == State.CONCLUDED
    return [
        Phase(
            label,
            "done" if index < here or done else "current" if index == here else "next",
        )
        for index, (_, label) in enumerate(PHASES)
    ]


def conflict_of_chair(view: BallotView) -> list[Candidate]:
    """Candidates of the chair's own unit: another may chair the count (emulation-cluster.md §3)."""
    chair = view.ballot.count_chair_id or view.ballot.chair_id
    unit = next((one.membership_id for one in view.electors if one.user_id == chair), None)
    return [
        one
        for question in view.questions
        for one in question.candidates.all()
        if unit is not None and one.membership_id == unit and one.is_standing
    ]


@dataclass(frozen=True)
class BallotLine:
    """One ballot in the list of a year, with what is asked of the person there."""

    ballot: Ballot
    tasks: list["OwnTask"]


def ballots_of(user: User, year: EmulationYear) -> list[BallotLine]:
    """Every ballot of the year with the person's own tasks; five queries."""
    ballots = list(Ballot.objects.visible_to(user, year).select_related("year__cluster"))
    electors = {one.ballot_id: one for one in Elector.objects.filter(ballot__in=ballots, user=user)}
    tellers: dict[int, list[Teller]] = {}
    for teller in Teller.objects.filter(ballot__in=ballots):
        tellers.setdefault(teller.ballot_id, []).append(teller)
    counted = set(
        PaperCount.objects.filter(ballot__in=ballots, teller__user=user).values_list(
            "ballot", "channel"
        )
    )
    ways = set(
        Elector.objects.filter(
            ballot__in=[one for one in ballots if one.state == State.CLOSED]
        ).values_list("ballot", "way")
    )
    return [
        BallotLine(
            ballot,
            own_tasks(
                user,
                ballot,
                electors.get(ballot.pk),
                tellers.get(ballot.pk, []),
                to_count={
                    channel
                    for channel in PaperCount.Channel.values
                    if (ballot.pk, channel) in ways and (ballot.pk, channel) not in counted
                },
            ),
        )
        for ballot in ballots
    ]


@dataclass(frozen=True)
class OwnTask:
    """Something a ballot asks of one person now: the words, the address and its further keys."""

    title: str
    route: str
    icon: str
    args: tuple[str, ...] = ()


def own_tasks(
    user: User,
    ballot: Ballot,
    elector: Elector | None,
    tellers: list[Teller],
    *,
    to_count: set[str],
) -> list[OwnTask]:
    """What the ballot asks of the person, in the order of its course."""
    mine = next((one for one in tellers if one.user_id == user.pk), None)
    return [
        *_tasks_of_teller(ballot, mine, tellers, to_count),
        *_tasks_of_elector(ballot, elector),
        *_tasks_of_who_runs(user, ballot),
    ]


def _tasks_of_teller(
    ballot: Ballot, mine: Teller | None, tellers: list[Teller], to_count: set[str]
) -> list[OwnTask]:
    if mine is None:
        return []
    step = key_step(ballot, mine, tellers)
    found = []
    if step in TELLER_TASKS:
        found.append(OwnTask(TELLER_TASKS[step], "ballots:keys", "key-round"))
    if ballot.state == State.CLOSED:
        found += [
            OwnTask(
                f"Nhập số {PaperCount.Channel(channel).label.lower()} đã đếm",
                "ballots:paper_count",
                "calculator",
                (channel,),
            )
            for channel in sorted(to_count)
        ]
    return found


def _tasks_of_elector(ballot: Ballot, elector: Elector | None) -> list[OwnTask]:
    if elector is None:
        return []
    if ballot.state == State.FROZEN and not elector.has_checked:
        return [OwnTask("Kiểm tra danh sách, nhận mã phiếu", "ballots:check", "list-checks")]
    if ballot.state == State.OPEN and not elector.way:
        return [OwnTask("Bỏ phiếu", "ballots:vote", "vote")]
    return []


def _tasks_of_who_runs(user: User, ballot: Ballot) -> list[OwnTask]:
    """Of the secretary, the chair and who chairs the count."""
    if is_secretary(user, ballot):
        return {
            State.SETUP: [OwnTask("Chuẩn bị, chốt danh sách", "ballots:ballot", "list-checks")],
            State.FROZEN: [OwnTask("Điểm danh người có mặt", "ballots:roll", "user-check")],
            State.OPEN: [OwnTask("Theo dõi, phát phiếu giấy", "ballots:roll", "users")],
        }.get(State(ballot.state), [])
    if ballot.state == State.FROZEN and is_chair(user, ballot):
        return [OwnTask("Mở bỏ phiếu khi đủ người", "ballots:ballot", "play")]
    if ballot.state == State.OPEN and chairs_count(user, ballot):
        return [OwnTask("Đóng bỏ phiếu khi mọi người bỏ xong", "ballots:ballot", "square")]
    if ballot.state == State.TALLIED and chairs_count(user, ballot):
        return [OwnTask("Xem kết quả, ký biên bản", "ballots:result", "file-pen")]
    return []


TELLER_TASKS = {
    "certificate": "Lập phần khóa của bạn (bước 1/4)",
    "polynomial": "Lập phần khóa của bạn (bước 2/4)",
    "voutput": "Lập phần khóa của bạn (bước 3/4)",
    "rehearsal": "Diễn tập mở phiếu (bước 4/4)",
    "partial": "Mở phiếu bằng phần khóa của bạn",
}


def key_step(ballot: Ballot, mine: Teller, tellers: list[Teller]) -> str:
    """What the teller does next: certificate, polynomial, voutput, rehearsal, partial;
    "wait" while others are to do theirs, "done" when nothing is left."""
    if ballot.state == State.SETUP:
        return _step_of_set_up(ballot, mine, tellers)
    if ballot.state == State.CLOSED and ballot.result is None and ballot.encrypted_tally:
        return "wait" if mine.partial else "partial"
    if ballot.state in {State.FROZEN, State.OPEN}:
        return "wait"
    return "done"


def _step_of_set_up(ballot: Ballot, mine: Teller, tellers: list[Teller]) -> str:
    for name in ("certificate", "polynomial", "voutput"):
        if not getattr(mine, name):
            return name
        if not all(getattr(one, name) for one in tellers):
            return "wait"
    if not mine.rehearsal and ballot.rehearsal:
        return "rehearsal"
    return "wait"


KEY_STEPS = ("certificate", "polynomial", "voutput", "rehearsal")


@dataclass(frozen=True)
class KeyState:
    """How far one teller is with the key, and with opening the sum."""

    teller: Teller
    done: int
    has_opened: bool


def key_states(tellers: list[Teller]) -> list[KeyState]:
    """Of every teller the steps done, out of four."""
    return [
        KeyState(one, sum(bool(getattr(one, step)) for step in KEY_STEPS), bool(one.partial))
        for one in tellers
    ]


def paper_channels_to_count(view: BallotView) -> set[str]:
    """Ways of voting on paper whose figures the person, a teller, has not entered yet."""
    if view.ballot.state != State.CLOSED or view.part.teller is None:
        return set()
    entered = set(
        view.ballot.paper_counts.filter(teller=view.part.teller).values_list("channel", flat=True)
    )
    ways = {one.way for one in view.electors}
    return {one for one in PaperCount.Channel.values if one in ways} - entered


def without_elector(view: BallotView) -> list[Membership]:
    """Members nobody votes for; they still count in a share of all members."""
    if view.ballot.electorate != Ballot.Electorate.UNITS:
        return []
    there = {one.membership_id for one in view.electors}
    rows = view.ballot.year.memberships.select_related("organisation")
    return [one for one in rows if one.pk not in there]


def reveals_of(view: BallotView) -> tuple[list[str], list[str]]:
    """What the totals of this ballot can tell about single voters, and what they cannot."""
    return reveals(
        len(view.electors),
        [
            Asked(
                one.text,
                one.kind == Question.Kind.APPROVE,
                one.reveal == Question.Reveal.PASSED,
            )
            for one in view.questions
        ],
    )


def single_papers(view: BallotView) -> list[str]:
    """A way of voting with one paper only: opening or counting it shows that very paper."""
    ways = [one.way for one in view.electors]
    return [
        f"Mới có đúng một lá phiếu bỏ bằng cách “{Elector.Way(way).label.lower()}”: khi kiểm, người "
        "kiểm phiếu sẽ thấy nội dung của chính lá phiếu đó. Nên để thêm người bỏ bằng cách này, hoặc "
        "để người đó bỏ bằng cách khác."
        for way in (Elector.Way.ONLINE, Elector.Way.PAPER, Elector.Way.WRITTEN)
        if ways.count(way) == 1
    ]
