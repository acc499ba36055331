"""A table with a rule of every kind of dependency, and units with figures to change at random."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from thidua.rules.scoring import Claim, CriterionNode, Table, Unit
from thidua.rules.scoring.cluster import Member

YEAR = 2026
RULES = {
    "inputs": [
        {"key": "thu", "label": "Đã thu", "kind": "figure"},
        {"key": "phai_thu", "label": "Phải thu", "kind": "figure"},
        {"key": "ty_le", "label": "Tỷ lệ", "kind": "formula", "formula": "thu / phai_thu * 100"},
        {"key": "cuoc", "label": "Số cuộc", "kind": "count"},
        {"key": "vi_pham", "label": "Vi phạm", "kind": "count", "default": "0"},
        {"key": "tu_phat_hien", "label": "Tự phát hiện", "kind": "yes_no", "default": "no"},
        {"key": "ngay_nop", "label": "Ngày nộp", "kind": "date"},
        {"key": "han_nop", "label": "Hạn nộp", "kind": "date"},
        {"key": "co_bien_gioi", "label": "Có biên giới", "kind": "yes_no"},
        {"key": "dan_so", "label": "Dân số", "kind": "figure"},
        {"key": "muc", "label": "Mức", "kind": "choice", "options": "muc_do"},
        {"key": "khen", "label": "Cờ thi đua", "kind": "yes_no", "default": "no"},
    ],
    "bands": {
        "bac": [
            {"low": "0", "high": "80", "points": "0"},
            {"low": "80", "high": "95", "points": "2"},
            {"low": "96", "high": "1000", "points": "4"},
        ],
        "co": [{"low": "0", "high": "50", "label": "nhỏ"}, {"low": "50", "label": "lớn"}],
        "theo_co": [
            {"tier": "nhỏ", "low": "0", "points": "3"},
            {"tier": "lớn", "low": "0", "high": "10", "points": "1"},
            {"tier": "lớn", "low": "10", "points": "3"},
        ],
        "muc_do": [{"label": "Tốt", "share": "100"}, {"label": "Đạt", "share": "50"}],
    },
    "awards": [{"input": "khen", "points": "2", "label": "Cờ thi đua"}],
    "gates": [{"when": "vi_pham > 8", "label": "Quá 8 vi phạm"}],
    "classes": [
        {"name": "Tốt", "least": "15", "places": "2"},
        {"name": "Khá", "least": "5"},
    ],
    "ties": [{"by": "node", "of": "1/c"}, {"by": "input_low", "of": "vi_pham"}],
    "na": "excluded",
    "excluded": "rescale",
}


def leaf(code: str, points: str | None, rule: dict, **more: object) -> CriterionNode:
    maximum = None if points is None else Decimal(points)
    return CriterionNode(code, f"Tiêu chí {code}", maximum, rule=rule, **more)


TABLE = Table(
    title="Bảng thử",
    scale=Decimal(30),
    nodes=(
        CriterionNode(
            "1",
            "Thu",
            bonus_cap=Decimal(3),
            children=(
                leaf("a", "4", {"kind": "bands", "input": "ty_le", "bands": "bac"}),
                leaf("b", "6", {"kind": "leader", "input": "ty_le"}),
                leaf(
                    "c",
                    "5",
                    {
                        "kind": "leader",
                        "input": "cuoc",
                        "deduction": [
                            {
                                "kind": "per_case",
                                "input": "vi_pham",
                                "points": "0.5",
                                "unless": "tu_phat_hien",
                            }
                        ],
                        "bonus": [
                            {
                                "kind": "progressive",
                                "input": "cuoc",
                                "points": "0.5",
                                "threshold": "10",
                                "when": "ty_le >= 50; @diem_tru = 0",
                            }
                        ],
                    },
                    has_bonus=True,
                    has_deduction=True,
                ),
            ),
        ),
        CriterionNode(
            "2",
            "Biên giới",
            rule={"kind": "conditional", "when": "co_bien_gioi = có"},
            children=(
                leaf("a", "3", {"kind": "leader", "input": "cuoc", "points": "3"}),
                leaf(
                    "b",
                    "3",
                    {
                        "kind": "matrix",
                        "input": "cuoc",
                        "bands": "theo_co",
                        "tiers": "co",
                        "tier_input": "dan_so",
                    },
                ),
            ),
        ),
        leaf(
            "3",
            "4",
            {
                "kind": "full",
                "deduction": [
                    {
                        "kind": "late",
                        "input": "ngay_nop",
                        "due": "han_nop",
                        "every": "1",
                        "points": "0.25",
                    }
                ],
            },
            has_deduction=True,
        ),
        leaf("4", "3", {"kind": "options", "input": "muc", "bands": "muc_do"}),
        leaf("5", "2", {"kind": "typed"}, has_bonus=True, bonus_cap=Decimal(1)),
    ),
    rules=RULES,
)

days = st.dates(date(YEAR, 1, 1), date(YEAR, 2, 10)).map(date.isoformat)
counts = st.integers(0, 20).map(str)
TEXTS = {
    "thu": st.sampled_from(["0", "40", "95.5", "120"]),
    "phai_thu": st.sampled_from(["0", "50", "100"]),
    "cuoc": counts,
    "vi_pham": counts,
    "tu_phat_hien": st.sampled_from(["yes", "no"]),
    "ngay_nop": days,
    "han_nop": days,
    "co_bien_gioi": st.sampled_from(["yes", "no"]),
    "dan_so": st.sampled_from(["10", "50", "70.25"]),
    "muc": st.sampled_from(["Tốt", "Đạt"]),
    "khen": st.sampled_from(["yes", "no"]),
}
claims = st.builds(
    Claim,
    base=st.one_of(st.none(), st.decimals(0, 3, places=1)),
    bonus=st.one_of(st.none(), st.decimals(0, 2, places=1)),
)
units = st.builds(
    Unit,
    targets=st.fixed_dictionaries(
        {},
        optional={
            "ty_le": st.sampled_from([Decimal(0), Decimal(50), Decimal(90)]),
            "cuoc": st.sampled_from([Decimal(5), Decimal(12)]),
        },
    ),
    not_assigned=st.frozensets(st.sampled_from(["1/a", "1/c", "3"]), max_size=1),
)
members = st.builds(
    Member,
    claims=st.fixed_dictionaries({}, optional={"5": claims, "1/c": claims}),
    facts=st.fixed_dictionaries({}, optional=TEXTS),
    unit=units,
)
