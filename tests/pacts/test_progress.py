"""Where commitments stand: figures against targets, and who sees whose."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.movements.browser import BACKEND
from tests.pacts import pacts
from tests.reporting.accepting import accept, accepted, correct, handed_in
from thidua.pacts.progress import effects_of, progress_of, verdict
from thidua.pacts.services import CommitmentText
from thidua.reporting import effects
from thidua.reporting.models import Indicator

pytestmark = pytest.mark.django_db
DUE, PAID = "ttr2_nsnn_tien_phai_thu", "ttr2_nsnn_tien_da_thu"


@pytest.fixture
def one(world):
    """A pact out for comment: a rate of more than 70 %, a commitment nobody reports, one in words."""
    recovery = Indicator.objects.create(
        key="thu-hoi", name="Tỷ lệ thu hồi", measure="%", figure="ty-le-thu-hoi-tien-nsnn"
    )
    pact = pacts.consulting(world.one)
    pacts.add(
        world.one,
        pact,
        CommitmentText("Thu hồi trên 70 %", recovery, "more_than", Decimal(70), "%"),
    )
    return world.one


def pact_of(world):
    return world.year.pact_versions.get()


def linked(progress):
    return next(each for each in progress.rows if each.is_linked)


def sign_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("at_least", 70, "met"),
        ("at_least", 69, "unmet"),
        ("more_than", 70, "unmet"),
        ("more_than", 71, "met"),
        ("exactly", 70, "met"),
        ("exactly", 71, "over"),
        ("exactly", 69, "unmet"),
        ("at_most", 70, "met"),
        ("at_most", 71, "unmet"),
        ("less_than", 70, "unmet"),
        ("less_than", 69, "met"),
        ("less_than", None, "none"),
    ],
)
def test_a_value_against_a_target(comparison, value, expected):
    found = verdict(comparison, Fraction(70), None if value is None else Fraction(value))

    assert found == expected


def test_a_commitment_shows_the_longest_period_with_its_way_to_the_report(one):
    accepted(one, "q1", **{DUE: "100", PAID: "40"})
    accepted(one, "q2", **{DUE: "80", PAID: "50"})

    row = linked(progress_of(pact_of(one), one.officers[1]))

    (own,) = row.members
    assert (row.number, own.period, own.shown, own.label) == ("1.3", "6 tháng", "75 %", "Đạt")
    assert any("Biểu 02/TTr, cột 6, quý I: 40" in line for line in own.reading.words)
    assert [link.name for link in own.reading.reports] == [
        "Báo cáo quý I 2026",
        "Báo cáo quý II 2026",
    ]
    assert [chart.title for chart in row.charts] == ["Tỷ lệ thu hồi: Bình qua các kỳ"]


def test_without_an_accepted_report_there_is_no_value_and_no_guess(one):
    handed_in(one, "year", **{DUE: "100", PAID: "90"})

    (own,) = linked(progress_of(pact_of(one), one.officers[1])).members

    assert (own.value, own.label) == (None, "Chưa có số liệu")
    assert own.reading.missing[0].startswith("Chưa có báo cáo năm được chấp nhận")


def test_an_indicator_without_a_figure_says_so(one):
    found = progress_of(pact_of(one), one.officers[1])

    assert [each.is_linked for each in found.rows] == [False, True]
    assert found.in_words == 1


def test_members_see_their_own_figures_lead_and_superior_everybodys(one, world):
    for member in (1, 2):
        accepted(one, "year", member, **{DUE: "100", PAID: str(70 + member)})

    def seen_by(user):
        return [
            (each.membership.organisation.short_name, each.value)
            for each in linked(progress_of(pact_of(one), user)).members
            if each.value is not None
        ]

    names = [each.organisation.short_name for each in one.memberships]
    both = [(names[1], 71), (names[2], 72)]
    assert seen_by(one.officers[1]) == both[:1]
    assert seen_by(one.heads[2]) == both[1:]
    assert seen_by(one.lead_officer) == both
    assert seen_by(world.superior) == both
    assert seen_by(one.appraiser) == []


def test_the_page_keeps_others_figures_from_a_member(one):
    accepted(one, "year", 2, **{DUE: "100", PAID: "73"})
    address = reverse("pacts:progress", args=[one.year.pk])

    lead = sign_in(one.lead_head).get(address).content.decode()
    member = sign_in(one.heads[1]).get(address).content.decode()

    assert "73/100 triệu đồng = 73 %" in lead
    assert "73/100" not in member
    assert "73 %" not in member
    assert "Chưa có số liệu" in member


def test_a_correction_shows_old_and_new_before_acceptance(one):
    report = accepted(one, "year", **{DUE: "100", PAID: "80"})
    report = correct(one, report, "Ghi nhầm", **{PAID: "60"})

    (effect,) = [each for each in effects.preview(report) if each.where.startswith("Giao ước")]
    accept(one, report)
    (own,) = linked(progress_of(pact_of(one), one.officers[1])).members

    assert (effect.where, effect.what) == ("Giao ước, cam kết 1.3", "Tỷ lệ thu hồi")
    assert (effect.old, effect.new) == ("80 % (Năm)", "60 % (Năm)")
    assert effect.note == "Đạt → chưa đạt."
    assert (own.value, own.label) == (60, "Chưa đạt")


def test_a_report_that_moves_nothing_shows_nothing(one):
    assert effects_of(handed_in(one, "q1", ttr1_ket_luan="3")) == []


def test_the_page_needs_a_fixed_number_of_queries(one):
    def queries():
        with CaptureQueriesContext(connection) as found:
            progress_of(pact_of(one), one.lead_head)
        return len(found)

    accepted(one, "q1", 1, **{DUE: "1", PAID: "1"})
    before = queries()
    for member in (1, 2):
        accepted(one, "year", member, **{DUE: "1", PAID: "1"})
    another = Indicator.objects.create(
        key="ket-luan", name="Kết luận", measure="kết luận", figure="ttr1-ket-luan"
    )
    pacts.add(one, pact_of(one), CommitmentText("x", another, "at_least", Decimal(1), "kết luận"))

    assert queries() == before
