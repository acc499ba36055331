"""Points tables, sheets and appraisals, made through the services."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tests.factories.world import NOON, ClusterWorld
from thidua.accounts.models import User
from thidua.rules.scoring import Claim, CriterionNode, Table
from thidua.scoring import services
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.queries import issued_set

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def number(text: str) -> Decimal:
    return Decimal(text)


def small_table(title: str = "Bảng điểm thử") -> Table:
    """Two sections: A with a base, a bonus and a deduction, B with one leaf and a bonus only."""
    return Table(
        title=title,
        scale=number("10"),
        nodes=(
            CriterionNode(
                code="A",
                title="Chuyên môn",
                maximum=number("7"),
                appraised_by="Phòng Nghiệp vụ",
                children=(
                    CriterionNode(
                        code="a1",
                        title="Thanh tra",
                        maximum=number("3"),
                        has_deduction=True,
                        deduction_cap=number("1.5"),
                        guidance="Đủ việc: 3 điểm.",
                        deduction_guidance="Mỗi việc chậm: −0,5.",
                    ),
                    CriterionNode(
                        code="a2",
                        title="Tiếp dân",
                        maximum=number("4"),
                        has_bonus=True,
                        bonus_cap=number("2"),
                        bonus_guidance="Mỗi sáng kiến: +1.",
                        evidence="Sổ tiếp công dân",
                    ),
                ),
            ),
            CriterionNode(
                code="B",
                title="Phong trào",
                maximum=number("3"),
                appraised_by="Văn phòng",
                children=(
                    CriterionNode(code="b1", title="Viết bài", maximum=number("3")),
                    CriterionNode(
                        code="b2",
                        title="Sáng kiến",
                        has_bonus=True,
                        bonus_guidance="Mỗi sáng kiến: +1.",
                    ),
                ),
            ),
        ),
        source="Văn bản thử",
    )


def typed_by_hand(table: Table) -> Table:
    """The same table without its rules: people type every point."""

    def bare(node: CriterionNode) -> CriterionNode:
        return replace(node, rule={}, children=tuple(bare(child) for child in node.children))

    return replace(table, nodes=tuple(bare(node) for node in table.nodes), rules={})


def wide_table(leaves: int) -> Table:
    """As many leaves as asked, in groups of ten, each of one point."""
    groups = [
        CriterionNode(
            code=str(group + 1),
            title=f"Nhóm {group + 1}",
            children=tuple(
                CriterionNode(
                    code=f"{group + 1}.{place + 1}",
                    title=f"Tiêu chí {group + 1}.{place + 1}",
                    maximum=Decimal(1),
                    has_bonus=True,
                )
                for place in range(min(10, leaves - group * 10))
            ),
        )
        for group in range((leaves + 9) // 10)
    ]
    return Table(title="Bảng rộng", scale=Decimal(leaves), nodes=tuple(groups))


def import_table(world: ClusterWorld, table: Table | None = None) -> CriteriaSet:
    """A draft of the lead's officer; without a workbook between, which would double the time."""
    return services.draft_scale(
        year=world.year,
        table=table or small_table(),
        origin="dựng cho ca kiểm thử",
        actor=world.lead_officer,
        at=NOON,
    )


def issue_table(world: ClusterWorld, table: Table | None = None) -> CriteriaSet:
    """The table in force, with one sheet per member."""
    return services.issue_scale(
        criteria_set=import_table(world, table), actor=world.lead_head, at=NOON
    )


def sheet_of(world: ClusterWorld, member: int) -> ScoreSheet:
    """The sheet of a member (by place) under the table in force."""
    table = issued_set(world.year)
    return ScoreSheet.objects.select_related("membership__year", "criteria_set").get(
        criteria_set=table, membership=world.memberships[member]
    )


def score_of(sheet: ScoreSheet, code: str) -> CriterionScore:
    return CriterionScore.objects.select_related("criterion", "sheet__membership").get(
        sheet=sheet, criterion__code=code
    )


def save(
    sheet: ScoreSheet,
    code: str,
    actor: User,
    base: str | None = None,
    bonus: str | None = None,
    deduction: str | None = None,
    **more: object,
) -> CriterionScore:
    """Save one claim on top of what is stored."""
    score = score_of(sheet, code)
    parts = (None if each is None else Decimal(each) for each in (base, bonus, deduction))
    return services.save_claim(
        score=score,
        claim=Claim(*parts),
        explanation=str(more.get("explanation", "")),
        version=int(str(more.get("version", score.version))),
        actor=actor,
        at=NOON,
    )


def fill(world: ClusterWorld, member: int, at: datetime = NOON) -> ScoreSheet:
    """Every leaf claimed by the officer: the maximum where there is one, a bonus of 0 elsewhere."""
    sheet = sheet_of(world, member)
    for score in list(sheet.scores.select_related("criterion", "sheet__membership")):
        maximum = score.criterion.maximum
        services.save_claim(
            score=score,
            claim=Claim(base=maximum) if maximum is not None else Claim(bonus=Decimal(0)),
            explanation="",
            version=score.version,
            actor=world.officers[member],
            at=at,
        )
    return sheet


def submit(world: ClusterWorld, member: int) -> ScoreSheet:
    """A full sheet handed in by the head."""
    return services.submit_self_score(
        sheet=fill(world, member), actor=world.heads[member], at=NOON + timedelta(hours=1)
    )


def name_appraiser(world: ClusterWorld, *codes: str, user: User | None = None) -> list[Criterion]:
    """The cluster's appraiser (or another) for the sections of these codes."""
    table = issued_set(world.year)
    sections = [Criterion.objects.get(criteria_set=table, code=code) for code in codes]
    for section in sections:
        services.name_appraisers(
            criterion=section, users=[user or world.appraiser], actor=world.lead_head, at=NOON
        )
    return sections


def decide(
    sheet: ScoreSheet,
    code: str,
    actor: User,
    base: str | None = None,
    bonus: str | None = None,
    deduction: str | None = None,
    reason: str = "",
) -> CriterionScore:
    """One appraisal on top of what is stored."""
    score = score_of(sheet, code)
    parts = (None if each is None else Decimal(each) for each in (base, bonus, deduction))
    return services.appraise(
        score=score,
        claim=Claim(*parts),
        reason=reason,
        version=score.version,
        actor=actor,
        at=NOON + timedelta(hours=2),
    )


def accept(world: ClusterWorld, member: int, *codes: str) -> ScoreSheet:
    """The named sections of a submitted sheet taken as claimed."""
    sheet = sheet_of(world, member)
    for code in codes:
        services.complete_section(
            sheet=sheet,
            section=sheet.criteria_set.criteria.get(code=code),
            accept_rest=True,
            actor=world.appraiser,
            at=NOON + timedelta(hours=3),
        )
    return sheet


def finalise(world: ClusterWorld, member: int, *codes: str) -> ScoreSheet:
    """From an empty sheet to a final one; the appraiser must be named for `codes`."""
    submit(world, member)
    return services.finalise_sheet(
        sheet=accept(world, member, *codes),
        actor=world.lead_head,
        at=NOON + timedelta(hours=4),
    )
