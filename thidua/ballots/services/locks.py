"""The first lines of every act: the row locked, in a state in which the act makes sense."""

from datetime import datetime
from typing import Any

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.ballots.models import Ballot
from thidua.rules.errors import RuleError

State = Ballot.State
STALE = (
    "Người khác vừa sửa cuộc bỏ phiếu này nên việc bạn vừa làm chưa được ghi nhận. "
    "Hãy xem nội dung đang lưu rồi làm lại."
)
WRONG_STATE = {
    State.SETUP: "Danh sách chưa chốt nên chưa làm được việc này. Hãy chốt danh sách trước.",
    State.FROZEN: (
        "Danh sách đã chốt nên không sửa được nữa. Muốn sửa, hãy mở lại danh sách và ghi lý do."
    ),
    State.OPEN: "Cuộc bỏ phiếu đang diễn ra nên không làm được việc này.",
    State.CLOSED: "Cuộc bỏ phiếu đã đóng.",
    State.TALLIED: "Cuộc bỏ phiếu đã kiểm xong.",
    State.CONCLUDED: "Cuộc bỏ phiếu đã kết thúc, biên bản đã ký nên không thay đổi được.",
    State.ANNULLED: "Cuộc bỏ phiếu đã bị hủy nên không thay đổi được.",
}


def locked(ballot: Ballot, *allowed: Ballot.State, version: int | None = None) -> Ballot:
    """The ballot's row, locked; RuleError where it is in none of the states.

    `version` is what the person had before them: another one means somebody else was faster (R08).
    """
    found = (
        Ballot.objects.select_for_update(of=("self",))
        .select_related("year__cluster")
        .get(pk=ballot.pk)
    )
    if found.state not in allowed:
        raise RuleError(WRONG_STATE[State(found.state)])
    if version is not None and version != found.version:
        raise RuleError(STALE)
    return found


def keep(
    ballot: Ballot, actor: User, action: Action, at: datetime, *fields: str, **details: Any
) -> Ballot:
    """Save the fields, count the version up, write the journal."""
    ballot.version += 1
    ballot.save(update_fields=[*fields, "version"])
    record(actor, action, ballot, at=at, **details)
    return ballot
