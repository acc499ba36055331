"""Trying other figures: the points of others move with the leader; nothing is saved."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories.scoring import issue_table, name_appraiser, score_of, sheet_of
from tests.factories.world import NOON
from thidua.audit.models import Entry
from thidua.rules.scoring import Claim, CriterionNode, Table
from thidua.scoring import services
from thidua.scoring.models import CriterionScore, ScoreSheet

INPUTS = [
    {"key": "thu", "label": "Đã thu", "kind": "figure", "measure": "triệu đồng"},
    {"key": "co", "label": "Có sáng kiến", "kind": "yes_no", "default": "no"},
    {"key": "khen", "label": "Bằng khen", "kind": "yes_no", "default": "no"},
]


def table():
    return Table(
        title="Bảng so với đơn vị dẫn đầu",
        scale=Decimal(10),
        nodes=(
            CriterionNode(
                "A",
                "Thu hồi",
                children=(
                    CriterionNode(
                        "a1", "Thu tiền", Decimal(8), rule={"kind": "leader", "input": "thu"}
                    ),
                    CriterionNode(
                        "a2", "Sáng kiến", Decimal(2), rule={"kind": "pass_fail", "input": "co"}
                    ),
                ),
            ),
        ),
        rules={
            "inputs": INPUTS,
            "awards": [{"input": "khen", "points": "3", "label": "Bằng khen"}],
        },
    )


@pytest.fixture
def one(world):
    """An led with 100, Bình collected 80, Cường 40; all three handed in."""
    one = world.one
    issue_table(one, table())
    name_appraiser(one, "A")
    for member, thu in enumerate(("100", "80", "40")):
        sheet = sheet_of(one, member)
        for code, facts in (("a1", {"thu": thu}), ("a2", {})):
            score = score_of(sheet, code)
            services.save_claim(
                score=score,
                claim=Claim(),
                facts=facts,
                explanation="",
                version=score.version,
                actor=one.officers[member],
                at=NOON,
            )
        services.submit_self_score(
            sheet=sheet, actor=one.heads[member], at=NOON.replace(hour=NOON.hour + 1)
        )
    return one


def address(one):
    return reverse("scoring:what_if", args=[one.year.pk])


def rows_of(body, label):
    region = body.split(f'aria-label="{label}"')[1].split("</table>")[0]
    rows = region.split("<tbody>")[1].split("<tr")[1:]
    texts = [re.sub(r"^[^>]*>", "", row) for row in rows]
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in texts]


def stored():
    points = CriterionScore.objects.order_by("pk").values_list()
    sheets = ScoreSheet.objects.order_by("pk").values_list()
    return list(points), list(sheets), Entry.objects.exclude(action="signed_in").count()


def test_a_figure_beyond_the_leader_moves_the_others_and_saves_nothing(one, client_of):
    client = client_of(one.lead_officer)
    key = f"s-{sheet_of(one, 1).pk}-thu"
    before = stored()

    body = client.get(address(one), {key: "200"}).content.decode()

    assert rows_of(body, "Kết quả thử") == [
        "An chưa chốt đổi theo đơn vị dẫn đầu 8 4 −4 1 2",
        "Bình chưa chốt 6,4 8 +1,6 2 1",
        "Cường chưa chốt đổi theo đơn vị dẫn đầu 3,2 1,6 −1,6 3 3",
    ]
    assert rows_of(body, "Điểm thay đổi theo số liệu") == [
        "An, a1 Thu tiền Vì đơn vị dẫn đầu thay đổi 8 4 −4",
        "Bình, a1 Thu tiền 6,4 8 +1,6",
        "Cường, a1 Thu tiền Vì đơn vị dẫn đầu thay đổi 3,2 1,6 −1,6",
    ]
    assert "điểm của đơn vị khác cũng thay đổi: An, Cường." in body
    assert stored() == before


def test_figures_of_two_units_and_a_point_are_tried_together(one, client_of):
    first, second = sheet_of(one, 0), sheet_of(one, 1)
    a2 = second.scores.get(criterion__code="a2").criterion
    given = {f"s-{first.pk}-co": "Có", f"s-{second.pk}-khen": "Có", f"d-{second.pk}-{a2.pk}": "1"}

    body = client_of(one.lead_head).get(address(one), given).content.decode()

    assert rows_of(body, "Kết quả thử") == [
        "An chưa chốt 8 10 +2 1 2",
        "Bình chưa chốt 6,4 10,4 +4 2 1",
        "Cường chưa chốt 3,2 3,2 0 3 3",
    ]


def test_a_chosen_figure_is_listed_with_what_stands_now(one, client_of):
    sheet = sheet_of(one, 2)
    given = {"don-vi-so-lieu": sheet.pk, "so-lieu": "thu"}

    body = client_of(one.appraiser).get(address(one), given).content.decode()

    assert rows_of(body, "Bảng số liệu đem thử") == ["Cường Đã thu (triệu đồng) 40"]
    assert "Điểm thay đổi theo số liệu" not in body


@pytest.mark.parametrize(
    ("typed", "said"),
    [("-1", "Đã thu: số phải từ 0 trở lên."), ("1.234", "là 1234 hay 1,234?"), ("ba", "Đã thu")],
)
def test_a_figure_that_cannot_be_is_named_and_not_tried(one, client_of, typed, said):
    key = f"s-{sheet_of(one, 0).pk}-thu"

    body = client_of(one.lead_head).get(address(one), {key: typed}).content.decode()

    assert said in body
    assert rows_of(body, "Kết quả thử")[0] == "An chưa chốt 8 1"


@pytest.mark.parametrize(
    "name", ["s-0-thu", "s-x-thu", "s-{sheet}-la", "s-", "s-99999999999999999999-thu"]
)
def test_T01_a_figure_of_no_unit_or_no_table_is_no_part_of_a_trial(one, client_of, name):
    given = {name.format(sheet=sheet_of(one, 0).pk): "5"}

    body = client_of(one.lead_head).get(address(one), given).content.decode()

    assert "Hãy chọn cả đơn vị đã nộp" in body
    assert "Bảng số liệu đem thử" not in body
