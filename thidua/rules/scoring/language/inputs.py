"""Inputs and bands: what people report, and what a value is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.scoring.formulas import NAME, Formula, read_formula
from thidua.rules.scoring.language.data import choice, number


class InputKind(StrEnum):
    """Where a value comes from and what it looks like."""

    FIGURE = "figure"
    PERCENT = "percent"
    COUNT = "count"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    EVENTS = "events"
    FORMULA = "formula"


INPUT_KINDS = {
    InputKind.FIGURE: "Số liệu",
    InputKind.PERCENT: "Tỷ lệ %",
    InputKind.COUNT: "Số đếm",
    InputKind.DATE: "Ngày",
    InputKind.YES_NO: "Có hoặc không",
    InputKind.CHOICE: "Chọn mức",
    InputKind.EVENTS: "Điểm từng lần",
    InputKind.FORMULA: "Công thức",
}


NUMERIC = {InputKind.FIGURE, InputKind.PERCENT, InputKind.COUNT, InputKind.FORMULA}
# What a reported figure can fill in; the others are no numbers or are computed.
FED_KINDS = frozenset({InputKind.FIGURE, InputKind.PERCENT, InputKind.COUNT})


@dataclass(frozen=True)
class Input:
    """Số liệu đầu vào: one thing a rule asks for.

    `default` is what an empty field means, written in the table ("0" for a count of cases); ""
    means that the field must be filled in. `formula` is given exactly for kind FORMULA. `options`
    names the set of bands whose labels a CHOICE offers. `indicator` is the source of a reported
    figure (`rules.reporting.sources`), "" where people type the value.
    """

    key: str
    label: str
    kind: InputKind
    measure: str = ""
    formula: Formula | None = None
    default: str = ""
    options: str = ""
    indicator: str = ""

    @property
    def is_fed(self) -> bool:
        """Filled in from accepted reports where there are any."""
        return bool(self.indicator) and self.kind in FED_KINDS


@dataclass(frozen=True)
class Band:
    """Một bậc: numbers from `low` to `high` (None: no end), or a label; what it is worth.

    Worth `points`, or `share` per cent of the criterion's standard points. `tier` limits the band
    to one size of unit. In a set of tiers the label is the name of the tier and nothing is worth.
    """

    low: Fraction | None = None
    low_in: bool = True
    high: Fraction | None = None
    high_in: bool = False
    label: str = ""
    tier: str = ""
    points: Fraction | None = None
    share: Fraction | None = None

    def holds(self, value: Fraction) -> bool:
        """Whether the number lies in this band, ends as written."""
        above = self.low is None or value > self.low or (self.low_in and value == self.low)
        below = self.high is None or value < self.high or (self.high_in and value == self.high)
        return above and below

    def worth(self, maximum: Fraction | None) -> Fraction:
        """Points of this band for a criterion of `maximum` standard points."""
        if self.share is not None:
            return self.share * (maximum or 0) / 100
        return self.points if self.points is not None else Fraction(0)


def read_input(data: Mapping[str, Any]) -> Input:
    """One declared input; RuleError when it cannot be."""
    key, label = str(data.get("key", "")), str(data.get("label", ""))
    if not NAME.fullmatch(key):
        raise RuleError(
            f"mã số liệu “{key}” không dùng được: bắt đầu bằng chữ, chỉ gồm chữ, số, dấu “_” và “.”."
        )
    if not label.strip():
        raise RuleError(f"số liệu “{key}” chưa có tên.")
    kind = choice(InputKind, data.get("kind"), f"loại của số liệu “{key}”")
    formula = str(data.get("formula", ""))
    if (kind is InputKind.FORMULA) != bool(formula.strip()):
        raise RuleError(
            f"số liệu “{key}”: công thức chỉ ghi, và phải ghi, khi loại là “Công thức”."
        )
    if kind is InputKind.CHOICE and not data.get("options"):
        raise RuleError(f"số liệu “{key}”: loại “Chọn mức” phải ghi tên bộ bậc có các mức để chọn.")
    return Input(
        key=key,
        label=label,
        kind=kind,
        measure=str(data.get("measure", "")),
        formula=read_formula(formula) if kind is InputKind.FORMULA else None,
        default=str(data.get("default", "")),
        options=str(data.get("options", "")),
        indicator=" ".join(str(data.get("indicator", "")).split()),
    )


def read_band(data: Mapping[str, Any]) -> Band:
    """One band of a named set."""
    values: dict[str, Any] = {
        key: number(data[key], label)
        for key, label in (
            ("low", "mốc từ"),
            ("high", "mốc đến"),
            ("points", "điểm của bậc"),
            ("share", "tỷ lệ điểm của bậc"),
        )
        if data.get(key) is not None
    }
    band = Band(
        low_in=bool(data.get("low_in", True)),
        high_in=bool(data.get("high_in", False)),
        label=str(data.get("label", "")),
        tier=str(data.get("tier", "")),
        **values,
    )
    if band.low is not None and band.high is not None:
        both = band.low_in and band.high_in
        if band.low > band.high or (band.low == band.high and not both):
            raise RuleError("mốc từ phải nhỏ hơn mốc đến.")
    if band.points is not None and band.share is not None:
        raise RuleError("bậc chỉ ghi điểm hoặc tỷ lệ điểm, không ghi cả hai.")
    return band
