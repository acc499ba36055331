"""Trying other points and other weights: shown, never saved."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.scoring import decide, score_of, sheet_of, submit
from tests.factories.world import NOON
from tests.scoring.ranked import finish, ranked_year
from thidua.audit.models import Entry
from thidua.scoring import services
from thidua.scoring.models import CriterionScore, ScoreSheet

LATER = NOON.replace(hour=20)


@pytest.fixture
def one(world):
    """An is final with 10; Bình is appraised down from 10 to 7 and disagrees."""
    one = world.one
    ranked_year(one, {"ties": [{"by": "node", "of": "A"}]})
    finish(one, 0)
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "3", reason="Thiếu minh chứng")
    services.explain(score=score_of(sheet, "a1"), text="Có đủ", actor=one.officers[1], at=LATER)
    return one


def address(one, name="what_if"):
    return reverse(f"scoring:{name}", args=[one.year.pk])


def stored():
    points = CriterionScore.objects.order_by("pk").values_list()
    sheets = ScoreSheet.objects.order_by("pk").values_list()
    return list(points), list(sheets), Entry.objects.exclude(action="signed_in").count()


def table_rows(body, label):
    region = body.split(f'aria-label="{label}"')[1].split("</table>")[0]
    rows = region.split("<tbody>")[1].split("<tr")[1:]
    texts = [re.sub(r"^[^>]*>", "", row) for row in rows]
    return [" ".join(re.sub(r"<[^>]+>", " ", text).split()) for text in texts]


def test_other_points_move_totals_and_places_and_save_nothing(one, client_of):
    client = client_of(one.lead_officer)
    sheet = sheet_of(one, 1)
    a1 = score_of(sheet, "a1").criterion
    before = stored()

    body = client.get(address(one), {f"d-{sheet.pk}-{a1.pk}": "7,5"}).content.decode()

    assert table_rows(body, "Kết quả thử") == [
        "An 10 10 0 1 2",
        "Bình chưa chốt 7 11,5 +4,5 2 1",
    ]
    assert "Vị trí thứ nhất thay đổi" in body
    assert stored() == before


def test_the_open_point_is_listed_with_both_sides(one, client_of):
    body = client_of(one.lead_head).get(address(one)).content.decode()

    assert table_rows(body, "Bảng điểm đem thử") == [
        "Bình, a1 Thanh tra Đơn vị đã giải trình, chờ người thẩm định xem lại 3 6"
    ]
    assert "Riêng tiêu chí a1 của Bình (nay 3, có thể từ 3 đến 6)" in body


def test_any_leaf_of_a_sheet_handed_in_may_be_added(one, client_of):
    client = client_of(one.appraiser)
    sheet = sheet_of(one, 0)
    b1 = score_of(sheet, "b1").criterion

    body = client.get(
        address(one), {"don-vi": sheet.pk, "tieu-chi": b1.pk, f"d-{sheet.pk}-{b1.pk}": "0"}
    ).content.decode()

    assert "Bạn thêm vào để thử" in body
    assert table_rows(body, "Kết quả thử")[1 - 1] in {
        "An 10 6 −4 1 2",
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9", "không quá 8 điểm"),
        ("-1", "không cho điểm âm"),
        ("1.234", "là 1234 hay 1,234?"),
        ("ba", "không phải là số"),
    ],
)
def test_a_point_that_cannot_be_is_named_and_not_counted(one, client_of, typed, said):
    sheet = sheet_of(one, 1)
    a1 = score_of(sheet, "a1").criterion

    body = (
        client_of(one.lead_head)
        .get(address(one), {f"d-{sheet.pk}-{a1.pk}": typed})
        .content.decode()
    )

    assert said in body
    assert table_rows(body, "Kết quả thử") == ["An 10 1", "Bình chưa chốt 7 2"]


def test_T01_a_draft_is_no_part_of_a_trial(one, client_of):
    draft = sheet_of(one, 2)
    a1 = score_of(draft, "a1").criterion

    body = (
        client_of(one.lead_head).get(address(one), {f"d-{draft.pk}-{a1.pk}": "1"}).content.decode()
    )

    assert "Hãy chọn cả đơn vị đã nộp" in body
    # That it has not handed in is said to everybody; nothing else of it is.
    said = body.split("<main")[1]
    assert "Cường" not in re.sub(r"vì [^.<]* chưa nộp bảng tự chấm", "", said)


def test_T01_members_do_not_reach_the_trial_page(one, client_of, world):
    for person in (one.heads[1], one.officers[2], world.administrator, world.two.lead_head):
        assert client_of(person).get(address(one)).status_code == 404
    for person in (one.appraiser, world.superior):
        assert client_of(person).get(address(one)).status_code == 200


def test_the_page_takes_as_many_queries_for_two_units_as_for_three(one, client_of):
    client = client_of(one.lead_head)
    client.get(address(one))
    with CaptureQueriesContext(connection) as two:
        client.get(address(one))
    submit(one, 2)
    with CaptureQueriesContext(connection) as three:
        client.get(address(one))

    assert len(two) == len(three)


def test_robustness_is_repeatable_and_shows_its_seed(one, client_of):
    client = client_of(one.lead_officer)

    first = client.get(address(one, "robustness"), {"bound": "30", "seed": "7"}).content.decode()
    again = client.get(address(one, "robustness"), {"bound": "30", "seed": "7"}).content.decode()

    chart = re.search(r"<svg class=\"chart\".*?</svg>", first, re.S)[0]
    assert chart == re.search(r"<svg class=\"chart\".*?</svg>", again, re.S)[0]
    assert "style=" not in chart
    assert "số mầm 7" in first
    assert table_rows(first, "Bảng độ vững")[0].startswith("An 1 100 100 100 1 – 1 100")


def test_T01_robustness_shows_a_member_only_final_units(one, client_of):
    body = client_of(one.officers[2]).get(address(one, "robustness")).content.decode()
    lead = client_of(one.lead_officer).get(address(one, "robustness")).content.decode()

    assert [row.split()[0] for row in table_rows(body, "Bảng độ vững")] == ["An"]
    assert [row.split()[0] for row in table_rows(lead, "Bảng độ vững")] == ["An", "Bình"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"bound": "50"}, "10, 20 hoặc 30 %"),
        ({"seed": "x"}, "phải là một số nguyên"),
        ({"seed": "-1"}, "không được âm"),
    ],
)
def test_a_wrong_setting_of_robustness_is_named(one, client_of, query, said):
    answer = client_of(one.lead_officer).get(address(one, "robustness"), query)

    assert answer.status_code == 422
    assert said in answer.content.decode()
