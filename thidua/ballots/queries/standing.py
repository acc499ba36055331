"""Points where a ballot needs them: candidates in the order of the ranking, points joined with votes."""

from dataclasses import dataclass
from decimal import Decimal

from thidua.ballots.counts import settled
from thidua.ballots.models import PointsAndVotes, Question
from thidua.organisations.models import EmulationYear, Membership
from thidua.rules.ballots.results import Joined, JoiningRule, Standing, join
from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese
from thidua.scoring.queries import issued_set, ranking


def members_by_rank(year: EmulationYear) -> list[tuple[Membership, str]]:
    """Members, those with final points first and best, each with its points and place."""
    points = {one.sheet.membership_id: one for one in ranking(year)}
    members = list(year.memberships.select_related("organisation"))

    def place(one: Membership) -> tuple[int, int]:
        found = points.get(one.pk)
        return (found.place if found and found.place else 10**6, one.order)

    return [(one, _label(one, points.get(one.pk))) for one in sorted(members, key=place)]


def _label(member: Membership, found: object) -> str:
    total, place = getattr(found, "total", None), getattr(found, "place", None)
    if total is None or place is None:
        return f"{member.organisation} (chưa có điểm chính thức)"
    return f"{member.organisation} (hạng {place}, {vietnamese(total)} điểm)"


@dataclass(frozen=True)
class JoinedTable:
    """Places by points and votes; `waits` says why there are none yet."""

    rows: list[Joined]
    waits: str = ""


def joined_table(year: EmulationYear, kept: PointsAndVotes) -> JoinedTable:
    """Apply the year's rule; nothing is guessed while points or votes are not there."""
    criteria = issued_set(year)
    units = ranking(year, criteria) if criteria else []
    final = [one for one in units if one.total is not None]
    if criteria is None or len(final) < len(units) or not units:
        return JoinedTable([], "Điểm của các đơn vị chưa chính thức.")
    question = kept.question
    if question is None:
        return JoinedTable([], "Chưa chọn nội dung bỏ phiếu để lấy số phiếu.")
    if question.reveal == Question.Reveal.PASSED:
        return JoinedTable(
            [], "Nội dung này chỉ công bố đạt hay không đạt nên không lấy số phiếu được."
        )
    if not question.ballot.is_counted:
        return JoinedTable([], "Cuộc bỏ phiếu chưa kiểm xong.")
    counted = next(one for one in settled(question.ballot) if one.question.pk == question.pk)
    votes = {
        one.membership_id: counted.total.votes[place]
        for place, one in enumerate(counted.candidates)
        if one.membership_id
    }
    standings = [
        Standing(
            str(one.sheet.membership.organisation),
            one.total or Decimal(0),
            votes.get(one.sheet.membership_id),
        )
        for one in final
    ]
    try:
        return JoinedTable(
            join(
                JoiningRule.from_json(kept.rule),
                standings,
                most_points=criteria.scale,
                papers=counted.total.valid,
            )
        )
    except RuleError as error:
        return JoinedTable([], str(error))
