"""Points and votes together, by one written rule of the cluster (issue 5, "Points join votes")."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.rules.ballots.results.words import fraction_words, two_decimals
from thidua.rules.errors import RuleError
from thidua.rules.numbers import vietnamese


class Way(StrEnum):
    """How the two join."""

    VOTES_AMONG_FIRST = "votes_among_first"
    WEIGHTS = "weights"


@dataclass(frozen=True, kw_only=True)
class JoiningRule:
    """Votes decide among the `first` by points, or both are weighed: `points_weight` for points."""

    way: Way
    first: int = 3
    points_weight: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if self.first < 1:
            raise RuleError("Ô Số đơn vị dẫn đầu về điểm: phải từ 1 trở lên.")
        if not 0 <= self.points_weight <= 1:
            raise RuleError("Ô Trọng số của điểm: phải từ 0 đến 100 %.")

    def to_json(self) -> dict[str, Any]:
        return {
            "way": str(self.way),
            "first": self.first,
            "points_weight": str(self.points_weight),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "JoiningRule":
        """RuleError where the stored rule makes no sense."""
        try:
            return cls(
                way=Way(data["way"]),
                first=int(data.get("first", 3)),
                points_weight=Fraction(data.get("points_weight", "1/2")),
            )
        except (KeyError, ValueError, ZeroDivisionError) as error:
            raise RuleError("Quy tắc kết hợp điểm và phiếu chưa đủ. Hãy lập lại.") from error

    def words(self) -> str:
        """The rule in one sentence."""
        if self.way == Way.VOTES_AMONG_FIRST:
            return (
                f"Xếp theo điểm; trong {self.first} đơn vị đầu (tính cả đơn vị cùng điểm ở vị trí cuối), "
                "số phiếu quyết định thứ tự; cùng số phiếu thì điểm cao hơn đứng trước."
            )
        return (
            f"Điểm kết hợp = {fraction_words(self.points_weight)} × điểm quy về 100 + "
            f"{fraction_words(1 - self.points_weight)} × tỷ lệ phiếu quy về 100."
        )


@dataclass(frozen=True)
class Standing:
    """One unit: its points, and its votes; None where it did not stand."""

    name: str
    points: Decimal
    votes: int | None


@dataclass(frozen=True)
class Joined:
    """One unit's place; the same place for those the rule does not tell apart. `trace` explains."""

    name: str
    place: int
    score: Fraction | None
    trace: str


def join(
    rule: JoiningRule, units: Sequence[Standing], *, most_points: Decimal, papers: int
) -> list[Joined]:
    """Rank the units by the rule; `most_points` a unit can reach, `papers` the base of the votes.

    RuleError where a base is nothing: no rank is guessed.
    """
    if rule.way == Way.VOTES_AMONG_FIRST:
        return _among_first(rule, units)
    if most_points <= 0:
        raise RuleError("Chưa biết điểm tối đa của bảng điểm nên chưa quy điểm về 100 được.")
    if papers <= 0:
        raise RuleError("Chưa có phiếu nào nên chưa tính được tỷ lệ phiếu.")
    scored = [(_weigh(rule, one, most_points, papers), one) for one in units]
    return [
        Joined(
            one.name,
            1 + sum(other > score for other, _ in scored),
            score,
            _weigh_words(rule, one, most_points, papers, score),
        )
        for score, one in sorted(scored, key=lambda pair: (-pair[0], pair[1].name))
    ]


def _among_first(rule: JoiningRule, units: Sequence[Standing]) -> list[Joined]:
    by_points = sorted((one.points for one in units), reverse=True)
    bar = by_points[min(rule.first, len(by_points)) - 1] if by_points else Decimal(0)

    def key(one: Standing) -> tuple[int, int, Decimal]:
        leads = one.points >= bar
        return (0 if leads else 1, -(one.votes or 0) if leads else 0, -one.points)

    ordered = sorted(units, key=lambda one: (key(one), one.name))
    return [
        Joined(
            one.name,
            1 + sum(key(other) < key(one) for other in units),
            None,
            _first_words(rule, one, bar),
        )
        for one in ordered
    ]


def _first_words(rule: JoiningRule, one: Standing, bar: Decimal) -> str:
    points = f"{vietnamese(one.points)} điểm"
    if one.points < bar:
        return f"{points}, ngoài {rule.first} đơn vị đầu: xếp theo điểm."
    votes = "không có trong danh sách bỏ phiếu" if one.votes is None else f"{one.votes} phiếu"
    return f"{points}, trong {rule.first} đơn vị đầu; {votes} quyết định thứ tự."


def _weigh(rule: JoiningRule, one: Standing, most: Decimal, papers: int) -> Fraction:
    points = Fraction(one.points) / Fraction(most)
    votes = Fraction(one.votes or 0, papers)
    return 100 * (rule.points_weight * points + (1 - rule.points_weight) * votes)


def _weigh_words(
    rule: JoiningRule, one: Standing, most: Decimal, papers: int, score: Fraction
) -> str:
    return (
        f"{fraction_words(rule.points_weight)} × {vietnamese(one.points)}/{vietnamese(most)} × 100 + "
        f"{fraction_words(1 - rule.points_weight)} × {one.votes or 0}/{papers} × 100 = "
        f"{two_decimals(score)}"
    )
