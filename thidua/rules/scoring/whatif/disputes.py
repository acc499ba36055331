"""Which open disputes could change the first place: by intervals, exact.

A disputed item may be worth any points from its lowest to its highest.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Generic

from thidua.rules.errors import RuleError
from thidua.rules.scoring.ranking import Key, named, shown
from thidua.rules.scoring.tree import Rounding

ZERO = Decimal(0)


@dataclass(frozen=True)
class Dispute:
    """Mục còn ý kiến: worth `now` points, and between `low` and `high` once it is settled."""

    path: str
    now: Decimal
    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.now <= self.high:
            raise RuleError(
                f"Tiêu chí {self.path}: điểm hiện tại {shown(self.now)} phải nằm từ"
                f" {shown(self.low)} đến {shown(self.high)}."
            )


@dataclass(frozen=True)
class Disputed:
    """One organisation: points that no longer move, and its open disputes (one for each path)."""

    fixed: Decimal
    disputes: tuple[Dispute, ...] = ()
    name: str = ""

    @property
    def now(self) -> Decimal:
        """The total before rounding as it stands."""
        return self.fixed + sum((each.now for each in self.disputes), ZERO)

    @property
    def low(self) -> Decimal:
        """The total if every dispute ends worst."""
        return self.fixed + sum((each.low for each in self.disputes), ZERO)

    @property
    def high(self) -> Decimal:
        """The total if every dispute ends best."""
        return self.fixed + sum((each.high for each in self.disputes), ZERO)


@dataclass(frozen=True)
class Combination(Generic[Key]):
    """As few disputes as can bring `challenger` level with the leader or beyond it."""

    challenger: Key
    items: tuple[tuple[Key, str], ...]
    sentence: str


@dataclass(frozen=True)
class FirstPlace(Generic[Key]):
    """What is open about the first place; items are (organisation, path).

    `leaders` now; `possible` may come first, alone or shared; `settled` comes first alone whatever
    happens. `alone`: disputes that change who leads though all others stay as they are. `matter`:
    disputes that decide who leads in some outcome of the others. `combinations`: for each who can
    overtake only by several together.
    """

    leaders: tuple[Key, ...]
    possible: tuple[Key, ...]
    settled: Key | None
    alone: tuple[tuple[Key, str], ...]
    matter: tuple[tuple[Key, str], ...]
    combinations: tuple[Combination[Key], ...]
    trace: tuple[str, ...]


def first_place(
    units: Mapping[Key, Disputed],
    rounding: Rounding | None = None,
    *,
    unknown: Sequence[str] = (),
) -> FirstPlace[Key]:
    """Who may come first, and which disputes decide it; `rounding` as the table's totals have.

    Disputed points add up: where a cap over several leaves binds, give the whole as one dispute.
    `unknown` says in words what else is still open (who has not handed in, what is not appraised):
    nobody is settled then.
    """
    open_ = _Open(units, rounding)
    possible = tuple(key for key in units if open_.may_lead(key))
    ahead = next((key for key in units if open_.leads_always(key)), None)
    settled = None if unknown else ahead
    alone = tuple(open_.alone())
    combinations = tuple(open_.combinations())
    matter = tuple(open_.matter())
    parts = (open_.leaders, possible, settled, alone, matter, combinations)
    if unknown and ahead is not None:
        trace = _ahead_for_now(units, ahead, open_.leaders, unknown)
    else:
        trace = chain(_sentences(units, *parts), _also_open(unknown))
    return FirstPlace(*parts, trace=tuple(trace))


class _Open(Generic[Key]):
    """The totals at their ends, rounded as the table says."""

    def __init__(self, units: Mapping[Key, Disputed], rounding: Rounding | None) -> None:
        self.units = units
        self.round: Callable[[Decimal], Decimal] = (
            rounding.apply if rounding else lambda total: total
        )
        self.now = {key: self.round(each.now) for key, each in units.items()}
        self.low = {key: self.round(each.low) for key, each in units.items()}
        self.high = {key: self.round(each.high) for key, each in units.items()}
        self.leaders = _leaders(self.now)

    def _others(self, totals: Mapping[Key, Decimal], key: Key) -> Decimal | None:
        """The best total of all others; None when there is no other."""
        return max((total for other, total in totals.items() if other != key), default=None)

    def may_lead(self, key: Key) -> bool:
        best = self._others(self.low, key)
        return best is None or self.high[key] >= best

    def leads_always(self, key: Key) -> bool:
        best = self._others(self.high, key)
        return best is None or self.low[key] > best

    def alone(self) -> Iterator[tuple[Key, str]]:
        """The leaders move with one item in one direction only, so that its ends tell all."""
        for key, unit in self.units.items():
            for each in unit.disputes:
                ends = (unit.now - each.now + end for end in (each.low, each.high))
                if any(
                    _leaders({**self.now, key: self.round(end)}) != self.leaders for end in ends
                ):
                    yield key, each.path

    def matter(self) -> Iterator[tuple[Key, str]]:
        """All of a total that can meet the best of the others: any of its items may be the last."""
        for key, unit in self.units.items():
            low, high = self._others(self.low, key), self._others(self.high, key)
            if low is None or high is None or self.low[key] == self.high[key]:
                continue
            if self.low[key] <= high and self.high[key] >= low:
                yield from ((key, each.path) for each in unit.disputes if each.low < each.high)

    def combinations(self) -> Iterator[Combination[Key]]:
        """A leader is met by rises of the challenger and, where it leads alone, by its own falls.

        Largest first is fewest; how many of each side is tried, because totals are rounded. Any
        fall of one who shares the lead changes the first place by itself.
        """
        if not self.leaders:
            return
        leader = self.leaders[0]
        sole = len(self.leaders) == 1
        falling = self.units[leader].disputes if sole else ()
        falls = _largest((each.now - each.low, each) for each in falling)
        for key, unit in self.units.items():
            if key in self.leaders:
                continue
            rises = _largest((each.high - each.now, each) for each in unit.disputes)
            chosen = self._fewest(key, leader, rises, falls)
            if chosen and sum(chosen) > 1:
                yield self._combination(key, leader, rises[: chosen[0]], falls[: chosen[1]])

    def _fewest(
        self, key: Key, leader: Key, rises: list[Dispute], falls: list[Dispute]
    ) -> tuple[int, int] | None:
        counts = sorted(
            ((up, down) for up in range(len(rises) + 1) for down in range(len(falls) + 1)),
            key=lambda each: (sum(each), each[1]),
        )
        for up, down in counts:
            if self._raised(key, rises[:up]) >= self._lowered(leader, falls[:down]):
                return up, down
        return None

    def _raised(self, key: Key, disputes: list[Dispute]) -> Decimal:
        return self.round(
            self.units[key].now + sum((each.high - each.now for each in disputes), ZERO)
        )

    def _lowered(self, key: Key, disputes: list[Dispute]) -> Decimal:
        return self.round(
            self.units[key].now - sum((each.now - each.low for each in disputes), ZERO)
        )

    def _combination(
        self, key: Key, leader: Key, rises: list[Dispute], falls: list[Dispute]
    ) -> Combination[Key]:
        names = {each: unit.name for each, unit in self.units.items()}
        up, down = self._raised(key, rises), self._lowered(leader, falls)
        items = (*((key, each.path) for each in rises), *((leader, each.path) for each in falls))
        moved = "; ".join(
            [f"{named([key], names)} được {shown(each.high)} ở {each.path}" for each in rises]
            + [
                f"{named([leader], names)} chỉ được {shown(each.low)} ở {each.path}"
                for each in falls
            ]
        )
        verb = "vượt" if up > down else "bằng"
        sentence = (
            f"{named([key], names)} {verb} {named([leader], names)} ({shown(up)} và {shown(down)}"
            f" điểm) nếu cùng lúc: {moved}."
        )
        return Combination(key, items, sentence)


def _leaders(totals: Mapping[Key, Decimal]) -> tuple[Key, ...]:
    best = max(totals.values(), default=None)
    return tuple(key for key, total in totals.items() if total == best)


def _largest(disputes: Iterator[tuple[Decimal, Dispute]]) -> list[Dispute]:
    """Those that can move, the largest move first; equal ones by path."""
    moving = [(move, each) for move, each in disputes if move > 0]
    return [each for _, each in sorted(moving, key=lambda pair: (-pair[0], pair[1].path))]


def _ahead_for_now(
    units: Mapping[Key, Disputed],
    ahead: Key,
    leaders: tuple[Key, ...],
    unknown: Sequence[str],
) -> Iterator[str]:
    names = {key: unit.name for key, unit in units.items()}
    yield _now(units, leaders, names)
    yield (
        f"Trong các đơn vị đã có điểm, {named([ahead], names)} đứng đầu dù các mục còn ý kiến được giải"
        f" quyết thế nào. Chưa chắc chắn vì {'; '.join(unknown)}."
    )


def _also_open(unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield f"Chưa tính tới những gì còn thay đổi được vì {'; '.join(unknown)}."


def _now(units: Mapping[Key, Disputed], leaders: tuple[Key, ...], names: Mapping[Key, str]) -> str:
    points = shown(max(unit.now for unit in units.values()))
    return f"Hiện đứng đầu: {named(leaders, names)}, {points} điểm trước khi làm tròn."


def _sentences(
    units: Mapping[Key, Disputed],
    leaders: tuple[Key, ...],
    possible: tuple[Key, ...],
    settled: Key | None,
    alone: tuple[tuple[Key, str], ...],
    matter: tuple[tuple[Key, str], ...],
    combinations: tuple[Combination[Key], ...],
) -> Iterator[str]:
    names = {key: unit.name for key, unit in units.items()}
    if not leaders:
        return
    yield _now(units, leaders, names)
    if settled is not None:
        yield (
            f"Vị trí thứ nhất đã chắc chắn: {named([settled], names)} đứng đầu dù các mục còn ý kiến"
            " được giải quyết thế nào."
        )
        return
    yield f"Còn có thể đứng đầu: {named(possible, names)}."
    for key, path in alone:
        each = next(each for each in units[key].disputes if each.path == path)
        yield (
            f"Riêng {path} của {named([key], names)} (nay {shown(each.now)}, có thể từ"
            f" {shown(each.low)} đến {shown(each.high)}) đã đủ làm thay đổi vị trí thứ nhất."
        )
    yield from (each.sentence for each in combinations)
    if not matter:
        yield "Không mục nào còn ý kiến làm thay đổi được vị trí thứ nhất."
