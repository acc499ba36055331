"""Places with awards, classes, gates, ties and the decision of people; on screen and on paper."""

import io
import subprocess

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.scoring import decide, fill, save, sheet_of, submit
from tests.factories.world import NOON, make_world
from tests.scoring.ranked import FULL_RULES, finish, ranked_year
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.scoring import services
from thidua.scoring.models import TieDecision, UnitTerms
from thidua.scoring.queries import ranking_seen_by, standing_of, standings
from thidua.scoring.queries.evaluation import evaluate, stored_points, sums_suffice
from thidua.scoring.services import decide_tie

LATER = NOON.replace(hour=20)


@pytest.fixture
def one(world):
    """A table with every rule of the ranking, in force."""
    ranked_year(world.one)
    return world.one


def places(one):
    return [
        (each.sheet.membership.organisation.short_name, each.place)
        for each in standings(one.year).units
    ]


def get(browser, name, one, *args, **query):
    return browser.get(reverse(f"scoring:{name}", args=[one.year.pk, *args]), query)


def test_award_points_are_added_to_the_total_and_change_the_place(one):
    finish(one, 0)
    finish(one, 1, bang_khen="yes")

    found = standings(one.year)

    assert places(one) == [("Bình", 1), ("An", 2), ("Cường", None)]
    assert [(each.award, each.total) for each in found.units[:2]] == [(10, 20), (0, 10)]
    assert found.units[0].sheet.final_score == 10
    assert "Bằng khen: +10." in found.units[0].why


def test_a_gate_takes_a_unit_out_of_the_ranking_with_its_reason(one):
    finish(one, 0)
    finish(one, 1, vi_pham="yes")

    found = {each.sheet.membership.order: each for each in standings(one.year).units}

    assert (found[1].place, found[2].place, found[2].grade) == (1, None, None)
    assert found[2].why == ("Có vi phạm nghiêm trọng (Điều 9): không xếp hạng, xếp loại.",)


def test_a_quota_keeps_one_unit_in_the_top_class_and_the_other_reads_why(one):
    finish(one, 0)
    finish(one, 1, bang_khen="yes")

    first, second = standings(one.year).units[:2]

    assert (first.grade, second.grade) == ("Xuất sắc", "Tốt")
    assert any("Hết suất “Xuất sắc”" in sentence for sentence in second.why)


def test_equal_totals_share_a_place_and_ask_for_a_decision(one):
    finish(one, 0)
    finish(one, 1)

    found = standings(one.year)

    assert places(one) == [("An", 1), ("Bình", 1), ("Cường", None)]
    assert len(found.ties) == 1
    assert set(found.ties[0].members) == {one.memberships[0].pk, one.memberships[1].pk}
    assert "bằng nhau theo mọi quy tắc đã ghi" in found.ties[0].sentence
    assert [each.grade for each in found.units[:2]] == [None, None]
    assert "phải có quyết định ai được" in " ".join(found.units[0].open_questions)


def test_a_written_rule_that_finds_a_difference_names_it(one):
    for member, a1, b1 in ((0, "5", "4"), (1, "6", "3")):
        sheet = submit(one, member)
        decide(sheet, "a1", one.appraiser, a1, reason="Xem lại")
        decide(sheet, "b1", one.appraiser, b1, reason="Xem lại")
        services.finalise_sheet(sheet=sheet, actor=one.lead_head, at=LATER)

    found = standings(one.year)

    assert places(one)[:2] == [("Bình", 1), ("An", 2)]
    assert found.ties == ()
    assert "Bình xếp trên An: bằng 9 điểm; tiêu chí A (Chuyên môn) cao hơn: 6 > 5." in (
        found.units[0].why
    )


def test_units_are_ranked_inside_their_group(one):
    table = sheet_of(one, 0).criteria_set
    for member, group in ((0, "I"), (1, "II"), (2, "II")):
        UnitTerms.objects.create(
            criteria_set=table, membership=one.memberships[member], group=group
        )
    finish(one, 0)
    finish(one, 1)
    finish(one, 2, bang_khen="yes")

    found = standings(one.year)

    assert places(one) == [("An", 1), ("Cường", 1), ("Bình", 2)]
    assert found.groups == ("I", "II")
    assert found.ties == ()


def keys(one, *members):
    return [one.memberships[each].pk for each in members]


def tied(one):
    finish(one, 0)
    finish(one, 1)
    return sheet_of(one, 0).criteria_set


def test_decide_tie_orders_the_tied_and_is_recorded(one):
    table = tied(one)

    decide_tie(
        criteria_set=table,
        order=keys(one, 1, 0),
        reason="Bình có nhiều sáng kiến hơn.",
        actor=one.lead_head,
        at=LATER,
    )

    found = standings(one.year)
    assert places(one)[:2] == [("Bình", 1), ("An", 2)]
    assert found.ties == ()
    assert "theo quyết định: Bình có nhiều sáng kiến hơn." in found.units[0].why[0]
    entry = Entry.objects.get(action=Action.TIE_DECIDED)
    assert entry.details == {"order": ["Bình", "An"], "reason": "Bình có nhiều sáng kiến hơn."}
    assert (entry.year_id, entry.at) == (one.year.pk, LATER)


def test_the_latest_decision_holds(one):
    table = tied(one)
    for number, order in enumerate((keys(one, 1, 0), keys(one, 0, 1))):
        decide_tie(
            criteria_set=table,
            order=order,
            reason="Theo biên bản họp.",
            actor=one.lead_head,
            at=LATER.replace(minute=number),
        )

    assert places(one)[:2] == [("An", 1), ("Bình", 2)]


@pytest.mark.parametrize("members", [(0, 2), (0, 1, 2), (0,), (0, 0)])
def test_decide_tie_takes_only_all_of_a_real_tie(one, members):
    table = tied(one)

    with pytest.raises(RuleError):
        decide_tie(
            criteria_set=table,
            order=keys(one, *members),
            reason="Vì thế",
            actor=one.lead_head,
            at=LATER,
        )

    assert not TieDecision.objects.exists()


def test_decide_tie_needs_a_reason(one):
    table = tied(one)

    with pytest.raises(RuleError, match="phải ghi lý do"):
        decide_tie(
            criteria_set=table, order=keys(one, 0, 1), reason=" ", actor=one.lead_head, at=LATER
        )


def test_T03_only_the_head_of_the_lead_decides_a_tie(one, world):
    table = tied(one)
    others = [
        one.lead_officer,
        one.heads[1],
        one.appraiser,
        world.superior,
        world.administrator,
        world.two.lead_head,
    ]

    for person in others:
        with pytest.raises(PermissionDenied):
            decide_tie(
                criteria_set=table,
                order=keys(one, 0, 1),
                reason="Tôi muốn",
                actor=person,
                at=LATER,
            )
    assert not Entry.objects.filter(action=Action.TIE_DECIDED).exists()


def test_a_tie_that_written_rules_part_is_not_for_people(one):
    finish(one, 0)
    finish(one, 1, bang_khen="yes")

    with pytest.raises(RuleError, match="không phải là một nhóm đang bằng điểm"):
        decide_tie(
            criteria_set=sheet_of(one, 0).criteria_set,
            order=keys(one, 0, 1),
            reason="Vì thế",
            actor=one.lead_head,
            at=LATER,
        )


def test_the_head_of_the_lead_decides_on_screen(one, client_of):
    tied(one)
    browser = client_of(one.lead_head)
    address = reverse("scoring:ties", args=[one.year.pk])
    first, second = keys(one, 0, 1)
    assert "Cần quyết định thứ tự" in get(browser, "ranking", one).content.decode()

    same = browser.post(
        address,
        {
            "idempotency_key": "a" * 32,
            "tie": f"{first}-{second}",
            f"place_{first}": "1",
            f"place_{second}": "1",
            "reason": "x",
        },
    )
    done = browser.post(
        address,
        {
            "idempotency_key": "b" * 32,
            "tie": f"{first}-{second}",
            f"place_{first}": "2",
            f"place_{second}": "1",
            "reason": "Theo biên bản",
        },
    )

    assert same.status_code == 422
    assert "mỗi đơn vị một thứ tự khác nhau" in same.content.decode()
    assert done.url == reverse("scoring:ranking", args=[one.year.pk])
    assert places(one)[:2] == [("Bình", 1), ("An", 2)]
    body = get(browser, "ranking", one).content.decode()
    assert "Theo biên bản" in body
    assert "Cần quyết định thứ tự" not in body


def test_the_ranking_page_shows_class_award_and_reasons(one, client_of):
    finish(one, 0)
    finish(one, 1, bang_khen="yes")
    submit(one, 2)

    body = get(client_of(one.officers[1]), "ranking", one).content.decode()

    for text in (
        "Xếp loại",
        "Xuất sắc",
        "Tổng điểm đã gồm điểm cộng thành tích",
        "Bằng khen: +10.",
    ):
        assert text in body
    assert "Cần quyết định thứ tự" not in body


def test_T01_what_is_not_final_shows_no_points_to_other_members(one, client_of):
    sheet = fill(one, 2)
    save(sheet, "a1", one.officers[2], "3.77", "0")
    services.submit_self_score(sheet=sheet, actor=one.heads[2], at=LATER)

    seen = ranking_seen_by(one.officers[1], one.year)

    assert [each.self_score for each in seen if each.sheet.pk == sheet.pk] == [None]
    assert "7,77" not in get(client_of(one.officers[1]), "ranking", one).content.decode()
    assert "7,77" in get(client_of(one.lead_officer), "ranking", one).content.decode()


def test_the_exports_carry_class_award_and_group(one, client_of):
    table = sheet_of(one, 0).criteria_set
    for member in one.memberships:
        UnitTerms.objects.create(criteria_set=table, membership=member, group="Nam")
    finish(one, 0)
    finish(one, 1, bang_khen="yes")
    browser = client_of(one.lead_head)

    book = openpyxl.load_workbook(io.BytesIO(get(browser, "ranking_xlsx", one).content)).active
    rows = list(book.values)
    paper = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=get(browser, "ranking_pdf", one).content,
        capture_output=True,
        check=True,
    ).stdout.decode()
    matrix = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=get(browser, "matrix_pdf", one).content,
        capture_output=True,
        check=True,
    ).stdout.decode()

    assert rows[3][:8] == (
        "Hạng",
        "Đơn vị",
        "Nhóm",
        "Xếp loại",
        "Tổng điểm",
        "Điểm cộng thành tích",
        "Tự chấm",
        "Trạng thái",
    )
    assert rows[4][:7] == (1, "Thanh tra tỉnh Bình", "Nam", "Xuất sắc", 20, 10, 10)
    words = " ".join(paper.split())
    assert "Nam" in words
    assert "1 Thanh tra tỉnh Bình Nam Xuất sắc 20 10 10 Đã chốt" in words
    assert "Xếp loại" in matrix
    assert "Xuất sắc" in matrix


def test_the_matrix_opens_every_point(one, client_of):
    sheet = finish(one, 0)
    browser = client_of(one.lead_head)

    body = get(browser, "matrix", one).content.decode()

    a1 = sheet.criteria_set.criteria.get(path="A/a1")
    assert f"<a href=../diem/{sheet.pk}/{a1.pk}/>6</a>" in body
    assert get(browser, "point", one, sheet.pk, a1.pk).status_code == 200


def test_the_ranking_takes_as_many_queries_for_one_final_unit_as_for_three(client_of, db):
    one = make_world(4).one
    ranked_year(one)
    browser = client_of(one.lead_head)
    finish(one, 0)
    address = reverse("scoring:ranking", args=[one.year.pk])
    browser.get(address)
    with CaptureQueriesContext(connection) as single:
        browser.get(address)
    for member in (1, 2, 3):
        finish(one, member)
    with CaptureQueriesContext(connection) as several:
        browser.get(address)

    assert len(several) == len(single)


def test_one_sheet_knows_its_standing(one):
    finish(one, 0)
    sheet = finish(one, 1, bang_khen="yes")

    found = standing_of(sheet_of(one, 1))

    assert (found.sheet, found.place, found.award, found.grade) == (sheet, 1, 10, "Xuất sắc")


@pytest.mark.parametrize("ties", [[{"by": "node", "of": "A"}], [{"by": "least_deduction"}]])
def test_stored_sums_and_points_computed_anew_rank_alike(world, ties):
    """The quick way, where sums of stored points suffice, gives what the rules give."""
    one = world.one
    table = ranked_year(one, {**FULL_RULES, "ties": ties})
    finish(one, 0)
    finish(one, 1, bang_khen="yes")
    table.year = one.year
    sheets = [sheet_of(one, member) for member in (0, 1)]

    quick, whole = stored_points(table, sheets), evaluate(table, sheets)

    for left, right in zip(quick.units, whole.units, strict=True):
        assert left.result.subtotals == right.result.subtotals
        assert left.result.maximum == right.result.maximum
        assert (left.values, left.awards, left.total) == (right.values, right.awards, right.total)
    assert sums_suffice(quick.table) is (ties[0]["by"] == "node")
