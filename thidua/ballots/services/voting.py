"""Taking a paper in: valid, of somebody on the roll, once – and nothing that says how or when.

No journal entry, no moment, no order is kept of a single vote (rules B3, B4): the roll says that
a person has voted; the box holds encrypted papers sorted by their own tracking numbers.
"""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Value, When

from thidua.accounts.models import User
from thidua.ballots.models import Ballot, BallotPaper, Elector
from thidua.ballots.permissions import is_secretary
from thidua.ballots.services.locks import State, locked
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

Way = Elector.Way
HAS_VOTED = {
    Way.ONLINE: "Bạn đã bỏ phiếu trên máy rồi; mỗi người chỉ bỏ một phiếu.",
    Way.PAPER: "Bạn đã nhận phiếu giấy nên không bỏ phiếu trên máy nữa.",
    Way.WRITTEN: "Ý kiến bằng văn bản của bạn đã được nhận nên không bỏ phiếu trên máy nữa.",
}
NOT_OPEN = {
    State.SETUP: "Cuộc bỏ phiếu chưa mở. Phiếu này chưa được nhận.",
    State.FROZEN: "Cuộc bỏ phiếu chưa mở. Phiếu này chưa được nhận.",
    State.CLOSED: "Cuộc bỏ phiếu đã đóng nên phiếu này không được nhận.",
    State.TALLIED: "Cuộc bỏ phiếu đã đóng nên phiếu này không được nhận.",
    State.CONCLUDED: "Cuộc bỏ phiếu đã kết thúc nên phiếu này không được nhận.",
    State.ANNULLED: "Cuộc bỏ phiếu đã bị hủy nên phiếu này không được nhận.",
}
WRONG_CODE = (
    "Mã phiếu không thuộc danh sách của cuộc bỏ phiếu này. Hãy kiểm tra từng chữ của mã đã nhận; "
    "nếu mất mã, hãy xin thư ký một phiếu giấy."
)
CODE_USED = "Mã phiếu này đã được dùng để bỏ một phiếu; mỗi mã chỉ dùng một lần."
COPIED = "Phiếu này đã có trong hòm phiếu; một phiếu không được nhận hai lần."


def cast(*, ballot: Ballot, text: str, actor: User) -> str:
    """Take one encrypted paper; returns its tracking number, which is the voter's receipt.

    The same paper sent again by the same person (double click, lost answer) gives the same
    receipt and nothing more. Everything else is refused by RuleError with its reason.
    """
    _refuse_unless_open(ballot)
    # The proofs take tens of milliseconds: checked before anything is locked.
    checked = belenios.check_ballot(belenios.read_election(ballot.election), text)
    try:
        return _take_in(ballot, text, checked, actor)
    except IntegrityError as error:
        raise RuleError(CODE_USED) from error


def _refuse_unless_open(ballot: Ballot) -> None:
    if ballot.state != State.OPEN:
        raise RuleError(NOT_OPEN[State(ballot.state)])


@transaction.atomic
def _take_in(ballot: Ballot, text: str, checked: belenios.Checked, actor: User) -> str:
    rows = Ballot.objects.select_for_update(of=("self",)).only("state", "credentials")
    ballot = rows.get(pk=ballot.pk)
    _refuse_unless_open(ballot)
    elector = ballot.electors.filter(user=actor).first() if actor.is_active else None
    if elector is None:
        raise PermissionDenied
    same = ballot.papers.filter(tracker=checked.tracker).exists()
    if elector.way:
        if same and elector.way == Way.ONLINE:
            return checked.tracker
        raise RuleError(HAS_VOTED[Way(elector.way)])
    if same:
        raise RuleError(COPIED)
    if checked.credential not in ballot.credentials:
        raise RuleError(WRONG_CODE)
    # A code used before: the database refuses a second paper of it.
    _put_into_box(
        BallotPaper(
            tracker=checked.tracker,
            ballot=ballot,
            credential=checked.credential,
            content=text,
        )
    )
    _mark(ballot, elector, Way.ONLINE)
    return checked.tracker


def _put_into_box(paper: BallotPaper) -> None:
    """Every paper is written anew, sorted: the storage tells neither order nor moment (B3)."""
    new = (paper.tracker, paper.ballot_id, paper.credential, paper.content)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(ANEW, [paper.ballot_id, *new])
            return
        cursor.execute(ALL, [paper.ballot_id])
        papers = sorted([*cursor.fetchall(), new])
        cursor.execute(NONE, [paper.ballot_id])
        cursor.executemany(ONE, papers)


ALL = "SELECT tracker, ballot_id, credential, content FROM ballots_ballotpaper WHERE ballot_id = %s"
NONE = "DELETE FROM ballots_ballotpaper WHERE ballot_id = %s"
ONE = (
    "INSERT INTO ballots_ballotpaper (tracker, ballot_id, credential, content) "
    "VALUES (%s, %s, %s, %s)"
)
# The same inside PostgreSQL: a megabyte of papers need not travel there and back.
ANEW = """
WITH old AS (
    DELETE FROM ballots_ballotpaper WHERE ballot_id = %s
    RETURNING tracker, ballot_id, credential, content
)
INSERT INTO ballots_ballotpaper (tracker, ballot_id, credential, content)
SELECT tracker, ballot_id, credential, content
FROM (SELECT * FROM old UNION ALL SELECT %s, %s, %s, %s) AS box
ORDER BY tracker
"""


def _mark(ballot: Ballot, elector: Elector, way: Elector.Way) -> None:
    """Every line of the roll is written anew with the one that changes, for the same reason."""
    ballot.electors.update(way=Case(When(pk=elector.pk, then=Value(way.value)), default=F("way")))


@transaction.atomic
def hand_out_paper(*, elector: Elector, written: bool, actor: User) -> None:
    """The secretary hands a printed paper to a present elector, or takes an absent one's opinion.

    From here on the elector cannot vote on a machine. Noted in the journal when the ballot
    closes, all at once, so that no moment is tied to a person.
    """
    ballot = locked(elector.ballot, State.OPEN)
    if not is_secretary(actor, ballot):
        raise PermissionDenied
    mine = ballot.electors.get(pk=elector.pk)
    if not ballot.allows_paper:
        raise RuleError("Cuộc bỏ phiếu này không dùng phiếu giấy.")
    way = Way.WRITTEN if written else Way.PAPER
    if mine.way == way:
        return
    if mine.way:
        raise RuleError(f"{mine} đã bỏ phiếu hoặc đã nhận phiếu giấy; mỗi người chỉ bỏ một phiếu.")
    if written and mine.is_present:
        raise RuleError(f"{mine} có mặt nên bỏ phiếu tại hội nghị, không gửi ý kiến bằng văn bản.")
    _mark(ballot, mine, way)


@transaction.atomic
def take_paper_back(*, elector: Elector, actor: User) -> None:
    """The paper handed out by mistake came back unused: the elector may vote on a machine again."""
    ballot = locked(elector.ballot, State.OPEN)
    if not is_secretary(actor, ballot):
        raise PermissionDenied
    mine = ballot.electors.get(pk=elector.pk)
    if mine.way not in {Way.PAPER, Way.WRITTEN}:
        raise RuleError(f"{mine} chưa nhận phiếu giấy.")
    _mark(ballot, mine, Way.NONE)
