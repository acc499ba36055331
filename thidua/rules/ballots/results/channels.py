"""What one way of voting gave: papers issued, returned, valid, and the votes on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from thidua.rules.errors import RuleError

SMALLEST_SHOWN_APART = 5
"""Fewer papers than this of one kind are never shown apart from the others: they tell who cast them."""


@dataclass(frozen=True, kw_only=True)
class ChannelCount:
    """Papers of one question that came one way; `votes` follow the standing candidates.

    returned = valid + blank + invalid. A blank paper names nobody; an invalid one breaks a rule.
    """

    issued: int
    returned: int
    valid: int
    invalid: int
    blank: int
    votes: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """As stored and compared: two tellers agree when these are equal."""
        return {
            "issued": self.issued,
            "returned": self.returned,
            "valid": self.valid,
            "invalid": self.invalid,
            "blank": self.blank,
            "votes": list(self.votes),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ChannelCount":
        """RuleError where a number is missing or is no whole number from 0 on."""
        try:
            names = ("issued", "returned", "valid", "invalid", "blank")
            numbers = {name: _whole(data[name]) for name in names}
            return cls(**numbers, votes=tuple(_whole(one) for one in data["votes"]))
        except (KeyError, TypeError) as error:
            raise RuleError(
                "Số liệu kiểm phiếu thiếu ô hoặc có ô không phải là số nguyên từ 0 trở lên."
            ) from error


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(value)
    return value


def electronic(row: Iterable[int], papers: int) -> ChannelCount:
    """A result row of the protocol – [blank, c1 … cn] – of `papers` encrypted papers."""
    blank, *votes = row
    return ChannelCount(
        issued=papers,
        returned=papers,
        valid=papers - blank,
        invalid=0,
        blank=blank,
        votes=tuple(votes),
    )


def together(counts: Iterable[ChannelCount], candidates: int) -> ChannelCount:
    """The sum of all ways of voting; nothing but noughts where nobody voted."""
    all_counts = list(counts)
    return ChannelCount(
        issued=sum(one.issued for one in all_counts),
        returned=sum(one.returned for one in all_counts),
        valid=sum(one.valid for one in all_counts),
        invalid=sum(one.invalid for one in all_counts),
        blank=sum(one.blank for one in all_counts),
        votes=tuple(sum(one.votes[place] for one in all_counts) for place in range(candidates)),
    )


def check_channel(count: ChannelCount, *, candidates: int, most: int, approves: bool) -> None:
    """Refuse figures that no set of papers can give; RuleError names the field and the way out.

    `most` is how many candidates a paper may choose; `approves`: agree or disagree for each.
    """
    if len(count.votes) != candidates:
        raise RuleError("Số ô số phiếu không bằng số người trong danh sách. Hãy tải lại trang.")
    if count.returned > count.issued:
        raise RuleError(
            f"Ô Số phiếu thu về: {count.returned} nhiều hơn số phiếu phát ra ({count.issued})."
        )
    parts = count.valid + count.blank + count.invalid
    if parts != count.returned:
        raise RuleError(
            f"Phiếu hợp lệ, phiếu trắng và phiếu không hợp lệ cộng lại là {parts}, khác số phiếu "
            f"thu về ({count.returned}). Hãy đếm lại."
        )
    for place, votes in enumerate(count.votes, 1):
        if votes > count.valid:
            raise RuleError(
                f"Dòng {place}: {votes} phiếu, nhiều hơn số phiếu hợp lệ ({count.valid})."
            )
    chosen = sum(count.votes)
    if chosen > count.valid * most:
        raise RuleError(
            f"Tổng số phiếu các dòng là {chosen}, nhiều hơn mức {count.valid} phiếu hợp lệ × tối đa "
            f"{most} lựa chọn."
        )
    if not approves and chosen < count.valid:
        raise RuleError(
            f"Tổng số phiếu các dòng là {chosen}, ít hơn số phiếu hợp lệ ({count.valid}): phiếu hợp "
            "lệ phải chọn ít nhất một dòng; phiếu không chọn dòng nào ghi là phiếu trắng."
        )


def may_be_shown_apart(counts: Iterable[ChannelCount]) -> bool:
    """Whether ways of voting may be told one by one: each used one has papers enough to hide in."""
    used = [one.returned for one in counts if one.returned]
    return len(used) > 1 and min(used) >= SMALLEST_SHOWN_APART
