"""A ballot as an archive that Belenios' own program verifies, and its fingerprint."""

import hashlib

from django.utils import timezone

from thidua.ballots.models import Ballot
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

State = Ballot.State
NOT_YET = "Hồ sơ kiểm chứng chỉ tải được sau khi cuộc bỏ phiếu đã đóng."
GONE = (
    "Phiếu mã hóa đã được tiêu hủy theo quy chế của cụm. Ai đã tải hồ sơ trước đó vẫn đối chiếu "
    "được với mã băm ghi trong nhật ký và biên bản."
)


def archive_of(ballot: Ballot) -> bytes:
    """The .bel file of a closed ballot; the same bytes every time for the same state.

    RuleError before the closing, after destruction, or where nobody voted on a machine.
    """
    if ballot.state not in {State.CLOSED, State.TALLIED, State.CONCLUDED}:
        raise RuleError(NOT_YET)
    if ballot.destroyed_at is not None:
        raise RuleError(GONE)
    if not ballot.encrypted_tally or ballot.opened_at is None:
        raise RuleError("Không có phiếu nào bỏ trên máy nên không có hồ sơ kiểm chứng.")
    partials = {one.order: one.partial for one in ballot.tellers.all() if one.partial}
    return belenios.archive(
        ballot.election,
        ballot.trustees,
        ballot.credentials,
        list(ballot.papers.values_list("content", flat=True)),
        timestamp=int(timezone.localtime(ballot.opened_at).timestamp()),
        tally_text=ballot.encrypted_tally,
        partials=partials if ballot.result is not None else {},
        result=ballot.result,
    )


def may_have_archive(ballot: Ballot) -> bool:
    """Closed, not destroyed, and somebody voted on a machine."""
    return ballot.is_closed and ballot.destroyed_at is None and bool(ballot.encrypted_tally)


def archive_sha256(ballot: Ballot) -> str:
    """SHA-256 of the archive in hexadecimal; empty where there is none."""
    if not ballot.encrypted_tally:
        return ""
    return hashlib.sha256(archive_of(ballot)).hexdigest()
