"""One leaf scored from its rule and a unit's figures, for worked examples."""

from decimal import Decimal

from hypothesis import settings

from thidua.rules.scoring import Claim, CriterionNode, Facts, Setting, Unit, examine_leaf
from thidua.rules.scoring.kinds import lead_of
from thidua.rules.scoring.language import leaf_rule, read_table_rules

# A slow machine is no failure.
some = settings(max_examples=50, deadline=None)

INPUTS = [
    {"key": "so", "label": "Số liệu", "kind": "figure"},
    {"key": "ty_le", "label": "Tỷ lệ", "kind": "percent", "measure": "%"},
    {"key": "dem", "label": "Số lần chậm", "kind": "count", "default": "0"},
    {"key": "dem2", "label": "Số lần sai", "kind": "count", "default": "0"},
    {"key": "ngay", "label": "Ngày gửi", "kind": "date"},
    {"key": "han", "label": "Hạn gửi", "kind": "date", "default": "2026-12-15"},
    {"key": "co", "label": "Đã làm", "kind": "yes_no", "default": "no"},
    {"key": "mien", "label": "Tự phát hiện", "kind": "yes_no", "default": "no"},
    {"key": "muc", "label": "Mức hoàn thành", "kind": "choice", "options": "Mức"},
    {"key": "lan", "label": "Điểm từng kỳ", "kind": "events"},
    {"key": "xong", "label": "Số đã xong", "kind": "count"},
    {"key": "tong", "label": "Tổng số", "kind": "count"},
    {"key": "ct", "label": "Tỷ lệ xong", "kind": "formula", "formula": "xong / tong * 100"},
]
BANDS = {
    # Table A, C1: above 98 gives 5, 97 to below 98 gives 4, 96 to below 97 gives 3; 98 is nowhere.
    "Thu gom": [
        {"low": "98", "low_in": False, "points": "5"},
        {"low": "97", "high": "98", "points": "4"},
        {"low": "96", "high": "97", "points": "3"},
    ],
    "Phần trăm": [{"low": "95", "share": "100"}, {"low": "0", "high": "95", "share": "80"}],
    "Mức": [{"label": "Vượt", "points": "5"}, {"label": "Đạt", "points": "3.5"}],
    "Cỡ": [{"high": "1000", "label": "nhỏ"}, {"low": "1000", "label": "lớn"}],
    "Theo cỡ": [
        {"low": "0", "high": "5", "tier": "nhỏ", "points": "0.5"},
        {"low": "5", "tier": "nhỏ", "points": "1"},
        {"low": "0", "high": "5", "tier": "lớn", "points": "1"},
        {"low": "5", "tier": "lớn", "points": "1.5"},
    ],
    "Ngày chậm": [{"low": "1", "high": "6", "points": "0.5"}, {"low": "6", "points": "2"}],
}


def rules_of(**changes):
    """The rules of a table with the inputs and bands above."""
    return read_table_rules({"inputs": INPUTS, "bands": BANDS, **changes})


def leaf(rule, maximum="5", **changes):
    """A leaf with a rule; it may have bonus and deduction where the rule has lines for them."""
    return CriterionNode(
        "x",
        "Tiêu chí",
        None if maximum is None else Decimal(maximum),
        **{
            "has_bonus": "bonus" in rule,
            "has_deduction": "deduction" in rule,
            "rule": rule,
            "path": "x",
            **changes,
        },
    )


def score(
    rule,
    facts=None,
    *,
    maximum="5",
    claim=None,
    targets=None,
    tiers=None,
    leads=None,
    year=2026,
    traced=True,
    floor_at_zero=True,
    rules=None,
    **changes,
):
    """What a leaf with this rule gives for these figures."""
    unit = Unit(
        targets={key: Decimal(value) for key, value in (targets or {}).items()}, tiers=tiers or {}
    )
    known = Facts(rules or rules_of(), facts or {}, unit, year=year)
    setting = Setting(known, leads, floor_at_zero, traced)
    return examine_leaf(leaf(rule, maximum, **changes), claim or Claim(), setting)


def leads_of(rule, units):
    """The leaders among units, each (facts, targets), for a leaf with this rule."""
    peers = [
        Facts(rules_of(), facts, Unit({key: Decimal(value) for key, value in targets.items()}))
        for facts, targets in units
    ]
    lines = leaf_rule(leaf(rule)).lines
    return {("x", part, place): lead_of(line, peers) for part, place, line in lines if line.input}


def said(result):
    """The whole trace as one text."""
    return "\n".join(line.sentence for line in result.trace)
