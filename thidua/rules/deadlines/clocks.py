"""The statutory clocks as data: which period, from which event, by which article, in force when.

The data is in `data/clocks/*.toml`; numbers not read in a text of law carry `basis = "setting"`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from thidua.rules.deadlines.counting import Period, Unit
from thidua.rules.deadlines.days import shorten, written
from thidua.rules.deadlines.outcomes import (
    BadCircumstances,
    Basis,
    Circumstances,
    OutsideValidity,
    UnknownClock,
    cited,
)
from thidua.rules.errors import RuleError

ORDINARY = "ordinary"
VARIANTS: Mapping[str, str] = {
    ORDINARY: "thông thường",
    "complex": "phức tạp",
    "especially-complex": "đặc biệt phức tạp",
    "remote": "vùng sâu, vùng xa, đi lại khó khăn",
    "remote-complex": "vùng sâu, vùng xa và phức tạp",
    "several-places": "phải kiểm tra ở nhiều nơi hoặc ủy quyền kiểm tra",
    "dismissal": "kỷ luật buộc thôi việc",
    "ttcp": "của Thanh tra Chính phủ",
    "commune-chair": "Chủ tịch Ủy ban nhân dân cấp xã",
}


class Direction(StrEnum):
    """Whether the act is due after the event or at least so long before it."""

    AFTER = "after"
    BEFORE = "before"


class GovernedBy(StrEnum):
    """Which day chooses the law in force: the event's, or the beginning of the whole case."""

    START = "start"
    CASE = "case"


@dataclass(frozen=True)
class SuspensionRule:
    """When time does not run, and by which article.

    `longest_days` is a warning, not a wall; `transition` is said of periods begun before `valid_from`.
    """

    what: str
    valid_from: date
    law: str
    article: str
    basis: Basis = Basis.LAW
    longest_days: int | None = None
    transition: str = ""


@dataclass(frozen=True)
class Version:
    """A clock as it stood from `valid_from` to `valid_to` (None: still in force).

    `lengths` and `extensions` go by variant. `straddle` is said when the period ends after `valid_to`.
    """

    valid_from: date
    valid_to: date | None
    law: str
    article: str
    basis: Basis
    lengths: Mapping[str, Period]
    extensions: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    straddle: str = ""
    note: str = ""

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    @property
    def span(self) -> str:
        """The time it is in force, in words."""
        since = f"từ {written(self.valid_from)}"
        return f"{since} đến {written(self.valid_to)}" if self.valid_to else since

    @property
    def citation(self) -> str:
        return cited(self.law, self.article)


@dataclass(frozen=True)
class Clock:
    """Một thời hạn theo luật: what is due, counted from what, in its versions through time.

    `start` names the event without "ngày": "nhận được đơn khiếu nại". `is_granted` means that the
    length stands in a decision, not in the law. `closing` says what the end means.
    """

    code: str
    name: str
    group: str
    start: str
    versions: tuple[Version, ...]
    direction: Direction = Direction.AFTER
    governed_by: GovernedBy = GovernedBy.START
    suspension: SuspensionRule | None = None
    is_granted: bool = False
    closing: str = ""
    extension_note: str = ""

    def version_for(self, circumstances: Circumstances) -> Version:
        """The version that governs the case. Raises `OutsideValidity`, naming the rule."""
        day = self._governing_day(circumstances)
        for version in self.versions:
            if version.covers(day):
                return version
        spans = "; ".join(f"{each.span} ({each.law})" for each in self.versions)
        what = "bắt đầu cuộc thanh tra" if circumstances.began_on else self.start
        raise OutsideValidity(
            f"Thời hạn “{self.name}” mà phần mềm có chỉ áp dụng {spans}. "
            f"Ngày {what} là {written(day)}, nằm ngoài thời gian đó nên không tính."
        )

    def _governing_day(self, circumstances: Circumstances) -> date:
        began = circumstances.began_on
        if began is None:
            return circumstances.start_on
        if self.governed_by is not GovernedBy.CASE:
            raise BadCircumstances(
                f"Thời hạn “{self.name}” chọn luật theo ngày {self.start}; "
                "không ghi ngày bắt đầu vụ việc."
            )
        if began > circumstances.start_on:
            raise BadCircumstances(
                f"Ngày bắt đầu cuộc thanh tra ({written(began)}) muộn hơn ngày {self.start} "
                f"({written(circumstances.start_on)}). Hãy kiểm tra lại."
            )
        return began


def variant_of(version: Version, wanted: str, name: str) -> str:
    """The code of a variant given by code or Vietnamese name; the first one if nothing is given.

    The words of a code may come in any order ("complex-remote"). Raises `BadCircumstances`.
    """
    if not wanted.strip():
        return next(iter(version.lengths))
    for code in version.lengths:
        if _words(wanted) in (_words(code), _words(VARIANTS[code])):
            return code
    known = ", ".join(f"{code} ({VARIANTS[code]})" for code in version.lengths)
    raise BadCircumstances(
        f"Thời hạn “{name}” không có trường hợp “{shorten(wanted)}”. Các trường hợp: {known}."
    )


def _words(text: str) -> list[str]:
    for mark in "-,+_":
        text = text.replace(mark, " ")
    return sorted(text.lower().split())


def find_clock(clocks: Mapping[str, Clock], code: str) -> Clock:
    """The clock of that code. Raises `UnknownClock`, naming those with a similar code."""
    if code in clocks:
        return clocks[code]
    near = ", ".join(_near(clocks, code.lower()))
    hint = f"Có thể là: {near}." if near else "Xem danh sách bằng: thidua deadline --list."
    raise UnknownClock(f"Không có thời hạn mang mã “{shorten(code)}”. {hint}")


def _near(clocks: Mapping[str, Clock], code: str) -> list[str]:
    """Codes of the same subject, or spelt much like it."""
    import difflib  # only for a slip: every other command starts without it

    subject = code.split("-", maxsplit=1)[0]
    close = difflib.get_close_matches(code[:60], clocks, n=3)
    return close or [each for each in clocks if each.split("-")[0] == subject]


def with_setting(
    clocks: Mapping[str, Clock], code: str, lengths: Mapping[str, Period]
) -> dict[str, Clock]:
    """The same clocks with the lengths of one setting replaced, variant by variant.

    Only numbers that rest on a setting may be changed; what a law says stays. A length keeps its
    unit of extensions, so only days may replace days where extensions exist. Raises `RuleError`.
    """
    clock = find_clock(clocks, code)
    if not any(each.basis is Basis.SETTING for each in clock.versions):
        raise RuleError(
            f"Thời hạn “{clock.name}” do {clock.versions[-1].citation} quy định, không đặt lại được."
        )
    versions = tuple(_reset(clock, each, lengths) for each in clock.versions)
    return {**clocks, code: replace(clock, versions=versions)}


def _reset(clock: Clock, version: Version, lengths: Mapping[str, Period]) -> Version:
    if version.basis is not Basis.SETTING:
        return version
    found = dict(version.lengths)
    for wanted, period in lengths.items():
        variant = variant_of(version, wanted, clock.name)
        if not counts_onward(period) or any(
            each.unit is not period.unit for each in version.extensions.get(variant, ())
        ):
            raise RuleError(
                f"Không đặt được “{period}” cho “{clock.name}”: phải cùng cách đếm với "
                f"“{version.lengths[variant]}”."
            )
        found[variant] = period
    return replace(version, lengths=found)


def counts_onward(period: Period) -> bool:
    """Whether the period is a plain stretch of time that can be extended and suspended."""
    return period.unit not in (Unit.HOURS, Unit.AT_ONCE, Unit.DAYS_A_MONTH)


def by_code(clocks: Iterable[Clock]) -> dict[str, Clock]:
    """Clocks in their order, found by code."""
    return {each.code: each for each in clocks}
