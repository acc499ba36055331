"""Points tables with rules of every shape, for properties of the workbook."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st

from tests.rules.tables import points, tables, titles, whole_tables
from thidua.rules.scoring import plain
from thidua.rules.scoring.language import Kind

# Writing and reading a workbook costs most of an example; every run draws others.
whole_books = settings(whole_tables, max_examples=5)
numbers = points.map(plain)
above_zero = st.decimals("0.01", 50, places=2).map(plain)
wholes = st.integers(0, 40).map(str)
NUMERIC = ("so", "ty_le", "dem", "ct")
INPUTS = [
    {"key": "so", "label": "Số", "kind": "figure", "measure": "vụ", "indicator": "CT.01"},
    {"key": "ty_le", "label": "Tỷ lệ", "kind": "percent", "default": "0"},
    {"key": "dem", "label": "Đếm", "kind": "count", "default": "0"},
    {"key": "ngay", "label": "Ngày", "kind": "date", "default": "2026-12-31"},
    {"key": "co", "label": "Có", "kind": "yes_no", "default": "no"},
    {"key": "lan", "label": "Từng lần", "kind": "events"},
    {"key": "ct", "label": "Công thức", "kind": "formula", "formula": "(so + ty_le) / 2"},
    {"key": "muc", "label": "Mức", "kind": "choice", "options": "Mức"},
]
FACTS = {
    "so": numbers,
    "ty_le": numbers,
    "dem": wholes,
    "ngay": st.dates().map(lambda day: day.isoformat()),
    "co": st.sampled_from(["yes", "no"]),
    "lan": st.lists(numbers, min_size=1, max_size=4).map(";".join),
}


def optional(draw, **fields):
    """Some of the fields, each with a drawn value."""
    return {name: draw(value) for name, value in fields.items() if draw(st.booleans())}


@st.composite
def bands(draw, tier=""):
    """Bands that follow each other, worth points or a share, open at one end or at neither."""
    cuts = sorted(draw(st.sets(st.integers(-20, 200), min_size=1, max_size=4)))
    worth = draw(st.sampled_from(["points", "share"]))
    rows = [
        {"low": str(low), "high": str(high), worth: draw(numbers)} for low, high in pairwise(cuts)
    ]
    rows.append({"low": str(cuts[-1]), worth: draw(numbers)})
    if draw(st.booleans()):
        rows.insert(0, {"high": str(cuts[0]), worth: draw(numbers)})
    if draw(st.booleans()):
        rows[-1]["low_in"] = False
        if len(rows) > 1:
            rows[-2]["high_in"] = True
    return [{**row, **({"tier": tier} if tier else {})} for row in rows]


@st.composite
def band_sets(draw):
    labels = draw(st.lists(titles, min_size=1, max_size=3, unique_by=str.casefold))
    return {
        "Theo số": draw(bands()),
        "Mức": [{"label": label, "points": draw(numbers)} for label in labels],
        "Cỡ": [{"high": "10", "label": "nhỏ"}, {"low": "10", "label": "lớn"}],
        "Ma trận": [*draw(bands("nhỏ")), *draw(bands("lớn"))],
    }


def needs(draw, kind):
    """The fields a kind must have."""
    numeric = {"input": draw(st.sampled_from(NUMERIC))}
    match kind:
        case Kind.TYPED | Kind.FULL:
            return {}
        case Kind.PASS_FAIL:
            return {"input": "co"}
        case Kind.OPTIONS:
            return {"input": "muc", "bands": "Mức"}
        case Kind.AVERAGE:
            return {"input": "lan"}
        case Kind.BANDS:
            return {**numeric, "bands": "Theo số"}
        case Kind.MATRIX:
            return {**numeric, "bands": "Ma trận", "tiers": "Cỡ", "tier_input": "dem"}
        case Kind.PER_CASE:
            return {**numeric, "points": draw(numbers), **optional(draw, every=above_zero)}
        case Kind.PROGRESSIVE:
            own = {"points": draw(numbers), "threshold": draw(numbers), "every": draw(above_zero)}
            return {**numeric, **own, **optional(draw, first=numbers)}
        case Kind.LATE | Kind.EARLY:
            due = draw(st.sampled_from(["31/01", "31/01/2027", "ngay"]))
            return {"input": "ngay", "due": due, "threshold": "1", "points": draw(numbers)}
    return numeric


def line(draw, kind, sets=()):
    """One line with some of the fields any line may have."""
    rest = optional(
        draw,
        cap=numbers,
        when=st.sampled_from(["so >= 5", "co = có; ngay < 01/06/2026", "muc ≠ “x”"]),
        unless=st.just("co"),
        text=titles,
        article=titles,
    )
    if sets:
        rest |= optional(draw, one_of=titles, set=st.sampled_from(sets))
    return {"kind": kind.value, **needs(draw, kind), **rest}


def leaf_rule(draw, node):
    """A rule of a leaf; its parts are those the node says it has."""
    base = {"kind": "typed"}
    if node.maximum is not None:
        kind = draw(st.sampled_from(Kind))
        base = line(draw, kind) if draw(st.booleans()) else {"kind": "full"}
        if base["kind"] == "typed":
            base = {"kind": "typed", **optional(draw, step=above_zero)}
    sets = draw(st.lists(titles, max_size=2, unique=True))
    kinds = [kind for kind in Kind if kind not in {Kind.TYPED, Kind.FULL}]
    rule = {**base, **optional(draw, na=st.sampled_from(["full", "excluded"]), leaf_article=titles)}
    for part, has in (("bonus", node.has_bonus), ("deduction", node.has_deduction)):
        if has and draw(st.booleans()):
            rule[part] = [
                line(draw, draw(st.sampled_from(kinds)), sets)
                for _ in range(draw(st.integers(1, 2)))
            ]
    used = {
        each["set"]
        for part in ("bonus", "deduction")
        for each in rule.get(part, ())
        if "set" in each
    }
    if used:
        rule["sets"] = {name: draw(numbers) for name in sets if name in used}
    if draw(st.booleans()):
        rule |= {"floor": "-5.5", "ceiling": "1000"}
    return rule


def with_rules(draw, node):
    """The node with drawn rules, and all below it."""
    if node.is_leaf:
        return replace(node, rule=leaf_rule(draw, node))
    rule = {}
    if draw(st.booleans()):
        rule = {
            "kind": "conditional",
            "when": "co = có",
            "na": draw(st.sampled_from(["full", "excluded"])),
            **optional(draw, article=titles),
        }
    caps = optional(draw, bonus_cap=points, deduction_cap=points, net_cap=points)
    return replace(
        node, rule=rule, children=tuple(with_rules(draw, each) for each in node.children), **caps
    )


def table_rules(draw, table):
    """Rules of the whole table: everything that has a sheet or an item."""
    sets = draw(band_sets())
    labels = st.sampled_from([band["label"] for band in sets["Mức"]])
    leaf = draw(st.sampled_from([node.path for node in table.leaves()]))
    facts = st.fixed_dictionaries({}, optional={**FACTS, "muc": labels})
    case = {"name": draw(titles), "path": leaf, **optional(draw, points=numbers, target=numbers)}
    if given := draw(facts):
        case["facts"] = given
    return {
        "inputs": INPUTS,
        "bands": sets,
        **optional(
            draw,
            self_ceiling=numbers,
            na=st.sampled_from(["full", "excluded"]),
            excluded=st.sampled_from(["shrink", "rescale"]),
            class_basis=st.sampled_from(["points", "percent"]),
            award_policy=st.sampled_from(["highest", "sum"]),
            leaf_rounding=st.just({"mode": "ROUND_DOWN", "quantum": "0.5"}),
            cases=st.just([case]),
            ties=st.just([{"by": "node", "of": leaf}, {"by": "least_deduction"}]),
            awards=st.just([{"input": "co", "points": "10", "label": "Cờ"}]),
            gates=st.just([{"when": "@nop = không"}, {"when": "so < 1", "limit": "Khá"}]),
            classes=st.just(
                [
                    {
                        "name": "Tốt",
                        "least": "80",
                        "share": "50",
                        "share_level": "1",
                        "places": "2",
                    },
                    {"name": "Khá", "least": "0", "percent": "12.5"},
                ]
            ),
        ),
    }


@st.composite
def ruled_tables(draw):
    """A table with rules in every part."""
    table = draw(tables())
    nodes = tuple(with_rules(draw, node) for node in table.nodes)
    rules = table_rules(draw, table)
    if "gates" in rules and "classes" not in rules:
        rules["gates"] = rules["gates"][:1]
    return replace(table, nodes=nodes, rules=rules)
