"""A cluster whose table ranks with awards, classes, quotas, gates and written rules for ties."""

from decimal import Decimal

from tests.factories.scoring import finalise, issue_table, name_appraiser, sheet_of
from thidua.rules.scoring import CriterionNode, Table
from thidua.scoring.models import ScoreSheet

FULL_RULES = {
    "inputs": [
        {"key": "bang_khen", "label": "Bằng khen", "kind": "yes_no", "default": "no"},
        {"key": "vi_pham", "label": "Có vi phạm", "kind": "yes_no", "default": "no"},
    ],
    "awards": [{"input": "bang_khen", "points": "10", "label": "Bằng khen"}],
    "gates": [{"when": "vi_pham = có", "label": "Có vi phạm nghiêm trọng", "article": "Điều 9"}],
    "classes": [
        {"name": "Xuất sắc", "least": "10", "places": "1"},
        {"name": "Tốt", "least": "5"},
    ],
    "ties": [{"by": "node", "of": "A"}, {"by": "least_deduction"}],
}


def ranked_table(rules=None) -> Table:
    return Table(
        title="Bảng xếp hạng thử",
        scale=Decimal(10),
        nodes=(
            CriterionNode(
                code="A",
                title="Chuyên môn",
                maximum=Decimal(6),
                children=(
                    CriterionNode(
                        code="a1",
                        title="Thanh tra",
                        maximum=Decimal(6),
                        has_bonus=True,
                        bonus_cap=Decimal(2),
                    ),
                ),
            ),
            CriterionNode(
                code="B",
                title="Phong trào",
                maximum=Decimal(4),
                children=(CriterionNode(code="b1", title="Viết bài", maximum=Decimal(4)),),
            ),
        ),
        rules=FULL_RULES if rules is None else rules,
    )


def ranked_year(one, rules=None):
    """The table in force with its appraiser named."""
    table = issue_table(one, ranked_table(rules))
    name_appraiser(one, "A", "B")
    return table


def report(one, member: int, **facts: str) -> None:
    """Figures of the whole sheet, before it is handed in."""
    sheet = sheet_of(one, member)
    ScoreSheet.objects.filter(pk=sheet.pk).update(facts=facts)


def finish(one, member: int, **facts: str) -> ScoreSheet:
    """A full sheet with these figures, to its end: 10 points."""
    report(one, member, **facts)
    return finalise(one, member, "A", "B")
