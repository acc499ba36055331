"""Every point opens: rule, inputs with their sources, arithmetic, judges, history."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.scoring import (
    decide,
    issue_table,
    name_appraiser,
    score_of,
    sheet_of,
    submit,
)
from tests.factories.world import NOON
from thidua.rules.scoring import Claim, CriterionNode, Table
from thidua.scoring import services
from thidua.scoring.models import ScoreSheet, UnitTerms
from thidua.scoring.queries.point import point

RULES = {
    "inputs": [
        {"key": "thu_hoi", "label": "Số tiền thu hồi", "kind": "figure", "measure": "triệu đồng"},
        {"key": "cham", "label": "Số vụ chậm", "kind": "count", "default": "0"},
    ]
}


def table() -> Table:
    """One leaf against a target with a deduction per case, in one group."""
    return Table(
        title="Bảng mở điểm",
        scale=Decimal(10),
        nodes=(
            CriterionNode(
                code="A",
                title="Chuyên môn",
                maximum=Decimal(10),
                children=(
                    CriterionNode(
                        code="1",
                        title="Thu hồi",
                        maximum=Decimal(10),
                        has_deduction=True,
                        deduction_cap=Decimal(3),
                        rule={
                            "kind": "linear",
                            "input": "thu_hoi",
                            "text": "Tỷ lệ thu hồi",
                            "article": "Điều 5 khoản 1",
                            "deduction": [{"kind": "per_case", "input": "cham", "points": "0.5"}],
                        },
                    ),
                ),
            ),
        ),
        rules=RULES,
    )


@pytest.fixture
def one(world):
    """Bình has a target of 200 and reports 150."""
    one = world.one
    issue_table(one, table())
    name_appraiser(one, "A")
    UnitTerms.objects.create(
        criteria_set=sheet_of(one, 1).criteria_set,
        membership=one.memberships[1],
        targets={"thu_hoi": "200"},
        changed_by=one.lead_officer,
        changed_at=NOON,
    )
    score = score_of(sheet_of(one, 1), "1")
    services.save_claim(
        score=score,
        claim=Claim(),
        explanation="Theo quyết định thu hồi",
        version=score.version,
        actor=one.officers[1],
        at=NOON,
        facts={"thu_hoi": "150"},
    )
    return one


def opened(one, code="1"):
    sheet = sheet_of(one, 1)
    return point(sheet, sheet.criteria_set.criteria.get(code=code))


def address(one, sheet, code):
    criterion = sheet.criteria_set.criteria.get(code=code)
    return reverse("scoring:point", args=[one.year.pk, sheet.pk, criterion.pk])


def test_a_point_says_rule_inputs_and_arithmetic(one):
    found = opened(one)

    assert found.points == Decimal("7.5")
    assert found.articles == ("Điều 5 khoản 1",)
    assert found.rule == (
        "Điểm chuẩn: Tỷ lệ thu hồi. 10 × “Số tiền thu hồi” : mục tiêu của đơn vị, không quá 10 điểm"
        " (Điều 5 khoản 1).",
        "Điểm trừ: “Số vụ chậm”, mỗi trường hợp 0,5 điểm.",
        "Điểm trừ của tiêu chí không quá 3 điểm.",
    )
    assert [(each.label, each.decided) for each in found.inputs] == [
        ("Số tiền thu hồi (triệu đồng)", "150"),
        ("Số vụ chậm", "0 (để trống, tính theo bảng)"),
        ("Mục tiêu: Số tiền thu hồi (triệu đồng)", "200"),
    ]
    assert found.inputs[0].sources == ("Đơn vị nhập: Cán bộ Bình, 12:00 02/03/2026",)
    assert found.inputs[2].sources == ("Đơn vị cụm trưởng đặt: Cán bộ An, 12:00 02/03/2026",)
    assert any("10 × 150 : 200 = 7,5" in line for line in found.steps)


def test_a_figure_changed_by_the_appraiser_shows_both_values_who_and_why(one):
    sheet = sheet_of(one, 1)
    services.submit_self_score(sheet=sheet, actor=one.heads[1], at=NOON)
    score = score_of(sheet, "1")
    services.appraise(
        score=score,
        claim=Claim(),
        facts={"thu_hoi": "100"},
        reason="Chứng từ chỉ có 100",
        version=score.version,
        actor=one.appraiser,
        at=NOON,
    )

    found = opened(one)

    assert (found.claimed, found.points) == (Decimal("7.5"), 5)
    assert (found.inputs[0].reported, found.inputs[0].decided) == ("150", "100")
    assert found.inputs[0].sources[1] == (
        "Thẩm định sửa: Thẩm định một, 12:00 02/03/2026. Lý do: Chứng từ chỉ có 100"
    )
    assert [entry.get_action_display() for entry in found.history] == [
        "Thẩm định điểm",
        "Nộp bảng tự chấm",
        "Lưu điểm tự chấm",
    ]


def test_a_group_opens_with_what_it_sums(one):
    found = opened(one, "A")

    assert found.points == Decimal("7.5")
    assert found.rule == ("Cộng điểm của các tiêu chí bên trong.",)
    assert [(each.criterion.code, each.points) for each in found.children] == [
        ("1", Decimal("7.5"))
    ]
    assert found.steps == ("A (Chuyên môn): 7,5.",)


def test_the_page_shows_it_all(one, client_of):
    body = client_of(one.officers[1]).get(address(one, sheet_of(one, 1), "1")).content.decode()

    for text in (
        "Điều 5 khoản 1",
        "10 × 150 : 200 = 7,5",
        "Đơn vị nhập: Cán bộ Bình",
        "Theo quyết định thu hồi",
        "phân công: Thẩm định một",
        "Lưu điểm tự chấm",
    ):
        assert text in body


def test_T01_a_point_opens_for_whom_the_sheet_opens(one, client_of, world):
    sheet = sheet_of(one, 1)
    where = address(one, sheet, "1")

    for person in (one.lead_head, one.officers[2], one.appraiser, world.superior, world.stranger):
        assert client_of(person).get(where).status_code == 404
    assert client_of(one.heads[1]).get(where).status_code == 200
    services.submit_self_score(sheet=sheet, actor=one.heads[1], at=NOON)
    for person in (one.lead_head, one.appraiser, world.superior):
        assert client_of(person).get(where).status_code == 200
    assert client_of(one.officers[2]).get(where).status_code == 404


def test_a_criterion_of_another_table_is_not_found(one, client_of, world):
    issue_table(world.two, table())
    other = world.two.year.criteria_sets.get().criteria.get(code="1")
    where = reverse("scoring:point", args=[one.year.pk, sheet_of(one, 1).pk, other.pk])

    assert client_of(one.heads[1]).get(where).status_code == 404


def test_T12_what_people_wrote_is_shown_as_text(one, client_of):
    sheet = sheet_of(one, 1)
    score = score_of(sheet, "1")
    services.save_claim(
        score=score,
        claim=Claim(),
        explanation="<script>alert(1)</script>",
        version=score.version,
        actor=one.officers[1],
        at=NOON,
        facts={"thu_hoi": "150"},
    )

    body = client_of(one.officers[1]).get(address(one, sheet, "1")).content.decode()

    assert "<script>alert" not in body
    assert "&lt;script&gt;alert" in body


def test_the_page_takes_as_many_queries_after_more_changes(world, client_of):
    one = world.one
    issue_table(one)
    name_appraiser(one, "A", "B")
    sheet = submit(one, 1)
    client = client_of(one.lead_head)
    where = address(one, sheet, "a1")
    client.get(where)
    with CaptureQueriesContext(connection) as before:
        client.get(where)
    for points in ("2", "1", "3"):
        decide(sheet, "a1", one.appraiser, points, reason="Xem lại")
    with CaptureQueriesContext(connection) as after:
        client.get(where)

    assert len(before) == len(after)
    assert ScoreSheet.objects.get(pk=sheet.pk).state == "submitted"
