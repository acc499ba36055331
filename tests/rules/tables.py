"""Points tables of every shape, for properties."""

from decimal import Decimal
from unicodedata import normalize

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from thidua.rules.scoring import Claim, CriterionNode, Rounding, RoundingMode, Table

# Whole tables are large to draw, and a slow machine is no failure.
whole_tables = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp", "Co"]),
    min_size=1,
    max_size=12,
).map(lambda text: normalize("NFC", text).strip())
titles = words.filter(bool)
prose = st.one_of(st.just(""), titles, st.lists(titles, min_size=2, max_size=3).map("\n".join))
points = st.decimals(0, 200, places=2).map(abs)
caps = st.one_of(st.none(), points)
steps = st.sampled_from([None, "0.25", "0.5", "1", "2"])


@st.composite
def leaves(draw, code):
    has_bonus, has_deduction = draw(st.booleans()), draw(st.booleans())
    step = draw(steps)
    must_have_base = not has_bonus and not has_deduction
    return CriterionNode(
        code=code,
        title=draw(titles),
        maximum=draw(points if must_have_base else caps),
        has_bonus=has_bonus,
        bonus_cap=draw(caps) if has_bonus else None,
        has_deduction=has_deduction,
        deduction_cap=draw(caps) if has_deduction else None,
        net_cap=draw(caps) if has_bonus or has_deduction else None,
        guidance=draw(prose),
        bonus_guidance=draw(prose) if has_bonus else "",
        deduction_guidance=draw(prose) if has_deduction else "",
        evidence=draw(prose),
        appraised_by=draw(prose),
        rule={"kind": "typed"} | ({"step": step} if step else {}),
    )


@st.composite
def nodes(draw, code="1", depth=3):
    if depth == 1 or draw(st.booleans()):
        return draw(leaves(code))
    count = draw(st.integers(1, 3))
    return CriterionNode(
        code=code,
        title=draw(titles),
        maximum=draw(caps),
        appraised_by=draw(prose),
        children=tuple(draw(nodes(str(number), depth - 1)) for number in range(1, count + 1)),
    )


@st.composite
def tables(draw):
    count = draw(st.integers(1, 3))
    return Table(
        title=draw(titles),
        scale=draw(st.decimals(1, 1000, places=2)),
        nodes=tuple(draw(nodes(str(number))) for number in range(1, count + 1)),
        floor_at_zero=draw(st.booleans()),
        rounding=Rounding(
            draw(st.sampled_from(RoundingMode)),
            draw(st.sampled_from([Decimal("0.01"), Decimal("0.05"), Decimal("0.25"), Decimal(1)])),
        ),
        source=draw(prose),
        notes=draw(prose),
    )


claims = st.builds(Claim, base=st.one_of(st.none(), points), bonus=caps, deduction=caps)


@st.composite
def claimed_tables(draw):
    table = draw(tables())
    return table, {node.path: draw(claims) for node in table.leaves() if draw(st.booleans())}
