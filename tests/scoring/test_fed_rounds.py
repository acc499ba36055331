"""A sheet given back: what reports say since then counts, and no accepted figure is lost."""

from fractions import Fraction

import pytest

from tests.factories.scoring import sheet_of
from tests.reporting.accepting import DECEMBER, accept, accepted, correct, handed_in
from tests.reporting.made import open_periods
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
from thidua.reporting import effects
from thidua.reporting import services as reporting
from thidua.reporting.services import indicators
from thidua.reporting.services.indicators import IndicatorText
from thidua.rules.errors import RuleError
from thidua.rules.scoring import vietnamese
from thidua.rules.scoring.language import table_rules
from thidua.scoring import services
from thidua.scoring.queries import unappraised
from thidua.scoring.queries.evaluation import evaluate
from thidua.scoring.queries.facts import claimed_facts, decided_facts
from thidua.scoring.queries.fed import canonical

pytestmark = pytest.mark.django_db

CONCLUSIONS = {"key": "ket_luan", "label": "Số kết luận", "kind": "count"}
TIES = {"ties": [{"by": "input_high", "of": "ket_luan"}]}
COMMON = {"inputs": [{**CONCLUSIONS, "indicator": "ttr1-ket-luan"}], **TIES}
TYPED = {"inputs": [CONCLUSIONS], **TIES}


@pytest.fixture
def one(world):
    open_periods(world.one)
    issue(world.one)
    return world.one


def facts_of(world, side):
    sheet = sheet_of(world, 1)
    return side(sheet, sheet.scores.all())


def give_back(world):
    sheet = sheet_of(world, 1)
    return services.return_sheet(sheet=sheet, reason="Sửa a3", actor=world.lead_head, at=LATER)


def test_T03_an_appraisal_does_not_stand_for_a_figure_fed_after_the_sheet_was_given_back(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    submit(one)
    appraise(one, "a2")
    give_back(one)

    accept(one, correct(one, report, "Trả lại 30", **{PAID: "120"}))
    submit(one)

    assert facts_of(one, decided_facts)["thu_hoi"] == "60"
    waiting = [score.criterion.code for score in unappraised(sheet_of(one, 1))]
    assert "a2" in waiting


def test_a_sheet_given_back_while_the_report_is_too_keeps_the_figure_accepted_last(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    submit(one)
    accept(one, correct(one, report, "Trả lại 30", **{PAID: "120"}))
    report.refresh_from_db()
    reporting.return_report(report=report, reason="Xem lại", actor=one.lead_head, at=DECEMBER)

    give_back(one)

    assert facts_of(one, claimed_facts)["thu_hoi"] == "60"


def test_an_appraisal_of_the_very_figure_stands_when_a_correction_becomes_the_units_figure(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    submit(one)
    appraise(one, "a2")
    accept(one, correct(one, report, "Trả lại 30", **{PAID: "120"}))

    give_back(one)
    submit(one)

    assert facts_of(one, claimed_facts)["thu_hoi"] == "60"
    waiting = [score.criterion.code for score in unappraised(sheet_of(one, 1))]
    assert "a2" not in waiting


@pytest.mark.parametrize("value", [Fraction(10**30), Fraction(10**40, 3)])
def test_a_figure_beyond_all_bounds_is_refused_in_a_sentence(value):
    each = table_rules(fed_table()).inputs["thu_hoi"]

    with pytest.raises(RuleError, match="quá lớn"):
        canonical(each, value)


def test_a_confirmation_does_not_stand_for_a_figure_of_the_sheet_fed_since(world):
    one = world.one
    open_periods(one)
    issue(one, fed_table(**COMMON))
    report = accepted(one, "year", ttr1_ket_luan="7", **{DUE: "200", PAID: "150"})
    submit(one)
    services.decide_sheet_facts(
        sheet=sheet_of(one, 1),
        facts={"ket_luan": "7"},
        reason="",
        version=1,
        actor=one.lead_head,
        at=LATER,
    )
    give_back(one)

    accept(one, correct(one, report, "Đếm thiếu", ttr1_ket_luan="8"))
    submit(one)

    assert sheet_of(one, 1).decided_facts == {}
    assert facts_of(one, decided_facts)["ket_luan"] == "8"


def test_a_confirmation_does_not_stand_for_a_figure_typed_anew_after_the_sheet_came_back(world):
    one = world.one
    issue(one, fed_table(**TYPED))
    sheet = save_figures(one, "7", 1)
    submit(one)
    services.decide_sheet_facts(
        sheet=sheet,
        facts={"ket_luan": "6"},
        reason="Đếm thừa",
        version=2,
        actor=one.lead_head,
        at=LATER,
    )
    give_back(one)

    same = save_figures(one, "7", 3)
    assert same.decided_facts == {"ket_luan": "6"}
    changed = save_figures(one, "5", 4)
    assert (changed.decided_facts, changed.facts_reason) == ({}, "")


def save_figures(world, text, version):
    return services.save_sheet_facts(
        sheet=sheet_of(world, 1),
        facts={"ket_luan": text},
        version=version,
        actor=world.officers[1],
        at=LATER,
    )


def test_D4_the_figure_behind_a_source_stays_while_a_table_issued_reads_it(world):
    one = world.one
    open_periods(one)
    text = IndicatorText("Thu hồi", "%", figure="ty-le-thu-hoi-tien-nsnn")
    indicator = indicators.add_indicator(key="thu-hoi", text=text, actor=one.lead_head, at=LATER)
    issue(one, fed_table(source="thu-hoi"))

    def change(figure, computation=""):
        indicator.refresh_from_db()
        return indicators.change_indicator(
            indicator=indicator,
            text=IndicatorText("Thu hồi", "%", computation=computation, figure=figure),
            version=indicator.version,
            actor=one.lead_head,
            at=LATER,
        )

    with pytest.raises(RuleError, match="không đổi nguồn số liệu được"):
        change("ttr1-ket-luan")
    assert change("ty-le-thu-hoi-tien-nsnn", "Theo biểu 02").computation == "Theo biểu 02"

    submit(one)
    finalise(one)
    others = sheet_of(one, 1).criteria_set.sheets.filter(state="draft")
    others.update(set_aside_at=LATER, set_aside_by=one.lead_head, set_aside_reason="Không nộp")
    assert change("ttr1-ket-luan").figure == "ttr1-ket-luan"


def test_the_preview_tells_whose_totals_move_with_the_leader(world):
    one = world.one
    open_periods(one)
    issue(one, fed_table(leaf("a4", {"kind": "leader", "input": "thu_hoi"})))
    members = range(len(one.memberships))
    for member in members:
        submit(one, member)
    report = handed_in(one, "year", **{DUE: "200", PAID: "150"})
    before = totals(one)

    (effect,) = effects.preview(report)
    accept(one, report)

    moved = [each for each in members if each != 1]
    after = totals(one)
    told = [
        f"{after[each][0]} {vietnamese(before[each][1])} → {vietnamese(after[each][1])}"
        for each in moved
    ]
    assert all(before[each] != after[each] for each in members)
    assert effect.total.endswith(f"tổng điểm đơn vị khác cũng đổi: {', '.join(told)}")


def totals(world):
    """Name and total of every member, as the ranking computes it."""
    sheets = list(
        sheet_of(world, 1)
        .criteria_set.sheets.select_related("membership__organisation")
        .order_by("membership__order", "pk")
    )
    units = evaluate(sheets[0].criteria_set, sheets).units
    found = {each.sheet.membership_id: (each.name, each.own_total) for each in units}
    return [found[each.pk] for each in world.memberships]


def test_a_figure_the_accepted_report_no_longer_has_stands_no_more_in_a_draft(one):
    report = accepted(one, "year", **{DUE: "200", PAID: "150"})
    report = correct(one, report, "Chưa đối chiếu xong", **{PAID: ""})
    assert facts_of(one, claimed_facts)["thu_hoi"] == "75"

    effect = next(each for each in effects.preview(report) if each.what == "Tỷ lệ thu hồi")
    accept(one, report)

    assert (effect.old, effect.new) == ("75", "không còn số liệu")
    assert not facts_of(one, claimed_facts)["thu_hoi"]
    claim(one, "a2", {"thu_hoi": "50"})
    assert facts_of(one, claimed_facts)["thu_hoi"] == "50"


def test_D5_a_correction_not_read_from_the_report_has_not_its_reasons(world):
    one = world.one
    report = accepted(one, "q1", **{DUE: "200", PAID: "150"})
    issue(one, fed_table(source="bao-cao-chua-nop"))
    submit(one)
    handed_in(one, "6m")

    accept(one, correct(one, report, "Đếm nhầm", **{PAID: "120"}), at=LATER)

    stored = sheet_of(one, 1).corrected["thu_hoi"]
    assert (stored["old"], stored["value"]) == ("6", "5")
    assert stored["why"].startswith("Các báo cáo được đọc lại ngày")
    assert "Đếm nhầm" not in stored["why"]
