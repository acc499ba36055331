"""Accepted figures in the points: flowing in, locked at the hand-in, corrected with a reason."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.scoring import score_of, sheet_of
from tests.reporting.accepting import DECEMBER, accept, accepted, correct, handed_in
from tests.reporting.made import LATE, open_periods
from tests.scoring.fed import (
    DUE,
    LATER,
    PAID,
    appraise,
    claim,
    fed_table,
    finalise,
    issue,
    leaf,
    submit,
)
from thidua.audit.models import Action, Entry
from thidua.notices.models import Notice
from thidua.reporting import effects
from thidua.reporting import services as reporting
from thidua.rules.errors import RuleError
from thidua.rules.scoring import lint, vietnamese
from thidua.rules.scoring.language import table_rules
from thidua.rules.scoring.lint import Severity
from thidua.rules.scoring.verification import differences
from thidua.scoring import services
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.queries.facts import claimed_facts, decided_facts
from thidua.scoring.queries.fed import canonical
from thidua.scoring.queries.point import point
from thidua.scoring.sheet_workbooks import read_unit_form, unit_form
from thidua.scoring.yearfiles import year_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(world):
    open_periods(world.one)
    issue(world.one)
    return world.one


def facts_of(world, member=1):
    sheet = sheet_of(world, member)
    return claimed_facts(sheet, sheet.scores.all())


def decided_of(world, member=1):
    sheet = sheet_of(world, member)
    return decided_facts(sheet, sheet.scores.all())


def total_of(world, member=1):
    """The total of the decided side, as the ranking computes it."""
    from thidua.scoring.queries.evaluation import evaluate

    sheet = sheet_of(world, member)
    sheets = [ScoreSheet.objects.select_related("membership__organisation").get(pk=sheet.pk)]
    return evaluate(sheet.criteria_set, sheets).units[0].result


# --- Into a draft ----------------------------------------------------------------------------
def test_an_accepted_figure_flows_in_without_retyping(one):
    accepted(one, "year", **{DUE: "200", PAID: "150"})

    sheet = sheet_of(one, 1)
    assert facts_of(one) == {"muon": "0", "thu_hoi": "75"}
    assert sheet.fed["thu_hoi"]["words"][-1] == (
        "Tỷ lệ thu hồi tiền về ngân sách nhà nước: 150/200 triệu đồng = 75 %."
    )
    assert sheet.fed["thu_hoi"]["reports"] == [
        [sheet.membership.reports.get().pk, "Báo cáo năm 2026"]
    ]
    entry = Entry.objects.filter(action=Action.FIGURES_FED, subject_id=sheet.pk).latest("pk")
    assert entry.actor == one.lead_head
    assert entry.details["new_facts"] == {"thu_hoi": "75"}
    assert entry.details["because"] == "Báo cáo năm 2026 được chấp nhận"
    assert total_of(one).subtotals["A/a2"] == 5


def test_only_the_units_own_sheet_is_fed(one):
    accepted(one, "year", member=1, **{DUE: "200", PAID: "150"})

    assert facts_of(one, 2) == {"muon": "0"}


def test_a_sheet_opened_later_is_fed_at_once(world):
    open_periods(world.one)
    accepted(world.one, "year", **{DUE: "200", PAID: "100"})

    issue(world.one)

    assert facts_of(world.one)["thu_hoi"] == "50"


def test_overdue_reports_are_counted_on_the_day_of_the_act(world):
    open_periods(world.one)
    issue(world.one, fed_table(source="bao-cao-chua-nop"))
    before = facts_of(world.one)["thu_hoi"]

    submit(world.one)

    # All seven due dates have passed on that day, whatever day the machine has.
    assert (before, facts_of(world.one)["thu_hoi"]) == ("0", "7")


def test_feeding_counts_as_nobodys_typing_so_a_new_table_may_still_be_issued(one):
    accepted(one, "year", **{DUE: "200", PAID: "150"})

    issue(one, fed_table(leaf("a4", {})))

    assert facts_of(one)["thu_hoi"] == "75"


def test_a_missing_quarter_is_named_and_the_unit_types(one):
    accepted(one, "q1", **{DUE: "200", PAID: "150"})

    assert "thu_hoi" not in facts_of(one)
    assert sheet_of(one, 1).fed["thu_hoi"]["missing"] == [
        "Chưa có báo cáo năm được chấp nhận, cũng chưa tính lại được từ các kỳ: thiếu báo cáo quý II, "
        "quý III, quý IV."
    ]

    claim(one, "a2", {"thu_hoi": "60"})

    assert facts_of(one)["thu_hoi"] == "60"


def test_a_figure_typed_before_the_report_gives_way_to_it(one):
    claim(one, "a2", {"thu_hoi": "99"})

    accepted(one, "year", **{DUE: "200", PAID: "150"})

    assert facts_of(one)["thu_hoi"] == "75"
    entry = Entry.objects.filter(action=Action.FIGURES_FED).latest("pk")
    assert entry.details["old_facts"] == {"thu_hoi": "99"}


def test_what_a_report_gives_is_not_typed_over(one):
    accepted(one, "year", **{DUE: "200", PAID: "150"})

    with pytest.raises(RuleError, match="lấy từ báo cáo đã được chấp nhận, đang là 75"):
        claim(one, "a2", {"thu_hoi": "90"})
    claim(one, "a2", {}, explanation="Không gửi ô bị khoá")

    assert facts_of(one)["thu_hoi"] == "75"


def test_a_report_given_back_leaves_its_last_accepted_figure_and_says_so(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    reporting.return_report(report=report, reason="Sai", actor=one.lead_head, at=DECEMBER)
    accepted(one, "q1", **{DUE: "1", PAID: "1"})

    stored = sheet_of(one, 1).fed["thu_hoi"]
    assert facts_of(one)["thu_hoi"] == "75"
    assert stored["missing"][-1] == "Giữ số của lần chấp nhận trước."


def test_a_late_hand_in_is_counted_before_anybody_accepts(one):
    assert facts_of(one)["muon"] == "0"
    report = handed_in(one, "q1", at=LATE)
    effects.handed_in(report, actor=one.heads[1], at=LATE)

    sheet = sheet_of(one, 1)
    assert facts_of(one)["muon"] == "1"
    assert sheet.fed["muon"]["words"][1] == (
        "Báo cáo quý I 2026: hạn 20/03/2026, nộp lần đầu 23/03/2026, muộn 3 ngày."
    )


def test_submitting_a_report_feeds_lateness_through_the_service(one, monkeypatch):
    told = []
    monkeypatch.setattr(effects, "handed_in", lambda report, **more: told.append(report.pk))
    monkeypatch.setattr("thidua.reporting.services.reports._refuse_open", lambda said: None)
    report = reporting.start_report(
        period=one.year.reporting_periods.get(code="q1"),
        membership=one.memberships[1],
        actor=one.officers[1],
        at=NOW,
    )

    reporting.submit_report(report=report, actor=one.heads[1], at=NOW)

    assert told == [report.pk]


NOW = DECEMBER.replace(month=3, day=16)


# --- Handed in -------------------------------------------------------------------------------
def test_T03_what_was_read_is_locked_with_the_claims(one):
    accepted(one, "year", **{DUE: "200", PAID: "150"})
    sheet = submit(one)

    for change in ({"fed": {}}, {"facts": {"muon": "9"}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ScoreSheet.objects.filter(pk=sheet.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        CriterionScore.objects.filter(sheet=sheet, criterion__code="a2").update(facts={})


def test_the_hand_in_reads_the_reports_once_more(one):
    claim(one, "a2", {"thu_hoi": "60"})
    with connection.cursor():
        report = handed_in(one, "year", **{DUE: "200", PAID: "180"})
    # Accepted beside the service: nobody told the sheet.
    report.state, report.accepted_by, report.accepted_at = "accepted", one.lead_head, DECEMBER
    report.save()

    sheet = submit(one)

    assert facts_of(one)["thu_hoi"] == "90"
    assert sheet.self_score == Decimal(14)


def test_the_points_of_claim_and_file_are_recomputed_identically(one):
    accepted(one, "year", **{DUE: "200", PAID: "150"})
    submit(one)
    finalise(one)

    content = json.loads(year_file(one.year))

    assert differences(json.loads(year_file(one.year))) == []
    unit = content["units"][1]
    assert unit["claimed"]["facts"]["thu_hoi"] == "75"
    assert unit["claimed"]["sources"]["thu_hoi"]["source"] == "ty-le-thu-hoi-tien-nsnn"


# --- Corrected after acceptance --------------------------------------------------------------
def corrected_report(one, **values):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    sheet = submit(one)
    return sheet, correct(one, report, "Ghi nhầm cột", **(values or {PAID: "120"}))


def test_a_correction_is_shown_before_and_is_exactly_what_happens(one):
    sheet, report = corrected_report(one)
    before = (decided_of(one), total_of(one))

    shown = effects.preview(report)

    assert (decided_of(one), total_of(one).rounded) == (before[0], before[1].rounded)
    (effect,) = shown
    assert (effect.where, effect.what) == ("Bảng chấm điểm, tiêu chí a2", "Tỷ lệ thu hồi")
    assert (effect.old, effect.new, effect.points) == ("75", "60", "a2: 5 → 3")
    assert effect.total == "14 → 12; thứ tự theo tổng điểm vẫn là 1/1"
    accept(one, report)
    after = total_of(one)
    assert decided_of(one)["thu_hoi"] == "60"
    assert (after.subtotals["A/a2"], after.rounded) == (3, 12)
    # The unit's claim stands as it was handed in.
    assert facts_of(one)["thu_hoi"] == "75"
    assert sheet_of(one, 1).self_score == sheet.self_score


@pytest.mark.parametrize("number", ["0", "100", "139,999999", "140", "200"])
def test_the_preview_says_the_points_that_acceptance_gives(one, number):
    _, report = corrected_report(one, **{PAID: number})

    shown = effects.preview(report)
    before = total_of(one)
    accept(one, report)
    after = total_of(one)

    said = f"{vietnamese(before.rounded)} → {vietnamese(after.rounded)}"
    if before.rounded == after.rounded:
        said = f"giữ nguyên {vietnamese(after.rounded)}"
    (effect,) = shown
    assert effect.total.split(";")[0] == said
    assert effect.new == decided_of(one)["thu_hoi"].replace(".", ",")


COMMON = {
    "inputs": [
        {
            "key": "ket_luan",
            "label": "Số kết luận",
            "kind": "count",
            "indicator": "ttr1-ket-luan",
        }
    ],
    "ties": [{"by": "input_high", "of": "ket_luan"}],
}


def test_figures_of_the_whole_sheet_are_fed_locked_and_corrected_too(world, client_of):
    one = world.one
    open_periods(one)
    issue(one, fed_table(**COMMON))
    report = accepted(one, "year", ttr1_ket_luan="7", **{DUE: "200", PAID: "150"})
    sheet = sheet_of(one, 1)
    assert sheet.facts == {"ket_luan": "7"}
    page = client_of(one.officers[1]).get(
        reverse("scoring:sheet_figures", args=[one.year.pk, sheet.pk])
    )
    assert "disabled" in page.content.decode()
    with pytest.raises(RuleError, match="lấy từ báo cáo đã được chấp nhận, đang là 7"):
        services.save_sheet_facts(
            sheet=sheet, facts={"ket_luan": "9"}, version=1, actor=one.officers[1], at=LATER
        )
    submit(one)
    report = correct(one, report, "Đếm thiếu", ttr1_ket_luan="8")

    (effect,) = effects.preview(report)
    accept(one, report)

    assert (effect.where, effect.old, effect.new) == (
        "Bảng chấm điểm, số liệu chung",
        "7",
        "8",
    )
    assert decided_of(one)["ket_luan"] == "8"
    sheet = services.decide_sheet_facts(
        sheet=sheet_of(one, 1),
        facts={"ket_luan": "8"},
        reason="",
        version=2,
        actor=one.lead_head,
        at=LATER,
    )
    assert (sheet.facts, sheet.decided_facts) == ({"ket_luan": "7"}, {"ket_luan": "8"})


def test_a_correction_has_its_author_its_reason_and_the_unit_is_told(one):
    sheet, report = corrected_report(one)

    accept(one, report)

    stored = sheet_of(one, 1).corrected["thu_hoi"]
    assert (stored["old"], stored["value"], stored["kept"]) == ("75", "60", "")
    assert stored["why"] == "Báo cáo năm 2026 được sửa: Ghi nhầm cột"
    assert stored["by"] == str(one.lead_head)
    entry = Entry.objects.get(action=Action.FIGURES_CORRECTED, subject_id=sheet.pk)
    assert entry.actor == one.lead_head
    assert (entry.details["old_facts"], entry.details["new_facts"]) == (
        {"thu_hoi": "75"},
        {"thu_hoi": "60"},
    )
    assert entry.details["reason"] == stored["why"]
    told = Notice.objects.filter(kind="figures-corrected")
    assert {each.recipient for each in told} == {one.heads[1], one.officers[1]}
    assert "Tỷ lệ thu hồi: 75 → 60." in told[0].body


def test_an_appraisal_follows_the_correction_and_an_open_form_is_out_of_date(one):
    _, report = corrected_report(one)
    appraise(one, "a2")
    seen = score_of(sheet_of(one, 1), "a2")

    accept(one, report)

    score = score_of(sheet_of(one, 1), "a2")
    assert score.appraised_facts == {"thu_hoi": "60"}
    assert score.facts == {"thu_hoi": "75"}
    with pytest.raises(services.StaleVersion):
        services.appraise(
            score=seen,
            claim=services_claim(),
            facts={"thu_hoi": "75"},
            reason="",
            version=seen.version,
            actor=one.appraiser,
            at=LATER,
        )


def services_claim():
    from thidua.rules.scoring import Claim

    return Claim()


def test_the_appraiser_confirms_a_corrected_figure_without_a_reason_of_his_own(one):
    _, report = corrected_report(one)
    accept(one, report)

    score = appraise(one, "a2")

    assert score.appraised_facts == {"thu_hoi": "60"}
    assert score.reason == ""


def test_taking_the_rest_as_reported_takes_the_corrected_figure(one):
    _, report = corrected_report(one)
    accept(one, report)

    sheet = finalise(one)

    assert score_of(sheet, "a2").points == 3
    assert sheet.final_score == 12
    assert differences(json.loads(year_file(one.year))) == []


def test_an_appraisers_own_decision_is_kept_and_told(one):
    _, report = corrected_report(one)
    appraise(one, "a2", {"thu_hoi": "40"}, reason="Chỉ chấp nhận một phần")

    (effect,) = effects.preview(report)
    accept(one, report)

    assert "đã quyết định số khác số đơn vị nêu nên quyết định đó được giữ" in effect.note
    assert effect.points == ""
    assert decided_of(one)["thu_hoi"] == "40"
    assert sheet_of(one, 1).corrected["thu_hoi"]["kept"]
    # Told once: the same report shows nothing more.
    assert effects.preview(report) == []


def test_a_figure_typed_at_the_hand_in_follows_the_report_accepted_since(one):
    submit(one)
    report = handed_in(one, "year", **{DUE: "200", PAID: "150"})

    (effect,) = effects.preview(report)
    accept(one, report)

    assert (effect.old, effect.new, effect.points) == ("60", "75", "a2: 3 → 5")
    assert effect.note == "Lúc nộp bảng tự chấm, đơn vị tự ghi số này vì chưa có báo cáo."
    assert decided_of(one)["thu_hoi"] == "75"
    stored = sheet_of(one, 1).corrected["thu_hoi"]
    assert stored["why"] == "Báo cáo được chấp nhận sau khi đơn vị nộp bảng tự chấm."


def test_a_sheet_given_back_reads_the_corrected_figure_as_its_own(one):
    sheet, report = corrected_report(one)
    accept(one, report)

    services.return_sheet(sheet=sheet, reason="Sửa a3", actor=one.lead_head, at=LATER)

    assert facts_of(one)["thu_hoi"] == "60"
    assert sheet_of(one, 1).corrected is None


def test_T03_a_final_sheet_is_not_touched_and_the_preview_says_what_can_be_done(one):
    sheet, report = corrected_report(one)
    finalise(one)
    before = list(ScoreSheet.objects.filter(pk=sheet.pk).values())

    (effect,) = effects.preview(report)
    accept(one, report)

    assert effect.is_closed
    assert effect.points == "a2: 5 → 3"
    assert effect.note.startswith("Bảng đã chốt nên không thay đổi.")
    assert list(ScoreSheet.objects.filter(pk=sheet.pk).values()) == before
    assert not Entry.objects.filter(action=Action.FIGURES_CORRECTED).exists()


def test_a_draft_tells_the_lead_nothing_that_the_unit_typed(one):
    claim(one, "a2", {"thu_hoi": "99"})
    report = handed_in(one, "year", **{DUE: "200", PAID: "150"})

    (effect,) = effects.preview(report)

    assert (effect.old, effect.new, effect.points, effect.total) == (
        "chưa có từ báo cáo",
        "75",
        "",
        "",
    )


@pytest.mark.parametrize("who", ["officers", "heads"])
def test_nobody_accepts_the_own_report(one, who):
    report = handed_in(one, "year", **{DUE: "200", PAID: "150"})

    with pytest.raises(PermissionDenied):
        reporting.accept_report(report=report, actor=getattr(one, who)[1], at=DECEMBER)

    assert "thu_hoi" not in facts_of(one)


ACTS = st.lists(
    st.sampled_from(["correct", "accept", "claim", "appraise", "return", "submit"]), max_size=6
)


@pytest.fixture
def final(one):
    """A final sheet and the accepted report that its figures came from."""
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    sheet = submit(one)
    finalise(one)
    return sheet, report


@given(acts=ACTS, paid=st.lists(st.integers(0, 200), min_size=6, max_size=6))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_T03_random_acts_never_alter_a_final_sheet(one, final, acts, paid):
    sheet, report = final
    kept = _rows(sheet)
    with transaction.atomic():
        for act, number in zip(acts, paid, strict=False):
            try:
                with transaction.atomic():
                    _do(one, sheet, report, act, str(number))
            except (RuleError, PermissionDenied):
                continue

        assert _rows(sheet) == kept
        transaction.set_rollback(True)


def _do(one, sheet, report, act, number):
    report.refresh_from_db()
    match act:
        case "correct":
            correct(one, report, "Sửa số", **{PAID: number})
        case "accept":
            accept(one, report)
        case "claim":
            claim(one, "a2", {"thu_hoi": number})
        case "appraise":
            appraise(one, "a2", {"thu_hoi": number}, reason="Khác")
        case "return":
            services.return_sheet(sheet=sheet, reason="Sửa", actor=one.lead_head, at=LATER)
        case "submit":
            services.submit_self_score(sheet=sheet, actor=one.heads[1], at=LATER)


def _rows(sheet):
    return (
        list(ScoreSheet.objects.filter(pk=sheet.pk).values()),
        list(CriterionScore.objects.filter(sheet=sheet).order_by("pk").values()),
    )


# --- What a value may be ---------------------------------------------------------------------
def input_of(kind):
    return table_rules(fed_table(inputs=[{"key": "x", "label": "X", "kind": kind}])).inputs["x"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(75), "75"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(200, 3), "66.666667"),
        (Fraction(90) - Fraction(1, 10**8), "89.999999"),
        (Fraction(90) + Fraction(1, 10**8), "90.000001"),
        (Fraction(1, 10**9), "0.000001"),
    ],
)
def test_rounding_never_reaches_a_rounder_number(value, text):
    assert canonical(input_of("percent"), value) == text


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("count", Fraction(1, 2), "không phải là số nguyên"),
        ("figure", Fraction(-1), "nhỏ hơn 0"),
        ("figure", Fraction(10**9), "Số quá lớn"),
    ],
)
def test_a_figure_that_the_input_cannot_be_is_refused(kind, value, why):
    with pytest.raises(RuleError, match=why):
        canonical(input_of(kind), value)


# --- The table says what it names ------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "severity", "said"),
    [
        (
            {"kind": "percent", "indicator": "ty-le-thu-hoi"},
            Severity.WARNING,
            "không có chỉ tiêu báo cáo",
        ),
        ({"kind": "percent", "indicator": "a b"}, Severity.ERROR, "cột Chỉ tiêu"),
        ({"kind": "date", "indicator": "ttr1-cuoc"}, Severity.ERROR, "không lấy từ báo cáo được"),
    ],
)
def test_lint_tells_of_sources_nobody_knows(row, severity, said):
    found = [
        each
        for each in lint(fed_table(inputs=[{"key": "x", "label": "X", **row}]))
        if said in each.sentence
    ]

    assert [each.severity for each in found] == [severity]


def test_lint_knows_own_indicators_when_told():
    table = fed_table(source="rieng-cua-cum")

    assert any("rieng-cua-cum" in each.sentence for each in lint(table))
    assert not any("rieng-cua-cum" in each.sentence for each in lint(table, {"rieng-cua-cum"}))


# --- Pages -----------------------------------------------------------------------------------
def test_the_sheet_shows_a_fed_figure_locked_with_its_way(one, client_of):
    accepted(one, "year", **{DUE: "200", PAID: "150"})
    sheet = sheet_of(one, 1)
    page = client_of(one.officers[1]).get(reverse("scoring:sheet", args=[one.year.pk, sheet.pk]))
    text = page.content.decode()

    assert "Lấy từ báo cáo" in text
    assert "150/200 triệu đồng = 75 %" in text
    score = score_of(sheet, "a2")
    assert f'id="p-{score.pk}-fact_0"' not in text
    report = sheet.membership.reports.get()
    assert reverse("reports:report", args=[one.year.pk, report.pk]) in text


def test_a_typed_figure_is_marked_as_typed(one, client_of):
    claim(one, "a2", {"thu_hoi": "60"})
    sheet = sheet_of(one, 1)
    page = client_of(one.officers[1]).get(reverse("scoring:sheet", args=[one.year.pk, sheet.pk]))

    assert "Tự ghi, chưa có báo cáo" in page.content.decode()


def test_the_locked_field_is_kept_when_the_rest_of_a_criterion_is_saved(one, client_of):
    accepted(one, "year", **{DUE: "200", PAID: "150"})
    sheet, score = sheet_of(one, 1), score_of(sheet_of(one, 1), "a2")

    answer = client_of(one.officers[1]).post(
        reverse("scoring:claim", args=[one.year.pk, sheet.pk, score.pk]),
        {"version": score.version, "explanation": "Theo báo cáo năm"},
    )

    assert answer.status_code == 302
    assert facts_of(one)["thu_hoi"] == "75"


def test_the_accept_page_shows_what_would_change(one, client_of):
    _, report = corrected_report(one)
    address = reverse("reports:report", args=[one.year.pk, report.pk])

    lead = client_of(one.lead_head).get(address).content.decode()
    own = client_of(one.heads[1]).get(address).content.decode()

    assert "Chấp nhận thì đổi những gì" in lead
    assert "a2: 5 → 3" in lead
    assert "Chấp nhận thì đổi những gì" not in own


def test_the_point_page_goes_down_to_report_and_acceptor(one, client_of):
    sheet, report = corrected_report(one)
    accept(one, report)
    criterion = sheet.criteria_set.criteria.get(code="a2")

    shown = point(sheet_of(one, 1), criterion)

    found = next(each for each in shown.inputs if each.label.startswith("Tỷ lệ thu hồi"))
    assert found.source == "Theo báo cáo chấp nhận sau khi nộp"
    assert shown.history[0].action == Action.FIGURES_CORRECTED
    assert found.sources[0].startswith(
        "Sửa theo báo cáo: 75 → 60. Lý do: Báo cáo năm 2026 được sửa"
    )
    assert any(
        "Biểu 02/TTr, cột 6" in line and f"{one.lead_head} chấp nhận" in line
        for line in found.sources
    )
    assert not any(line.startswith("Đơn vị nhập") for line in found.sources)
    address = reverse("scoring:point", args=[one.year.pk, sheet.pk, criterion.pk])
    link = reverse("reports:report", args=[one.year.pk, report.pk])
    assert link in client_of(one.heads[1]).get(address).content.decode()
    assert link not in client_of(one.appraiser).get(address).content.decode()


def test_the_form_holds_fed_figures_locked_and_refuses_others(one):
    accepted(one, "year", **{DUE: "200", PAID: "150"})
    sheet = sheet_of(one, 1)

    data = unit_form(sheet)
    again = read_unit_form(sheet, data, "bieu.xlsx")

    assert again.problems == ()
    assert not again.filling.lines
    changed = _with_cell(data, "thu_hoi", 90)
    refused = read_unit_form(sheet, changed, "bieu.xlsx")
    assert [each.sentence[:29] for each in refused.problems] == ["Số liệu “Tỷ lệ thu hồi” ghi 9"]


def _with_cell(data, key, value):
    """The form with another value in the cell of a figure, whatever the protection says."""
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data))
    page = book["Số liệu"]
    row = next(each for each in page.iter_rows() if each[0].value == key)
    assert row[5].protection.locked
    assert "150/200" in row[6].value
    row[5].value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_preview_needs_as_many_queries_for_three_corrections_as_for_one(world):
    counts = []
    for cluster, many in ((world.one, 0), (world.two, 2)):
        open_periods(cluster)
        extra = [
            leaf(f"b{n}", {"kind": "bands", "input": f"so_{n}", "bands": "thu_hoi"})
            for n in range(many)
        ]
        inputs = [
            {
                "key": f"so_{n}",
                "label": f"Số {n}",
                "kind": "figure",
                "indicator": "ttr2-nsnn-tien-da-thu",
            }
            for n in range(many)
        ]
        table = fed_table(*extra, inputs=inputs)
        if cluster is world.two:
            from tests.factories.scoring import issue_table

            issue_table(cluster, table)
        else:
            issue(cluster, table)
        report = accepted(cluster, "year", **{DUE: "200", PAID: "150"})
        submit(cluster)
        report = correct(cluster, report, "Nhầm", **{PAID: "120"})
        with CaptureQueriesContext(
            connection,
        ) as found:
            shown = effects.preview(report)
        assert len(shown) == 1 + many
        counts.append(len(found))
    assert counts[0] == counts[1]
