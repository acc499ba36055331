"""The demo year as it is loaded, and its pages."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thidua.accounts.models import User
from thidua.audit.models import Action, Entry
from thidua.demo.facts import as_markdown, demo_facts
from thidua.demo.guard import is_marked
from thidua.demo.loading import STAGES, load_demo
from thidua.demo.people import certificates_dir, plain
from thidua.demo.queries import casts
from thidua.documents.models import SignerCertificate, SigningRound
from thidua.documents.queries import signing_board
from thidua.movements.models import Launch
from thidua.organisations.models import Assignment, EmulationYear
from thidua.pacts.models import Commitment, PactVersion
from thidua.scoring.models import CriteriaSet, ScoreSheet

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo, loaded once for this module and rolled back after it."""
    place = tmp_path_factory.mktemp("demo")
    settings = override_settings(DEMO=True, DATA_DIR=place, FILES_DIR=place / "files")
    with django_db_blocker.unblock(), settings, transaction.atomic():
        load_demo()
        yield {year.year: year for year in EmulationYear.objects.all()}
        transaction.set_rollback(True)


def person(username):
    return User.objects.get(username=username)


def signed_in(year, username):
    client = Client()
    answer = client.post(reverse("demo:sign_in_as", args=[year.pk, person(username).pk]))
    assert answer.status_code == 302, answer
    return client, answer.url


def test_demo_marks_its_database(demo):
    assert is_marked()
    assert Entry.objects.filter(action=Action.DEMO_LOADED).count() == 1


def test_demo_has_the_base_case_ready_before_the_launch(demo):
    year = demo[2024]
    names = [m.organisation.short_name for m in year.memberships.all()]

    assert len(names) == 9
    assert year.memberships.get(role="lead").organisation.short_name == "Nam Định"
    launch = Launch.objects.get(year=year)
    assert launch.published_at is None
    assert "9 tỉnh đồng bằng sông Hồng đoàn kết, kỷ cương, phát triển" in launch.slogan
    assert PactVersion.objects.get(year=year).state == PactVersion.State.DRAFT
    assert CriteriaSet.objects.get(year=year).state == CriteriaSet.State.DRAFT
    lead = Assignment.objects.get(user=person("truong-nam-dinh"))
    assert (lead.user.full_name, lead.role) == ("Đinh Ngọc Văn", "head")


def test_demo_pact_has_the_four_real_targets(demo):
    targets = Commitment.objects.filter(
        group__pact__year=demo[2024], indicator__isnull=False
    ).values_list("comparison", "target")

    assert sorted(targets) == [
        ("exactly", Decimal(100)),
        ("more_than", Decimal(70)),
        ("more_than", Decimal(80)),
        ("more_than", Decimal(85)),
    ]


def test_demo_pact_of_2026_is_signed_by_all_six(demo):
    board = signing_board(SigningRound.objects.get(pact_version__year=demo[2026]))

    assert (len(board.signed), len(board.missing), board.has_demo) == (6, 0, True)


def test_demo_sheets_of_2026_stand_at_every_stage(demo):
    sheets = ScoreSheet.objects.filter(criteria_set__year=demo[2026])

    assert [sheet.state for sheet in sheets] == [
        "finalised",
        "finalised",
        "submitted",
        "submitted",
        "draft",
        "draft",
    ]
    assert len(STAGES) == 6
    assert all(sheet.final_score > 0 for sheet in sheets[:2])


def test_demo_heads_have_key_files_on_this_machine_only(demo):
    heads = Assignment.objects.filter(role="head").select_related("user")
    files = {path.stem for path in certificates_dir().glob("*.p12")}

    assert files == {head.user.username for head in heads}
    assert all(
        b"PRIVATE" not in bytes(certificate.der) and certificate.is_demo
        for certificate in SignerCertificate.objects.all()
    )


def test_demo_roles_begin_with_their_organisation(demo):
    for assignment in Assignment.objects.exclude(organisation=None).select_related("organisation"):
        assert assignment.valid_from >= assignment.organisation.valid_from


def test_demo_people_have_no_password(demo):
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_demo_wrote_its_journal(demo):
    acts = set(Entry.objects.values_list("action", flat=True))

    assert acts >= {
        Action.YEAR_OPENED,
        Action.MEMBERS_SET,
        Action.LAUNCH_PUBLISHED,
        Action.PACT_FROZEN,
        Action.SIGNATURE_ACCEPTED,
        Action.SELF_SCORE_SUBMITTED,
        Action.SHEET_FINALISED,
    }


def test_sign_in_page_offers_every_part_of_both_years_in_few_queries(demo):
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        text = client.get(reverse("demo:sign_in")).content.decode()

    assert len(asked) <= 6
    assert [(cast.year.year, len(cast.first), len(cast.units)) for cast in casts()] == [
        (2026, 8, 6),
        (2024, 8, 9),
    ]
    for role in ("Thủ trưởng – Cụm trưởng Nam Định", "Quản trị hệ thống", "Người thẩm định"):
        assert role in text
    assert str(certificates_dir()) in text


def test_sign_in_as_each_part_opens_its_front_page(demo):
    for cast in casts():
        people = [choice.user for choice in cast.first]
        people += [choice.user for unit in cast.units for choice in (unit.head, unit.officer)]
        for user in {user.pk: user for user in people}.values():
            client, there = signed_in(cast.year, user.username)
            answer = client.get(there)
            assert answer.status_code == 200, user
            assert f"năm {cast.year.year}</h1>" in " ".join(
                answer.content.decode().split()
            ).replace(" </h1>", "</h1>")


def test_sign_in_as_somebody_is_a_post(demo):
    user = person("quan-tri")

    answer = Client().get(reverse("demo:sign_in_as", args=[demo[2026].pk, user.pk]))

    assert answer.status_code == 405


def test_every_page_of_the_demo_says_that_it_is_one(demo):
    client, front = signed_in(demo[2026], "truong-ninh-binh-2026")
    year = demo[2026].pk
    pages = [
        front,
        reverse("organisations:year_members", args=[year]),
        reverse("movements:launch", args=[year]),
        reverse("pacts:board", args=[year]),
        reverse("scoring:scale", args=[year]),
        reverse("scoring:sheet_list", args=[year]),
        reverse("scoring:ranking", args=[year]),
        reverse("home:journal", args=[year]),
        reverse("demo:sign_in"),
        reverse("demo:about"),
        "/khong-co-trang-nay/",
    ]

    for address in pages:
        text = client.get(address).content.decode()
        assert "Bản dùng thử" in text, address
        assert reverse("demo:about") in text, address


def test_pages_of_the_years_say_what_of_them_is_real(demo):
    client, front = signed_in(demo[2024], "quan-tri")

    for address in (front, reverse("organisations:year_members", args=[demo[2024].pk])):
        assert "Thật: chín tỉnh, cụm trưởng Nam Định" in client.get(address).content.decode()


def test_about_page_lists_every_fact_with_its_source(demo):
    text = Client().get(reverse("demo:about")).content.decode()

    for part in demo_facts():
        assert part["title"] in text
        for fact in part["fact"]:
            assert fact["what"] in text
            assert fact["source"] in text


def test_docs_and_page_say_the_same():
    assert (ROOT / "docs" / "demo.md").read_text(encoding="utf-8") == as_markdown()


def test_every_fact_is_real_or_made_up_and_has_a_source():
    facts = [fact for part in demo_facts() for fact in part["fact"]]

    assert {fact["real"] for fact in facts} == {True, False}
    assert all(fact["what"] and fact["source"] for fact in facts)


@pytest.mark.parametrize(
    ("name", "written"),
    [("Vĩnh Phúc", "vinh-phuc"), ("Đồng Nai", "dong-nai"), ("Hải Phòng", "hai-phong")],
)
def test_plain_names_are_fit_for_accounts_and_files(name, written):
    assert plain(name) == written
