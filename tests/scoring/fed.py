"""A points table that names reported figures, and what tests do with it."""

from datetime import timedelta
from decimal import Decimal

from tests.factories.scoring import issue_table, name_appraiser, score_of, sheet_of
from tests.factories.world import NOON, ClusterWorld
from thidua.rules.scoring import Claim, CriterionNode, Table
from thidua.scoring import services

RECOVERED = "ty-le-thu-hoi-tien-nsnn"
DUE, PAID = "ttr2_nsnn_tien_phai_thu", "ttr2_nsnn_tien_da_thu"
LATER = NOON + timedelta(days=300)


def leaf(code, rule, maximum="5", **more):
    return CriterionNode(
        code=code, title=f"Tiêu chí {code}", maximum=Decimal(maximum), rule=rule, **more
    )


def fed_table(*extra, source: str = RECOVERED, **rules) -> Table:
    """a1: late reports cost half a point each; a2: the recovery rate by bands; a3 typed by hand."""
    late = {"kind": "per_case", "input": "muon", "points": "0.5", "cap": "2"}
    return Table(
        title="Bảng lấy số liệu báo cáo",
        scale=Decimal(15),
        nodes=(
            CriterionNode(
                code="A",
                title="Phần A",
                maximum=Decimal(15),
                children=(
                    leaf("a1", {"kind": "full", "deduction": [late]}, has_deduction=True),
                    leaf("a2", {"kind": "bands", "input": "thu_hoi", "bands": "thu_hoi"}),
                    leaf("a3", {}),
                    *extra,
                ),
            ),
        ),
        rules={
            "inputs": [
                {
                    "key": "muon",
                    "label": "Số báo cáo nộp muộn",
                    "kind": "count",
                    "indicator": "bao-cao-nop-muon",
                },
                {
                    "key": "thu_hoi",
                    "label": "Tỷ lệ thu hồi",
                    "kind": "percent",
                    "measure": "%",
                    "indicator": source,
                },
                *rules.pop("inputs", ()),
            ],
            "bands": {
                "thu_hoi": [
                    {"low": "70", "points": "5"},
                    {"low": "50", "high": "70", "points": "3"},
                    {"high": "50", "points": "1"},
                ]
            },
            **rules,
        },
    )


def issue(world: ClusterWorld, table: Table | None = None) -> None:
    issue_table(world, table or fed_table())
    name_appraiser(world, "A")


def claim(world: ClusterWorld, code: str, facts=None, member: int = 1, explanation="", **parts):
    score = score_of(sheet_of(world, member), code)
    return services.save_claim(
        score=score,
        claim=Claim(**{name: Decimal(text) for name, text in parts.items()}),
        facts=facts,
        explanation=explanation,
        version=score.version,
        actor=world.officers[member],
        at=LATER,
    )


def submit(world: ClusterWorld, member: int = 1):
    """Everything that nobody feeds filled in, and handed in."""
    sheet = sheet_of(world, member)
    claim(world, "a3", member=member, base="4")
    for code, key, text in (("a1", "muon", "0"), ("a2", "thu_hoi", "60")):
        if not score_of(sheet, code).facts:
            claim(world, code, {key: text}, member=member)
    return services.submit_self_score(
        sheet=sheet_of(world, member), actor=world.heads[member], at=LATER
    )


def appraise(world: ClusterWorld, code: str, facts=None, member: int = 1, reason="", **parts):
    score = score_of(sheet_of(world, member), code)
    return services.appraise(
        score=score,
        claim=Claim(**{name: Decimal(text) for name, text in parts.items()}),
        facts=facts,
        reason=reason,
        version=score.version,
        actor=world.appraiser,
        at=LATER + timedelta(hours=1),
    )


def finalise(world: ClusterWorld, member: int = 1):
    sheet = sheet_of(world, member)
    if not sheet.completed_sections.exists():
        services.complete_section(
            sheet=sheet,
            section=sheet.criteria_set.criteria.get(code="A"),
            accept_rest=True,
            actor=world.appraiser,
            at=LATER + timedelta(hours=2),
        )
    return services.finalise_sheet(
        sheet=sheet_of(world, member), actor=world.lead_head, at=LATER + timedelta(hours=3)
    )
