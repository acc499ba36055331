"""Own forms: drafted, issued, frozen; what reports are filled on; who may not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories.world import HANOI
from tests.reporting.made import MARCH, fill, findings, open_periods, start
from tests.reporting.own import DONE, FORM, PACT, draft, issue, issued, keep, stored, without
from thidua.audit.models import Action, Entry
from thidua.reporting import services
from thidua.reporting.exports.report import read_workbook, workbook_of
from thidua.reporting.models import Figure, OwnForms, Report
from thidua.reporting.queries.editions import edition_for, edition_of, editions_of
from thidua.reporting.queries.own_forms import changes_of, losses, unsound
from thidua.reporting.queries.reports import contents_of
from thidua.reporting.services import Typed
from thidua.reporting.services import own_forms as own_services
from thidua.rules.errors import RuleError
from thidua.rules.reporting import edition, over_time, over_units
from thidua.rules.reporting.own import TypedForm, TypedIndicator

JULY = datetime(2026, 7, 1, 9, 0, tzinfo=HANOI)


@pytest.fixture
def one(world):
    return world.one


def typed(world, report, member=1, at=MARCH, **texts):
    """Figures of the pact's form by their printed codes."""
    template = edition_of(report).template(FORM)
    keys = {each.code: each.key for each in template.indicators}
    cells = [Typed(keys[code[1:]], text) for code, text in texts.items()]
    return services.save_figures(
        report=report, form=FORM, cells=cells, actor=world.officers[member], at=at
    )


def test_a_report_without_own_forms_is_on_the_sectors_edition(one):
    report = start(one)

    assert report.own_forms is None
    assert edition_of(report) is edition("TT06-2025")


def test_a_report_started_after_issue_asks_for_the_own_form_too(one):
    own = issued(one)
    report = start(one)

    forms = edition_of(report)

    assert report.own_forms == own
    assert [each.key for each in forms.templates][-2:] == ["pctn3", FORM]
    assert forms.key == "TT06-2025"
    assert edition_for(report.period) is forms
    assert editions_of([report]) == {report.pk: forms}


def test_own_figures_are_typed_checked_and_computed_like_the_sectors(one):
    issued(one)
    report = start(one)

    typed(one, report, c1="3", c2="5", c4="2", c5="1", c6="có")

    contents = contents_of(report)
    assert contents.figures[f"{FORM}-da-to-chuc-hoi-nghi"].text == "x"
    said = [each.sentence for each in findings(report) if each.check.startswith(f"{FORM}/")]
    assert any("cột 2" in s or "chỉ tiêu 2" in s for s in said)
    assert any("Đã làm không quá phải làm." in s for s in said)
    with pytest.raises(services.CellsRefused, match="Biểu 01/GƯ, chỉ tiêu 4"):
        typed(one, report, c4="nhiều")
    with pytest.raises(services.CellsRefused, match="ghi x nếu có"):
        typed(one, report, c6="sắp")


def test_a_report_with_own_forms_is_handed_in(one):
    issued(one)
    report = start(one)
    fill(one, report)
    typed(one, report, c1="3", c2="2", c4="0", c5="0")

    handed_in = services.submit_report(report=report, actor=one.heads[1], at=MARCH)

    assert handed_in.state == "submitted"


def test_own_figures_go_out_and_come_in_by_workbook(one):
    issued(one)
    report = start(one)
    typed(one, report, c1="7", c2="4", c6="Có")

    sent = read_workbook(report, workbook_of(report))

    assert sent.cells[FORM][DONE] == "4"
    assert sent.cells[FORM][f"{FORM}-da-to-chuc-hoi-nghi"] == "x"


def test_own_figures_roll_up_over_units_and_time(one):
    issued(one)
    reports = {}
    for member in (1, 2):
        report = start(one, member)
        typed(one, report, member, c1="10", c2="4", c4="1", c5="2")
        reports[str(member)] = contents_of(report).filled
    forms = edition_of(report)

    together = over_units(forms, reports, templates=[FORM])
    half = over_time(forms, [("Quý I", reports["1"]), ("Quý II", reports["1"])], templates=[FORM])

    due = f"{FORM}-kien-nghi-phai-thuc-hien"
    assert str(together[DONE].amount) == "8"
    assert str(together[f"{FORM}-sang-kien"].amount) == "6"
    # Due at the end of the half year: due in Q2, and what was done in Q1.
    assert str(half[due].amount) == "14"


def test_issuing_takes_open_reports_along_and_leaves_those_handed_in(one):
    open_periods(one)
    handed_in, going = start(one, 1), start(one, 2)
    fill(one, handed_in)
    services.submit_report(report=handed_in, actor=one.heads[1], at=MARCH)
    returned = start(one, 1, "q2")
    Report.objects.filter(pk=returned.pk).update(round=2)

    own = issued(one)

    kept = dict(Report.objects.values_list("pk", "own_forms"))
    assert kept == {handed_in.pk: None, going.pk: own.pk, returned.pk: None}
    entry = Entry.objects.get(action=Action.OWN_FORMS_ISSUED)
    assert (entry.details["reports"], entry.details["form"]) == (1, ["01/GƯ"])


def test_issuing_leaves_reports_of_a_closed_period(one):
    late = start(one)

    issued(one, at=JULY)

    late.refresh_from_db()
    assert late.own_forms is None


def test_a_form_is_asked_for_only_in_its_periods(one):
    issued(one, replace(PACT, periods="6 tháng, Năm"))

    quarter, half = start(one), start(one, code="6m")

    assert FORM not in {each.key for each in edition_of(quarter).templates}
    assert FORM in {each.key for each in edition_of(half).templates}


def test_checks_across_forms_run_where_all_their_forms_are_asked_for(one):
    own = keep(one, draft(one), replace(PACT, periods="Quý I"))
    own = own_services.save_own_checks(
        own=own,
        lines={"printed": ["01/GƯ:2 ≤ 01/TTr:6"], "logical": []},
        version=own.version,
        actor=one.lead_officer,
        at=MARCH,
    )
    issue(one, own)
    report = start(one)

    typed(one, report, c2="5")
    services.save_figures(
        report=report,
        form="ttr1",
        cells=[Typed("ttr1-ket-luan", "2")],
        actor=one.officers[1],
        at=MARCH,
    )

    assert own.data["printed"] == [f"{FORM}:2 <= ttr1:6"]
    said = [each for each in findings(report) if each.check == f"/{FORM}:2<=ttr1:6"]
    assert [each.severity for each in said] == ["error"]
    # No circular prints what the cluster asks for itself.
    assert [each.article for each in said] == [""]
    assert not edition_of(start(one, code="q2")).checks[len(edition("TT06-2025").checks) :]


@pytest.mark.parametrize("who", ["officer", "head", "superior"])
def test_only_the_lead_drafts(world, one, who):
    actor = {"officer": one.officers[1], "head": one.heads[1], "superior": world.superior}[who]

    with pytest.raises(PermissionDenied):
        own_services.start_own_forms(year=one.year, actor=actor, at=MARCH)
    own = draft(one)
    with pytest.raises(PermissionDenied):
        own_services.save_own_form(own=own, form=PACT, version=1, actor=actor, at=MARCH)
    with pytest.raises(PermissionDenied):
        own_services.issue_own_forms(own=own, version=1, actor=actor, at=MARCH)


def test_an_officer_of_the_lead_does_not_issue_and_a_head_not_what_they_wrote(one):
    own = keep(one, draft(one))
    with pytest.raises(PermissionDenied):
        own_services.issue_own_forms(own=own, version=own.version, actor=one.lead_officer, at=MARCH)

    own = own_services.save_own_form(
        own=own,
        form=replace(stored(own), title="Tên khác"),
        version=own.version,
        actor=one.lead_head,
        at=MARCH,
    )

    with pytest.raises(RuleError, match="không tự ban hành"):
        issue(one, own)


def test_one_draft_at_a_time_and_its_journal(one):
    own = keep(one, draft(one))

    with pytest.raises(RuleError, match="Đang có một dự thảo"):
        draft(one)
    entry = Entry.objects.get(action=Action.OWN_FORMS_CHANGED)
    assert entry.details["changes"] == ["Thêm biểu 01/GƯ (Kết quả thực hiện giao ước), 6 chỉ tiêu."]
    assert entry.year_id == one.year.pk
    assert own.version == 2


def test_saving_the_same_again_changes_nothing(one):
    own = keep(one, draft(one))

    again = keep(one, own, stored(own))

    assert again.version == own.version
    assert Entry.objects.filter(action=Action.OWN_FORMS_CHANGED).count() == 1


def test_R08_a_draft_changed_meanwhile_is_not_written_over(one):
    own = draft(one)
    keep(one, own)

    with pytest.raises(own_services.StaleOwnForms, match="Cán bộ An vừa sửa dự thảo"):
        own_services.save_own_form(own=own, form=PACT, version=1, actor=one.lead_officer, at=MARCH)


def test_issued_forms_are_frozen_by_the_database(one):
    own = issued(one)
    with pytest.raises(RuleError, match="đã ban hành"):
        keep(one, own, replace(stored(own), title="Khác"))

    for change in (
        lambda: OwnForms.objects.filter(pk=own.pk).update(data={"templates": []}),
        lambda: OwnForms.objects.filter(pk=own.pk).delete(),
        lambda: own.authors.clear(),
        lambda: own.authors.add(one.heads[1]),
    ):
        with pytest.raises(DatabaseError, match="không thay đổi được"), transaction.atomic():
            change()


def test_the_database_keeps_the_forms_of_a_report_handed_in(one):
    own = issued(one)
    report = start(one)
    fill(one, report)
    typed(one, report, c1="0", c2="0", c4="0", c5="0")
    services.submit_report(report=report, actor=one.heads[1], at=MARCH)

    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(own_forms=None)
    services.return_report(report=report, reason="Sai", actor=one.lead_head, at=MARCH)
    # Given back it is a draft again, and still stays on its forms.
    with pytest.raises(DatabaseError, match="giữ nguyên"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(own_forms=None)
    services.submit_report(report=report, actor=one.heads[1], at=MARCH)
    # The guards of reports themselves are still there after the column was added.
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.filter(report=report).update(value=1)
    unissued = own_services.start_own_forms(year=one.year, actor=one.lead_officer, at=MARCH)
    other = start(one, 2)
    with pytest.raises(DatabaseError, match="đã ban hành"), transaction.atomic():
        Report.objects.filter(pk=other.pk).update(own_forms=unissued)
    assert own.number == 1


def test_dropping_an_indicator_that_another_names_is_refused(one):
    own = draft(one)

    with pytest.raises(
        own_services.FormRefused, match="phần đã giải quyết: không có cột “2”"
    ) as no:
        keep(one, own, without(replace(PACT, logical=()), "2"))

    assert [(each.row, each.field) for each in no.value.problems] == [(1, "outflow")]


def test_dropping_an_indicator_with_figures_is_refused(one):
    own = issued(one)
    report = start(one)
    typed(one, report, c4="5")
    second = draft(one)
    bare = replace(
        without(stored(own), "4"),
        indicators=tuple(
            replace(each, total="") if each.code == "3" else each
            for each in without(stored(own), "4").indicators
        ),
    )
    second = keep(one, second, bare)

    with pytest.raises(RuleError, match=r"chỉ tiêu 4 \(Cấp tỉnh\): bị bỏ nhưng Báo cáo quý I"):
        issue(one, second)
    assert OwnForms.objects.get(pk=second.pk).state == "draft"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"measure": "việc"}, "đổi đơn vị tính"),
        ({"kind": "Chữ", "measure": "", "behaviour": ""}, "đổi đơn vị tính, loại ô"),
    ],
)
def test_turning_an_indicator_with_figures_into_something_else_is_refused(one, change, sentence):
    own = issued(one)
    typed(one, start(one), c5="1")
    form = replace(
        stored(own),
        indicators=tuple(
            replace(each, total="")
            if each.code == "3"
            else replace(each, **change)
            if each.code == "5"
            else each
            for each in stored(own).indicators
        ),
    )

    second = keep(one, draft(one), form)

    with pytest.raises(RuleError, match=sentence):
        issue(one, second)


def test_no_longer_asking_in_a_period_with_figures_is_refused_only_for_open_reports(one):
    own = issued(one)
    typed(one, start(one), c5="1")
    second = keep(one, draft(one), replace(stored(own), periods="Năm"))

    assert "không còn hỏi ở kỳ" in losses(second, MARCH.date())[0]
    # Past its date the report stays on the version it has.
    issue(one, second, at=MARCH + timedelta(days=30))


def test_next_version_renames_and_adds_while_figures_stay(one):
    own = issued(one)
    report = start(one)
    typed(one, report, c5="1")
    form = stored(own)
    form = replace(
        form,
        indicators=(
            *(
                replace(e, code="5a", heading="Cơ sở") if e.code == "5" else e
                for e in form.indicators
            ),
            TypedIndicator("7", "Hội nghị", "hội nghị", "Số", "Phát sinh"),
        ),
    )
    form = replace(
        form,
        indicators=tuple(
            replace(e, total="4 + 5a") if e.code == "3" else e for e in form.indicators
        ),
    )

    second = issue(one, keep(one, draft(one), form))

    report = Report.objects.get(pk=report.pk)
    assert report.own_forms == second
    assert contents_of(report).figures[f"{FORM}-cap-co-so"].value == 1
    assert changes_of(second) == (
        "Biểu 01/GƯ: thêm chỉ tiêu 7 (Hội nghị).",
        "Biểu 01/GƯ, chỉ tiêu 3: tổng của “4 + 5” → “4 + 5a”.",
        "Biểu 01/GƯ, chỉ tiêu 5a: mã “5” → “5a”.",
        "Biểu 01/GƯ, chỉ tiêu 5a: chỉ tiêu “Cấp cơ sở” → “Cơ sở”.",
    )


def test_issuing_nothing_or_the_same_is_refused(one):
    empty = draft(one)
    with pytest.raises(RuleError, match="chưa có biểu nào"):
        issue(one, empty)
    issue(one, keep(one, empty))

    with pytest.raises(RuleError, match="giống hệt"):
        issue(one, draft(one))


def test_discarding_a_draft_leaves_what_is_in_force(one):
    own = issued(one)
    second = draft(one)

    own_services.discard_own_forms(own=second, version=1, actor=one.lead_officer, at=MARCH)

    assert list(OwnForms.objects.all()) == [own]
    assert Entry.objects.filter(action=Action.OWN_FORMS_DISCARDED).exists()


def test_last_years_forms_are_copied_with_their_keys(world, one):
    own = issued(one)
    one.year.__class__.objects.filter(pk=one.year.pk).update(year=2025)
    new = one.year.__class__.objects.create(
        cluster=one.cluster, year=2026, members_as_of=MARCH.date()
    )
    for each in one.memberships:
        each.__class__.objects.create(
            year=new, organisation=each.organisation, role=each.role, order=each.order
        )

    copied = own_services.start_own_forms(
        year=new, actor=one.lead_officer, at=MARCH, from_last_year=True
    )

    assert copied.data == own.data
    assert copied.number == 1
    entry = Entry.objects.filter(action=Action.OWN_FORMS_STARTED).first()
    assert entry.details["origin"] == "phiên bản 1 năm 2025"


def test_a_cluster_without_last_years_forms_has_nothing_to_copy(one):
    with pytest.raises(RuleError, match="chưa ban hành"):
        own_services.start_own_forms(
            year=one.year, actor=one.lead_officer, at=MARCH, from_last_year=True
        )


def test_removing_a_form_that_a_check_names_says_so(one):
    own = keep(one, draft(one))
    own = keep(
        one,
        own,
        TypedForm(
            code="02/GƯ",
            title="Khác",
            indicators=(TypedIndicator("1", "Lớp", "lớp", "Số", "Phát sinh"),),
        ),
    )
    own = own_services.save_own_checks(
        own=own,
        lines={"logical": ["02/GƯ:1 <= 01/GƯ:1 | vì"]},
        version=own.version,
        actor=one.lead_officer,
        at=MARCH,
    )

    with pytest.raises(RuleError, match="không có ô số"):
        own_services.remove_own_form(
            own=own, form="rieng-02-gu", version=own.version, actor=one.lead_officer, at=MARCH
        )


def test_a_check_across_forms_that_names_nothing_is_refused(one):
    own = keep(one, draft(one))

    with pytest.raises(own_services.FormRefused, match="không có ô số “01/GƯ:9”"):
        own_services.save_own_checks(
            own=own,
            lines={"printed": ["01/GƯ:9 <= 01/TTr:6"]},
            version=own.version,
            actor=one.lead_officer,
            at=MARCH,
        )


def test_keys_and_codes_of_the_sector_are_refused(one):
    own = draft(one)
    with pytest.raises(RuleError, match="Mã biểu 01/TTr trùng với biểu 01/TTr của ngành"):
        keep(one, own, replace(PACT, code="01/TTr"))
    data = {
        "templates": [
            {
                "key": "ttr1",
                "code": "01/X",
                "title": "X",
                "shape": "lines",
                "indicators": [
                    {
                        "key": "ttr1-ket-luan",
                        "code": "1",
                        "heading": ["a"],
                        "measure": "việc",
                        "behaviour": "F",
                    }
                ],
            }
        ]
    }

    assert unsound(one.year, data) == [
        "Khoá biểu “ttr1” đã có trong biểu mẫu của Thanh tra Chính phủ.",
        "Khoá chỉ tiêu “ttr1-ket-luan” đã có trong biểu mẫu của Thanh tra Chính phủ.",
    ]


def test_too_many_forms_are_refused(one, monkeypatch):
    monkeypatch.setattr(own_services, "MOST_FORMS", 1)
    own = keep(one, draft(one))

    with pytest.raises(RuleError, match="không quá 1 biểu riêng"):
        keep(one, own, replace(PACT, code="02/GƯ"))


def test_forms_of_many_reports_ask_one_query(one):
    issued(one)
    reports = [start(one, member) for member in (0, 1, 2)]
    reports = list(
        Report.objects.select_related("period__year").filter(pk__in=[r.pk for r in reports])
    )

    with CaptureQueriesContext(connection) as asked:
        editions_of(reports)

    assert len(asked) == 1


LISTED = TypedForm(
    code="02/GƯ",
    title="Sáng kiến",
    shape="Danh sách",
    periods="Mọi kỳ",
    indicators=(
        TypedIndicator("1", "Tên sáng kiến", kind="Chữ"),
        TypedIndicator("2", "Tác giả", kind="Chữ"),
    ),
)
LIST = "rieng-02-gu"


def listed(one):
    """The first version with a list, and one report that has told a row in it."""
    own = issued(one, LISTED)
    report = start(one)
    author = own.data["templates"][0]["indicators"][1]["key"]
    services.save_rows(
        report=report,
        form=LIST,
        rows=[{author: "Nguyễn Văn A"}],
        seen=services.rows_token([]),
        actor=one.officers[1],
        at=MARCH,
    )
    return own


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda form: without(form, "2"), r"Tác giả\): bị bỏ nhưng Báo cáo quý I"),
        (lambda form: replace(form, periods="Năm"), "không còn hỏi ở kỳ mà Báo cáo quý I"),
        (lambda form: replace(form, shape="Theo dòng"), "không còn là danh sách"),
    ],
)
def test_a_version_that_would_lose_rows_of_a_list_is_refused(one, change, sentence):
    own = listed(one)
    second = keep(one, draft(one), change(stored(own, LIST)))

    with pytest.raises(RuleError, match=sentence):
        issue(one, second)


def test_a_list_with_rows_may_get_one_column_more_and_lose_an_empty_one(one):
    own = listed(one)
    form = without(stored(own, LIST), "1")
    more = TypedIndicator("3", "Hiệu quả", kind="Chữ")

    issue(one, keep(one, draft(one), replace(form, indicators=(*form.indicators, more))))


def test_a_form_with_figures_does_not_become_a_list(one):
    own = issued(one)
    typed(one, start(one), c5="1")
    form = replace(stored(own), shape="Danh sách", logical=())
    form = replace(
        form, indicators=tuple(replace(e, total="", outflow="") for e in form.indicators)
    )
    second = keep(one, draft(one), form)

    with pytest.raises(RuleError, match=r"Cấp cơ sở\): bị bỏ nhưng Báo cáo quý I"):
        issue(one, second)


def test_a_workbook_of_an_older_version_with_another_measure_is_refused(one):
    own = issued(one)
    report = start(one)
    before = workbook_of(report)
    form = stored(own)
    changed = tuple(replace(e, measure="nghìn") if e.code == "2" else e for e in form.indicators)
    issue(one, keep(one, draft(one), replace(form, indicators=changed)))

    with pytest.raises(RuleError, match="biểu mẫu đã thay đổi"):
        read_workbook(Report.objects.get(pk=report.pk), before)
