"""The steps of urging as data: when, whom, by which channel. Our setting, no text of law has them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from thidua.rules.errors import RuleError

SHIPPED = Path(__file__).parent / "data" / "steps.toml"
EARLIEST, LATEST = -30, 60
# The schedule looks once an hour: in fewer minutes it might never meet the hours.
SHORTEST_HOURS = timedelta(hours=1)


class Level(StrEnum):
    """Whom a step reaches, from the desk upwards."""

    OFFICER = "officer"
    HEAD = "head"
    LEAD = "lead"
    SUPERIOR = "superior"

    @property
    def label(self) -> str:
        """As pages name it."""
        return LEVELS[self]


LEVELS = {
    Level.OFFICER: "cán bộ phụ trách",
    Level.HEAD: "thủ trưởng đơn vị",
    Level.LEAD: "cụm trưởng",
    Level.SUPERIOR: "cấp trên",
}


class Channel(StrEnum):
    """How an urging goes out; in the product always."""

    PRODUCT = "product"
    MAIL = "mail"

    @property
    def label(self) -> str:
        """As pages name it."""
        return CHANNELS[self]


CHANNELS = {
    Channel.PRODUCT: "trong phần mềm",
    Channel.MAIL: "trong phần mềm và thư điện tử",
}


class Side(StrEnum):
    """On which side of the due date a step lies; a step never changes it."""

    BEFORE = "before"
    DUE = "due"
    AFTER = "after"


@dataclass(frozen=True)
class Step:
    """One step. `offset`: calendar days from the due date, negative before it."""

    key: str
    name: str
    offset: int
    to: tuple[Level, ...]
    channel: Channel = Channel.MAIL
    is_on: bool = True

    @property
    def side(self) -> Side:
        """Before, on or after the due date."""
        if self.offset == 0:
            return Side.DUE
        return Side.BEFORE if self.offset < 0 else Side.AFTER

    @property
    def when(self) -> str:
        """The offset in words."""
        if self.side == Side.DUE:
            return "đúng ngày đến hạn"
        return f"{'trước' if self.offset < 0 else 'sau'} hạn {abs(self.offset)} ngày"

    @property
    def whom(self) -> str:
        """The levels in words."""
        return ", ".join(each.label for each in self.to) or "không ai"

    def in_words(self) -> str:
        """The whole step in one line, as the journal tells it."""
        if not self.is_on:
            return f"{self.name}: tắt"
        return f"{self.name}: {self.when}, {self.whom}, {self.channel.label}"


@dataclass(frozen=True)
class Rule:
    """The steps in order, the hours in which they go out, and how long a missed one is made up."""

    steps: tuple[Step, ...]
    from_time: time
    until_time: time
    catch_up_days: int

    @property
    def active(self) -> tuple[Step, ...]:
        """The steps that are on."""
        return tuple(each for each in self.steps if each.is_on)

    @property
    def hours(self) -> str:
        """The hours in words."""
        return f"{self.from_time:%H:%M} – {self.until_time:%H:%M}"

    def is_open(self, moment: time) -> bool:
        """Whether urgings go out at this time of a working day."""
        return self.from_time <= moment < self.until_time


def read_rule(data: Mapping[str, Any]) -> Rule:
    """The rule from plain values, as in the TOML or stored by `rule_to_data`."""
    return Rule(
        steps=tuple(_step(each) for each in data["step"]),
        from_time=time.fromisoformat(data["from"]),
        until_time=time.fromisoformat(data["until"]),
        catch_up_days=int(data["catch_up_days"]),
    )


def _step(data: Mapping[str, Any]) -> Step:
    return Step(
        key=str(data["key"]),
        name=str(data["name"]),
        offset=int(data["offset"]),
        to=tuple(level for level in Level if level in data["to"]),
        channel=Channel(data["channel"]),
        is_on=bool(data.get("is_on", True)),
    )


def rule_to_data(rule: Rule) -> dict[str, Any]:
    """Plain values that `read_rule` reads back to the same rule."""
    return {
        "from": rule.from_time.isoformat("minutes"),
        "until": rule.until_time.isoformat("minutes"),
        "catch_up_days": rule.catch_up_days,
        "step": [
            {
                "key": each.key,
                "name": each.name,
                "offset": each.offset,
                "to": [str(level) for level in each.to],
                "channel": str(each.channel),
                "is_on": each.is_on,
            }
            for each in rule.steps
        ],
    }


@cache
def shipped_rule() -> Rule:
    """What counts where a year's lead has set nothing."""
    return read_rule(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def check_rule(rule: Rule) -> None:
    """Refuse a rule that would urge nobody, backwards or never. Raises `RuleError`."""
    known = [(each.key, each.side) for each in shipped_rule().steps]
    if [(each.key, each.side) for each in rule.steps] != known:
        raise RuleError(
            "Các bước đôn đốc phải đủ và đúng thứ tự; bước trước hạn không chuyển thành bước sau hạn "
            "được. Muốn bỏ một bước, hãy tắt bước đó."
        )
    if not rule.from_time < rule.until_time:
        raise RuleError("Giờ bắt đầu gửi đôn đốc phải trước giờ kết thúc.")
    if _since_midnight(rule.until_time) - _since_midnight(rule.from_time) < SHORTEST_HOURS:
        raise RuleError(
            "Khoảng giờ gửi đôn đốc phải dài ít nhất một giờ, vì phần mềm xem và gửi đôn đốc mỗi giờ "
            "một lần."
        )
    for each in rule.active:
        _check_step(each)
    for one, other in zip(rule.active, rule.active[1:], strict=False):
        if one.offset >= other.offset:
            raise RuleError(f"“{other.name}” phải sau “{one.name}” ít nhất một ngày.")


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)


def _check_step(step: Step) -> None:
    if not EARLIEST <= step.offset <= LATEST:
        raise RuleError(
            f"“{step.name}”: đặt trước hạn nhiều nhất {-EARLIEST} ngày, sau hạn nhiều nhất {LATEST} ngày."
        )
    if not step.to:
        raise RuleError(f"“{step.name}”: hãy chọn ít nhất một nơi nhận, hoặc tắt bước này.")


def differences(old: Rule, new: Rule) -> list[tuple[str, str]]:
    """What a change changes: old and new line of each, in order; nothing where they are the same."""
    lines = [
        (one.in_words(), other.in_words()) for one, other in zip(old.steps, new.steps, strict=True)
    ]
    lines.append((f"giờ gửi {old.hours}", f"giờ gửi {new.hours}"))
    return [(one, other) for one, other in lines if one != other]
