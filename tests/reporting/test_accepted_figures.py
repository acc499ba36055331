"""Accepted figures read for many units at once, and the indicators linked to them."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.world import NOON
from tests.movements.browser import BACKEND
from tests.reporting.accepting import DECEMBER, accepted, correct, handed_in
from tests.reporting.made import LATE, open_periods
from thidua.audit.models import Action, Entry
from thidua.pacts.models import Commitment, CommitmentGroup, PactVersion
from thidua.reporting import services
from thidua.reporting.models import Indicator, Report
from thidua.reporting.queries.accepted import own_keys, readings_of, values_before
from thidua.reporting.queries.reports import filled_of
from thidua.reporting.services.indicators import (
    IndicatorText,
    StaleIndicator,
    add_indicator,
    change_indicator,
)
from thidua.rules.errors import RuleError

pytestmark = pytest.mark.django_db
DUE, PAID = "ttr2_nsnn_tien_phai_thu", "ttr2_nsnn_tien_da_thu"
RATE = "ty-le-thu-hoi-tien-nsnn"


def read(world, source, member=1, **more):
    key = world.memberships[member].pk
    return readings_of(world.year, [source], [key], on=date(2026, 12, 31), **more)[key, source]


def test_only_accepted_reports_of_the_unit_and_year_count(world):
    handed_in(world.one, "year", 2, **{PAID: "9"})
    accepted(world.one, "year", 1, **{PAID: "5"})

    assert read(world.one, "ttr2-nsnn-tien-da-thu").value == 5
    assert read(world.one, "ttr2-nsnn-tien-da-thu", 2).value is None


def test_the_trace_says_who_accepted_and_when(world):
    accepted(world.one, "year", **{PAID: "5"})

    found = read(world.one, "ttr2-nsnn-tien-da-thu")

    assert found.words == (
        "Biểu 02/TTr, cột 6 (Thu hồi về ngân sách nhà nước – Tiền – Đã thu trong kỳ): 5 triệu đồng – "
        f"Báo cáo năm 2026, {world.one.lead_head} chấp nhận 09:00 18/12/2026.",
    )


def test_lateness_is_read_from_the_first_hand_in(world):
    handed_in(world.one, "q1", at=LATE)

    found = read(world.one, "bao-cao-nop-muon")

    assert found.value == 1
    assert found.words[1] == (
        "Báo cáo quý I 2026: hạn 20/03/2026, nộp lần đầu 23/03/2026, muộn 3 ngày."
    )
    # Six others are overdue on the last day of the year and were never handed in.
    assert read(world.one, "bao-cao-chua-nop").value == 6


def test_a_report_may_be_read_as_if_it_were_accepted(world):
    report = handed_in(world.one, "year", **{PAID: "5"})

    found = read(world.one, "ttr2-nsnn-tien-da-thu", also={report.pk: {}})

    assert found.value == 5
    assert "số của lần nộp đang chờ chấp nhận" in found.words[0]


def test_what_was_accepted_before_a_correction_is_told_back(world):
    report = accepted(world.one, "year", **{DUE: "1234", PAID: "1000.5"})
    assert values_before(report) is None

    report = correct(world.one, report, "Nhầm", **{DUE: "2000", PAID: "7"})

    before = values_before(report)
    assert before is not None
    assert {key: str(amount) for key, amount in before.items()} == {
        "ttr2-nsnn-tien-phai-thu": "1.234",
        "ttr2-nsnn-tien-da-thu": "1.000,5",
    }
    assert (
        read(world.one, RATE, also={report.pk: before}).value
        == read(
            world.one,
            "1000,5 / 1234 * 100 * ttr2-nsnn-tien-da-thu / ttr2-nsnn-tien-da-thu",
            also={report.pk: {}},
        ).value
    )


def test_reading_agrees_with_the_report_whole(world):
    report = accepted(world.one, "year", ttr1_cuoc_ky_truoc="2", ttr1_cuoc_trong_ky="5")

    assert read(world.one, "ttr1-cuoc").value == 7
    assert filled_of([report])[report.pk].values["ttr1-cuoc-trong-ky"].number == 5


def test_the_number_of_queries_depends_on_nothing(world):
    one = world.one
    open_periods(one)

    def queries(sources, members):
        with CaptureQueriesContext(connection) as found:
            readings_of(one.year, sources, [one.memberships[each].pk for each in members])
        return len(found)

    accepted(one, "q1", 1, **{PAID: "1"})
    few = queries(["ttr1-cuoc"], [1])
    accepted(one, "q2", 1, **{PAID: "1"})
    accepted(one, "q1", 2, **{PAID: "1"})

    assert queries([RATE, "ttr1-cuoc", "bao-cao-nop-muon"], [0, 1, 2]) == few == 4


def test_R08_an_accepted_report_given_back_remembers_which_round_counted(world):
    report = accepted(world.one, "year", **{PAID: "1"})

    services.return_report(report=report, reason="Sai", actor=world.one.lead_head, at=DECEMBER)

    assert Report.objects.get(pk=report.pk).accepted_round == 1


# --- Indicators ------------------------------------------------------------------------------
TEXT = IndicatorText("Tỷ lệ thu hồi", "%", "đã thu chia phải thu", figure=RATE)


def add(world, key="thu-hoi", text=TEXT, actor=None):
    return add_indicator(key=key, text=text, actor=actor or world.one.lead_officer, at=NOON)


def test_an_indicator_is_added_and_gives_its_figure(world):
    add(world)
    accepted(world.one, "year", **{DUE: "4", PAID: "3"})

    assert read(world.one, "thu-hoi").value == 75
    entry = Entry.objects.get(action=Action.INDICATOR_ADDED)
    assert entry.actor == world.one.lead_officer
    assert entry.details["new"].endswith("lấy từ ty-le-thu-hoi-tien-nsnn")
    assert "thu-hoi" in own_keys(world.one.year)


@pytest.mark.parametrize("who", ["officers", "heads"])
def test_a_member_that_does_not_lead_keeps_no_indicators(world, who):
    with pytest.raises(PermissionDenied):
        add(world, actor=getattr(world.one, who)[1])


@pytest.mark.parametrize(
    ("key", "figure", "why"),
    [
        ("ttr1-cuoc", RATE, "là của một chỉ tiêu trong biểu mẫu"),
        (RATE, "", "là của một chỉ tiêu trong biểu mẫu"),
        ("bao-cao-nop-muon", "", "là của một chỉ tiêu trong biểu mẫu"),
        ("moi", "khong-co", "không có chỉ tiêu báo cáo “khong-co”"),
        ("moi", "a b", "thừa “b”"),
        ("moi", "thu-hoi", "không có chỉ tiêu báo cáo “thu-hoi”"),
        ("thu-hoi", "", "đã có chỉ tiêu dùng"),
    ],
)
def test_an_indicator_that_cannot_be_is_refused(world, key, figure, why):
    add(world)

    with pytest.raises(RuleError, match=why):
        add(world, key, IndicatorText("Khác", "%", figure=figure))

    assert Indicator.objects.count() == 1


def test_what_a_pact_prints_stays_once_a_commitment_uses_it(world):
    indicator = add(world)
    pact = PactVersion.objects.create(year=world.one.year, number=1, title="Giao ước")
    group = CommitmentGroup.objects.create(pact=pact, order=1, title="Nhóm")
    Commitment.objects.create(
        group=group,
        order=1,
        key="k",
        text="Thu hồi",
        indicator=indicator,
        comparison="at_least",
        target=1,
        measure="%",
    )

    def change(text, version):
        return change_indicator(
            indicator=indicator, text=text, version=version, actor=world.one.lead_head, at=NOON
        )

    with pytest.raises(RuleError, match="không sửa tên được nữa"):
        change(IndicatorText("Tên khác", "%"), 1)
    changed = change(IndicatorText("Tỷ lệ thu hồi", "%", figure="ttr1-cuoc"), 1)
    with pytest.raises(StaleIndicator, match="vừa sửa chỉ tiêu này"):
        change(IndicatorText("Tỷ lệ thu hồi", "%"), 1)

    assert (changed.figure, changed.version) == ("ttr1-cuoc", 2)


def test_the_pages_of_indicators(world):
    add(world)
    lead, member = Client(), Client()
    lead.force_login(world.one.lead_officer, backend=BACKEND)
    member.force_login(world.one.officers[1], backend=BACKEND)
    shown, new = reverse("reporting:indicator_list"), reverse("reporting:indicator_new")

    assert "Thêm chỉ tiêu" in lead.get(shown).content.decode()
    assert "Thêm chỉ tiêu" not in member.get(shown).content.decode()
    assert member.get(new).status_code in {403, 404}
    typed = {"key": "x", "name": "X", "measure": "%", "figure": "khong-co"}
    refused = lead.post(new, {**typed, "idempotency_key": uuid4().hex})
    assert refused.status_code == 422
    assert "không có chỉ tiêu báo cáo" in refused.content.decode()
    edit = reverse("reporting:indicator_edit", args=[Indicator.objects.get().pk])
    assert lead.get(edit).status_code == 200
