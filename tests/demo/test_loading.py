"""The demo years as they are loaded, and their pages."""

from collections import Counter
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from thidua.accounts.models import User
from thidua.audit.models import Action, Entry
from thidua.demo.facts import demo_facts
from thidua.demo.guard import is_marked
from thidua.demo.models import DemoMark
from thidua.demo.people import certificates_dir, demo_data
from thidua.demo.queries import casts
from thidua.demo.stages import Stage
from thidua.documents import storage
from thidua.documents.models import SignerCertificate, SigningRound
from thidua.documents.queries import current_revision, signing_board
from thidua.movements.models import Launch
from thidua.organisations.models import Assignment
from thidua.pacts.models import Commitment, PactVersion
from thidua.reporting.models import Report
from thidua.rules.scoring.verification import differences
from thidua.rules.scoring.yearfile import read_year
from thidua.scoring.models import (
    CriteriaSet,
    CriterionScore,
    CrossReview,
    CrossReviewRound,
    Evidence,
    ScoreSheet,
)
from thidua.scoring.queries import unappraised
from thidua.scoring.queries.cross_review_results import Scope, results
from thidua.scoring.queries.cross_reviews import handings
from thidua.scoring.yearfiles import year_file

pytestmark = pytest.mark.django_db


def person(username):
    return User.objects.get(username=username)


def sheet_of(year, name):
    return ScoreSheet.objects.get(
        criteria_set__year=year, membership__organisation__short_name=name
    )


def changed(sheet):
    """By path: what appraisers decided otherwise than the unit reported."""
    return {
        score.criterion.path: score
        for score in sheet.scores.select_related("criterion")
        if score.reason or score.reply
    }


def signed_in(year, username):
    client = Client()
    answer = client.post(reverse("demo:sign_in_as", args=[year.pk, person(username).pk]))
    assert answer.status_code == 302, answer
    return client, answer.url


def test_demo_marks_its_database(demo):
    assert is_marked()
    assert Entry.objects.filter(action=Action.DEMO_LOADED).count() == 1


def test_demo_base_case_has_nine_members_and_its_real_lead(demo):
    year = demo[2024]
    names = [m.organisation.short_name for m in year.memberships.all()]

    assert names == list(demo_data()["year_2024"]["members"])
    assert len(names) == 9
    assert year.memberships.get(role="lead").organisation.short_name == "Nam Định"
    lead = Assignment.objects.get(user=person("truong-nam-dinh"))
    assert (lead.user.full_name, lead.role) == ("Đinh Ngọc Văn", "head")


def test_demo_base_case_is_launched_signed_and_its_table_issued(demo):
    year = demo[2024]

    launch = Launch.objects.get(year=year)
    assert launch.published_at.year == 2024
    assert launch.receipts.count() == 9
    assert "9 tỉnh đồng bằng sông Hồng đoàn kết, kỷ cương, phát triển" in launch.slogan
    assert PactVersion.objects.get(year=year).state == PactVersion.State.FROZEN
    assert CriteriaSet.objects.get(year=year).state == CriteriaSet.State.ISSUED


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


@pytest.mark.parametrize(("number", "members"), [(2024, 9), (2026, 6)])
def test_demo_pacts_are_signed_by_all(demo, number, members):
    board = signing_board(SigningRound.objects.get(pact_version__year=demo[number]))

    assert (len(board.signed), len(board.missing), board.has_demo) == (members, 0, True)


def test_demo_pact_signed_in_2024_verifies_today(demo):
    signing = SigningRound.objects.get(pact_version__year=demo[2024])
    paper = SimpleUploadedFile(
        "giao-uoc.pdf", storage.get(current_revision(signing).file.sha256), "application/pdf"
    )
    address = reverse("documents:verify_token", args=[signing.token])

    text = Client().post(address, {"pdf": paper}).content.decode()

    assert "văn bản có 9 chữ ký số, tất cả đều hợp lệ" in text


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
    assert all(sheet.final_score > 0 for sheet in sheets[:2])


def test_demo_members_of_2024_stand_at_nine_stages(demo):
    stages = demo_data()["year_2024"]["stages"]

    assert Counter(stages) == dict.fromkeys(set(Stage) - {Stage.FILLED}, 1)
    sheets = ScoreSheet.objects.filter(criteria_set__year=demo[2024]).order_by("membership__order")
    assert [sheet.state for sheet in sheets] == [
        "draft",
        "finalised",
        "submitted",
        "submitted",
        "submitted",
        "submitted",
        "draft",
        "submitted",
        "draft",
    ]


def test_demo_unit_that_has_not_begun_saved_nothing(demo):
    sheet = sheet_of(demo[2024], "Ninh Bình")

    assert not sheet.scores.filter(changed_at__isnull=False).exists()
    assert (sheet.round, sheet.submitted_at) == (1, None)


def test_demo_half_filled_sheet_has_figures_in_its_first_half_only(demo):
    sheet = sheet_of(demo[2024], "Vĩnh Phúc")
    scores = list(sheet.scores.order_by("criterion__order"))
    half = len(scores) // 2

    saved = [bool(score.changed_at) for score in scores]

    assert sum(saved[:half]) > 5
    assert not any(saved[half:])
    assert sheet.submitted_at is None
    assert Evidence.objects.filter(score__sheet=sheet).count() == 1


def test_demo_sheet_just_handed_in_waits_for_its_first_appraisal(demo):
    sheet = sheet_of(demo[2024], "Thái Bình")

    assert len(unappraised(sheet)) == sheet.scores.count()
    assert sheet.self_score > 0


def test_demo_returned_sheet_is_in_its_second_round_with_the_reason(demo):
    sheet = sheet_of(demo[2024], "Hà Nam")

    assert (sheet.round, sheet.returned_by) == (2, person("truong-nam-dinh"))
    assert "sổ" in sheet.return_reason
    corrected = sheet.scores.get(criterion__path="3/3.3")
    assert corrected.facts["t3_3_ho_so"] == "1012"
    assert corrected.changed_at > sheet.returned_at


def test_demo_sheet_with_one_section_done_has_only_its_scores_appraised(demo):
    sheet = sheet_of(demo[2024], "Nam Định")
    [done] = sheet.completed_sections.select_related("criterion")

    appraised = sheet.scores.filter(appraised_at__isnull=False).select_related("criterion")

    assert appraised.count() == 9
    assert all(done.criterion.contains(score.criterion.path) for score in appraised)


def test_demo_sheet_awaiting_explanation_has_changes_and_no_answer(demo):
    sheet = sheet_of(demo[2024], "Hải Dương")
    found = changed(sheet)

    assert unappraised(sheet) == []
    assert sheet.completed_sections.count() == 12
    assert set(found) == {"1/a/a7", "1/d/d2", "3/3.3"}
    assert all(score.reason and not score.reply for score in found.values())
    beyond = found["1/d/d2"]
    assert (beyond.bonus, beyond.appraised_bonus) == (Decimal(3), None)
    assert sheet.self_score == sheet.allowed_score + 1


def test_demo_explained_sheet_has_one_answer_looked_at_and_one_waiting(demo):
    found = changed(sheet_of(demo[2024], "Hưng Yên"))

    assert {path: score.reply_waits for path, score in found.items()} == {
        "1/a/a9": False,
        "1/d/d2": True,
    }
    assert all(score.reply for score in found.values())
    assert found["1/a/a9"].appraised_facts["a9_gui_som"] == "4"


def test_demo_appraised_sheet_waits_for_nothing_but_the_close(demo):
    sheet = sheet_of(demo[2024], "Quảng Ninh")

    assert unappraised(sheet) == []
    assert not sheet.scores.filter(reply_waits=True).exists()
    assert (sheet.state, sheet.final_score) == (ScoreSheet.State.SUBMITTED, None)


def test_demo_final_sheet_has_its_points(demo):
    sheet = sheet_of(demo[2024], "Bắc Ninh")

    assert sheet.final_score < sheet.self_score
    assert not sheet.scores.filter(points__isnull=True).exists()


def test_demo_units_have_figures_of_their_own(demo):
    handed_in = ScoreSheet.objects.filter(criteria_set__year=demo[2024]).exclude(self_score=None)

    assert len({sheet.self_score for sheet in handed_in}) == handed_in.count() == 7


@pytest.mark.parametrize("number", [2024, 2026])
def test_demo_years_verify_without_a_difference(demo, number):
    assert differences(read_year(year_file(demo[number]))) == []


def test_demo_acts_of_2024_stand_in_the_journal_as_they_happened(demo):
    moments = list(
        Entry.objects.filter(year_id=demo[2024].pk).order_by("pk").values_list("at", "action")
    )

    assert {at.year for at, _ in moments} == {2024}
    assert moments == sorted(moments, key=lambda each: each[0])
    first = {}
    for at, action in moments:
        first.setdefault(action, at)
    steps = [
        Action.YEAR_OPENED,
        Action.LAUNCH_PUBLISHED,
        Action.PACT_FROZEN,
        Action.SIGNATURE_ACCEPTED,
        Action.SCALE_ISSUED,
        Action.CROSS_REVIEW_MADE,
        Action.SELF_SCORE_SUBMITTED,
        Action.SHEET_RETURNED,
        Action.APPRAISED,
        Action.EXPLAINED,
        Action.SHEET_FINALISED,
    ]
    assert [first[step] for step in steps] == sorted(first[step] for step in steps)


def test_demo_first_cross_review_is_closed_with_one_difference_for_the_lead(demo):
    round = CrossReviewRound.objects.get(criteria_set__year=demo[2024], number=1)

    found = results(Scope(round, None))

    assert round.state == CrossReviewRound.State.CLOSED
    assert not round.reviews.exclude(state=CrossReview.State.HANDED_IN).exists()
    assert (found.flagged, found.unsettled) == (2, 1)
    [waiting] = [unit for unit in found.units if unit.unsettled]
    assert waiting.member.organisation.short_name == "Hải Dương"


def test_demo_second_cross_review_is_open_with_some_reviews_in(demo):
    round = CrossReviewRound.objects.get(criteria_set__year=demo[2024], number=2)
    done = {each.member.organisation.short_name for each in handings(round) if each.is_done}

    assert round.state == CrossReviewRound.State.OPEN
    assert done == {"Vĩnh Phúc", "Bắc Ninh", "Hưng Yên", "Nam Định"}
    assert round.conflicts.count() == 1
    pair = {round.conflicts.get().first_id, round.conflicts.get().second_id}
    assert not any({r.reviewer_id, r.reviewed_id} == pair for r in round.reviews.all())
    begun = round.reviews.filter(
        state=CrossReview.State.DRAFT, scores__points__isnull=False
    ).distinct()
    assert {each.reviewer.organisation.short_name for each in begun} == {"Hải Dương"}


def test_demo_nobody_scores_itself(demo):
    scored = CriterionScore.objects.exclude(appraised_by=None).values_list(
        "appraised_by", "sheet__membership__organisation"
    )
    works = set(Assignment.objects.exclude(organisation=None).values_list("user", "organisation"))

    assert scored.exists()
    assert not works & set(scored)
    assert CrossReview.objects.exists()
    assert not CrossReview.objects.filter(reviewer=F("reviewed")).exists()


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

    assert len(asked) <= 7
    assert [(cast.year.year, len(cast.units)) for cast in casts()] == [(2024, 9), (2026, 6)]
    for role in ("Thủ trưởng – Cụm trưởng Nam Định", "Quản trị hệ thống", "Người thẩm định"):
        assert role in text
    assert str(certificates_dir()) in text


def test_sign_in_page_says_whom_to_try_for_what_and_how_far_units_are(demo):
    text = Client().get(reverse("demo:sign_in")).content.decode()

    for cast in casts():
        script = demo_data()[f"year_{cast.year.year}"]
        assert [(c.user.username, c.what) for c in cast.first] == [
            (row["who"], row["what"]) for row in script["tries"]
        ]
        assert [unit.stage for unit in cast.units] == [Stage(s).words for s in script["stages"]]
        for said in (*(c.what for c in cast.first), *(unit.stage for unit in cast.units)):
            assert said in text


def test_sign_in_page_of_a_base_case_before_its_launch_says_where_to_begin(demo):
    DemoMark.objects.update(base_case_played=False)

    base, later = casts()

    assert "Đi từ đầu ở đây" in base.begins
    assert "Công bố phát động" in base.first[0].what
    assert (base.has_stages, later.has_stages) == (False, True)
    assert len(base.units) == 9


def test_sign_in_page_leaves_out_members_without_people(demo):
    Assignment.objects.filter(user=person("can-bo-ninh-binh")).delete()

    base = casts()[0]

    assert [unit.name for unit in base.units][-1] == "Cụm trưởng Nam Định"


@pytest.mark.parametrize("place", [0, 1])
def test_sign_in_as_each_part_opens_its_front_page(demo, place):
    cast = casts()[place]
    people = [choice.user for choice in cast.first] + [unit.head.user for unit in cast.units]

    for user in {user.pk: user for user in people}.values():
        client, there = signed_in(cast.year, user.username)
        answer = client.get(there)
        assert answer.status_code == 200, user
        text = " ".join(answer.content.decode().split()).replace(" </h1>", "</h1>")
        assert f"năm {cast.year.year}</h1>" in text


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


def reports_of(year):
    """By unit and period: the state as pages say it."""
    return {
        (report.membership.organisation.short_name, report.period.code): report
        for report in Report.objects.filter(period__year=year).select_related(
            "membership__organisation", "period__year"
        )
    }


def test_demo_year_2024_has_reports_of_nine_units_in_real_shape(demo):
    reports = reports_of(demo[2024])
    late = {place for place, each in reports.items() if each.was_late}
    twice = {place for place, each in reports.items() if each.round > 1}
    open_ = {place: each.state for place, each in reports.items() if each.state != "accepted"}

    assert len(reports) == 9 * 7 - 1
    assert ("Hải Dương", "q3") not in reports
    assert {each.edition for each in reports.values()} == {"TT01-2024"}
    assert late == {("Hưng Yên", "q2")}
    assert "đường truyền" in reports["Hưng Yên", "q2"].late_reason
    assert twice == {("Hà Nam", "q1")}
    assert reports["Hà Nam", "q1"].changes.get().old == "79"
    assert open_ == {
        ("Ninh Bình", "year"): "draft",
        ("Bắc Ninh", "year"): "submitted",
        ("Nam Định", "year"): "submitted",
    }
    assert reports["Quảng Ninh", "q3"].explanations.count() == 3


def test_demo_reports_are_accepted_by_the_lead_and_the_leads_by_the_superior(demo):
    accepted = Report.objects.exclude(accepted_by=None)
    by = set(
        accepted.values_list(
            "period__year__year", "membership__role", "accepted_by__username"
        ).distinct()
    )

    assert by == {
        (2024, "member", "truong-nam-dinh"),
        (2024, "deputy", "truong-nam-dinh"),
        (2024, "lead", "ttcp"),
        (2026, "member", "truong-ninh-binh-2026"),
        (2026, "deputy", "truong-ninh-binh-2026"),
        (2026, "lead", "ttcp"),
    }


def test_demo_year_2026_has_something_late_something_returned_and_something_to_accept(demo):
    reports = reports_of(demo[2026])
    nine = {unit: each.state_mark for (unit, code), each in reports.items() if code == "9m"}

    assert {each.edition for each in reports.values()} == {"TT06-2025"}
    assert nine == {
        "Phú Thọ": "accepted",
        "Quảng Ninh": "submitted",
        "Hải Phòng": "returned",
        "Hưng Yên": "draft",
        "Ninh Bình": "submitted",
    }
    assert reports["Hưng Yên", "9m"].late_allowed_by == person("truong-ninh-binh-2026")
    assert reports["Phú Thọ", "q4"].state == "draft"
    assert reports["Hải Phòng", "q1"].list_rows.filter(form_key="pctn2").count() == 1


def test_demo_narratives_say_their_figures(demo):
    report = reports_of(demo[2026])["Phú Thọ", "q1"]
    texts = list(report.narrative_sections.values_list("text", flat=True))

    assert any("Số cuộc thanh tra thực hiện trong kỳ" in text for text in texts)
    assert all(text for text in texts)
    assert not reports_of(demo[2026])["Phú Thọ", "q2"].narrative_sections.exists()


def test_demo_reports_stand_in_the_journal_in_the_order_of_their_moments(demo):
    moments = list(
        Entry.objects.filter(subject_type="reporting.report")
        .order_by("pk")
        .values_list("year_id", "at")
    )

    assert len(moments) > 500
    for year in demo.values():
        of_year = [at for number, at in moments if number == year.pk]
        assert of_year == sorted(of_year)
        assert of_year[-1] <= DemoMark.objects.get().made_at
