"""The sheet of a unit says its class, award points, place and why."""

import re
from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.scoring import finalise, issue_table, name_appraiser, submit, wide_table
from tests.scoring.ranked import FULL_RULES, finish, ranked_year
from thidua.scoring.models import ScoreSheet, UnitTerms

AWARDED = {name: FULL_RULES[name] for name in ("inputs", "awards", "gates", "classes")}


def page_of(client, sheet):
    response = client.get(reverse("scoring:sheet", args=[sheet.membership.year_id, sheet.pk]))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_final_sheet_shows_place_class_and_award_with_the_words_why(world, client_of):
    one = world.one
    ranked_year(one)
    sheet = finish(one, 1, bang_khen="yes")

    page = page_of(client_of(one.officers[1]), sheet)

    assert "Điểm cộng thành tích 10 điểm" in page
    assert "Tổng để xếp hạng 20 điểm" in page
    assert "Hạng tạm tính 1 trong các đơn vị đã chốt" in page
    assert "Xếp loại Xuất sắc" in page
    assert "Vì sao có hạng, xếp loại này" in page


def test_a_gate_and_a_quota_are_told_in_words(world, client_of):
    one = world.one
    ranked_year(one)
    finish(one, 0, bang_khen="yes")
    second = finish(one, 1)
    shut = finish(one, 2, vi_pham="yes")

    second_page, shut_page = (
        page_of(client_of(one.officers[member]), sheet)
        for member, sheet in ((1, second), (2, shut))
    )

    assert "Xếp loại Tốt" in second_page
    assert "Hết suất “Xuất sắc”" in second_page
    assert "không xếp hạng" in shut_page
    assert "Có vi phạm nghiêm trọng" in shut_page


def test_the_group_of_the_unit_stands_beside_its_place(world, client_of):
    one = world.one
    table = ranked_year(one)
    UnitTerms.objects.create(criteria_set=table, membership=one.memberships[1], group="Miền núi")

    page = page_of(client_of(one.officers[1]), finish(one, 1))

    assert "Hạng tạm tính, nhóm Miền núi 1" in page


def test_once_every_sheet_that_counts_is_final_the_place_is_no_longer_provisional(world, client_of):
    one = world.one
    ranked_year(one)
    sheet = finish(one, 1)
    ScoreSheet.objects.filter(criteria_set=sheet.criteria_set_id, state="draft").update(
        set_aside_at=sheet.finalised_at, set_aside_reason="Giải thể"
    )

    page = page_of(client_of(one.officers[1]), sheet)

    assert "tạm tính" not in page
    assert re.search(r"Hạng 1 ", page)


def test_a_sheet_under_appraisal_says_nothing_of_places(world, client_of):
    one = world.one
    ranked_year(one)
    finish(one, 1)
    own = submit(one, 2)

    page = page_of(client_of(one.officers[2]), own).replace("Xếp hạng", "")

    assert "Hạng" not in page
    assert "Xếp loại" not in page


def test_places_ask_no_query_per_criterion(world, client_of):
    counts = []
    for cluster, leaves in ((world.one, 2), (world.two, 7)):
        table = replace(wide_table(leaves), rules=AWARDED)
        issue_table(cluster, table)
        name_appraiser(cluster, "1")
        sheet = finalise(cluster, 1, "1")
        client = client_of(cluster.officers[1])
        assert "Tổng để xếp hạng" not in page_of(client, sheet)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, sheet)
        counts.append(len(queries))

    assert counts[0] == counts[1]
