"""The table: imported, issued by another person, its sections given out."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories.scoring import (
    PDF,
    fill,
    import_table,
    issue_table,
    name_appraiser,
    save,
    score_of,
    sheet_of,
    small_table,
    submit,
    wide_table,
)
from tests.factories.world import NOON, Role, assign, make_organisation
from thidua.audit.models import Action, Entry
from thidua.organisations.models import Assignment, Membership
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, CriterionNode, Table, fingerprint
from thidua.scoring import services
from thidua.scoring.models import CriteriaSet, Criterion, ScoreSheet
from thidua.scoring.queries import (
    appraisal_sections,
    appraiser_candidates,
    display_groups,
    issued_set,
)
from thidua.scoring.tables import to_table
from thidua.workbooks.scale import shipped_scale, write_scale

HANDED_IN = {"state": ScoreSheet.State.SUBMITTED, "self_score": 0, "submitted_at": NOON}


def imported(world, table):
    """A draft read from a workbook."""
    return services.import_scale(
        year=world.year, data=write_scale(table), actor=world.lead_officer, at=NOON
    )


def test_import_scale_keeps_the_table_under_its_fingerprint(world):
    draft = imported(world.one, small_table())

    assert to_table(draft) == small_table()
    assert draft.fingerprint == fingerprint(small_table())
    entry = Entry.objects.get(action=Action.SCALE_IMPORTED)
    assert entry.actor == world.one.lead_officer
    assert entry.details == {"fingerprint": draft.fingerprint, "warnings": 0}


def test_import_scale_is_the_leads(world):
    for person in (world.one.officers[1], world.two.lead_head, world.superior, world.stranger):
        with pytest.raises(PermissionDenied):
            services.import_scale(year=world.one.year, data=b"", actor=person, at=NOON)


def test_import_scale_keeps_the_slips_of_official_tables_as_warnings(world):
    table = small_table()
    slipped = Table(title=table.title, scale=Decimal(100), nodes=table.nodes)

    draft = imported(world.one, slipped)

    assert len(draft.warnings) == 1
    assert "khác thang điểm 100" in draft.warnings[0]


def test_issue_scale_opens_a_sheet_with_every_leaf_for_each_member(world):
    issued = issue_table(world.one)

    assert issued_set(world.one.year) == issued
    sheets = ScoreSheet.objects.filter(criteria_set=issued)
    assert {sheet.membership_id for sheet in sheets} == {m.pk for m in world.one.memberships}
    assert {sheet.scores.count() for sheet in sheets} == {4}
    assert Entry.objects.get(action=Action.SCALE_ISSUED).details["sheets"] == 3


def test_issue_scale_by_who_imported_it_is_refused(world):
    draft = services.import_scale(
        year=world.one.year, data=_workbook(), actor=world.one.lead_head, at=NOON
    )

    with pytest.raises(RuleError, match="Người nhập bảng điểm không tự ban hành"):
        services.issue_scale(criteria_set=draft, actor=world.one.lead_head, at=NOON)


def test_issue_scale_by_anybody_but_the_leads_head_is_refused(world):
    draft = import_table(world.one)

    for person in (world.one.heads[1], world.two.lead_head, world.superior):
        with pytest.raises(PermissionDenied):
            services.issue_scale(criteria_set=draft, actor=person, at=NOON)


def test_issue_scale_twice_is_refused(world):
    issued = issue_table(world.one)

    with pytest.raises(RuleError, match="đã được ban hành"):
        services.issue_scale(criteria_set=issued, actor=world.one.lead_head, at=NOON)


def test_issue_scale_replaces_a_table_nobody_has_used(world):
    issue_table(world.one)
    old = sheet_of(world.one, 1)

    new = issue_table(world.one, small_table("Bảng điểm sửa"))

    assert issued_set(world.one.year) == new
    with pytest.raises(RuleError, match="thuộc phiên bản cũ"):
        save(old, "a1", world.one.officers[1], "3")
    with pytest.raises(RuleError, match="thuộc phiên bản cũ"):
        services.submit_self_score(sheet=old, actor=world.one.heads[1], at=NOON)
    fill(world.one, 1)


def test_issue_scale_does_not_replace_a_table_in_use(world):
    issue_table(world.one)
    draft = import_table(world.one)
    save(sheet_of(world.one, 2), "a1", world.one.officers[2], "1")

    with pytest.raises(RuleError, match="Đã có đơn vị nhập điểm"):
        services.issue_scale(criteria_set=draft, actor=world.one.lead_head, at=NOON)


@pytest.mark.parametrize("changes", [HANDED_IN, {"facts_version": 2}])
def test_issue_scale_does_not_replace_a_table_with_figures_or_sheets_handed_in(world, changes):
    issue_table(world.one)
    draft = import_table(world.one)
    ScoreSheet.objects.filter(pk=sheet_of(world.one, 2).pk).update(**changes)

    with pytest.raises(RuleError, match="nộp bảng theo bảng điểm hiện hành"):
        services.issue_scale(criteria_set=draft, actor=world.one.lead_head, at=NOON)


def test_finalise_sheet_of_a_replaced_table_is_refused(world):
    issue_table(world.one)
    old = sheet_of(world.one, 1)
    issue_table(world.one, small_table("Bảng điểm sửa"))
    ScoreSheet.objects.filter(pk=old.pk).update(**HANDED_IN)

    with pytest.raises(RuleError, match="thuộc phiên bản cũ"):
        services.finalise_sheet(sheet=old, actor=world.one.lead_head, at=NOON)


def test_issue_scale_does_not_replace_a_table_with_evidence(world, files_dir):
    issue_table(world.one)
    draft = import_table(world.one)
    services.add_evidence(
        score=score_of(sheet_of(world.one, 2), "a1"),
        data=PDF,
        name="a.pdf",
        description="",
        actor=world.one.officers[2],
        at=NOON,
    )

    with pytest.raises(RuleError, match="nộp minh chứng"):
        services.issue_scale(criteria_set=draft, actor=world.one.lead_head, at=NOON)


def test_issue_scale_of_an_older_draft_is_refused(world):
    old = import_table(world.one)
    issue_table(world.one, small_table("Mới hơn"))

    with pytest.raises(RuleError, match="phiên bản mới hơn"):
        services.issue_scale(criteria_set=old, actor=world.one.lead_head, at=NOON)


def test_name_appraisers_records_who_appraises_what(world):
    issue_table(world.one)

    (section,) = name_appraiser(world.one, "A")

    assert [named.user for named in section.appraisers.all()] == [world.one.appraiser]
    entry = Entry.objects.get(action=Action.APPRAISERS_SET)
    assert entry.details == {"section": "A", "appraisers": ["Thẩm định một"]}


def test_T02_an_appraiser_of_another_cluster_cannot_be_named(world):
    issue_table(world.one)

    with pytest.raises(RuleError, match="chưa được giao vai trò"):
        name_appraiser(world.one, "A", user=world.two.appraiser)


def test_name_appraisers_by_a_member_is_refused(world):
    issue_table(world.one)
    section = Criterion.objects.get(code="A")

    with pytest.raises(PermissionDenied):
        services.name_appraisers(criterion=section, users=[], actor=world.one.officers[1], at=NOON)


def test_name_appraisers_of_overlapping_sections_is_refused(world):
    issue_table(world.one)
    name_appraiser(world.one, "A")

    with pytest.raises(RuleError, match="Phần a1 trùng với phần A"):
        name_appraiser(world.one, "a1")


def test_appraiser_candidates_are_the_clusters_and_its_superiors(world):
    assert appraiser_candidates(world.one.year) == [world.superior, world.one.appraiser]


def test_an_appraiser_whose_role_ended_appraises_nothing_more(one, world):
    from tests.factories.scoring import decide

    sheet = submit(one, 1)
    Assignment.objects.filter(user=one.appraiser).update(valid_to=NOON.date())

    with pytest.raises(PermissionDenied):
        decide(sheet, "a1", one.appraiser, "3")


def test_T01_an_appraiser_whose_role_ended_sees_no_other_units_sheet(one, world):
    """Still named in the table, and in the cluster for another reason: officer of a member."""
    submit(one, 1)
    assign(one.appraiser, Role.OFFICER, organisation=one.memberships[2].organisation)
    seen = ScoreSheet.objects.visible_to(one.appraiser, one.year)
    assert sheet_of(one, 1) in seen

    Assignment.objects.filter(user=one.appraiser, role=Role.APPRAISER).update(valid_to=NOON.date())

    assert list(ScoreSheet.objects.visible_to(one.appraiser, one.year)) == [sheet_of(one, 2)]


# --- A member that joins after the table was issued -------------------------------------------
def join(one, name="Muộn"):
    return Membership.objects.create(
        year=one.year, organisation=make_organisation(name), order=len(one.memberships) + 1
    )


def test_open_late_sheets_for_who_joined_after_the_table_was_issued(one):
    save(sheet_of(one, 1), "a1", one.officers[1], "2")
    late = join(one)

    [sheet] = services.open_late_sheets(year=one.year, actor=one.lead_officer, at=NOON)

    assert (sheet.membership, sheet.criteria_set) == (late, issued_set(one.year))
    assert sheet.scores.count() == 4
    entry = Entry.objects.first()
    assert entry.action == Action.SHEETS_OPENED
    assert entry.details == {"organisations": ["Thanh tra tỉnh Muộn"]}
    with pytest.raises(RuleError, match="đã có bảng tự chấm"):
        services.open_late_sheets(year=one.year, actor=one.lead_officer, at=NOON)


def test_open_late_sheets_is_the_leads(one, world):
    join(one)

    for person in (one.heads[1], world.two.lead_head, world.superior, world.administrator):
        with pytest.raises(PermissionDenied):
            services.open_late_sheets(year=one.year, actor=person, at=NOON)


def test_open_late_sheets_before_a_table_is_issued_is_refused(world):
    with pytest.raises(RuleError, match="Chưa ban hành bảng điểm"):
        services.open_late_sheets(year=world.one.year, actor=world.one.lead_head, at=NOON)


def test_sections_hold_every_leaf_of_table_a_once(world):
    stored = CriteriaSet(
        year=world.one.year, number=1, imported_at=NOON, imported_by=world.one.lead_officer
    )
    from thidua.scoring.tables import store_table

    store_table(stored, shipped_scale("table_a_2022"))
    criteria = list(stored.criteria.all())
    leaves = [criterion.path for criterion in criteria if criterion.is_leaf]

    for cut in (appraisal_sections(criteria), display_groups(criteria)):
        held = [path for part in cut for path in leaves if part.contains(path)]
        assert held == leaves


def test_display_groups_take_apart_what_only_holds_groups(world):
    table = Table(
        title="Sâu",
        scale=Decimal(1),
        nodes=(
            CriterionNode(
                code="1",
                title="Lớn",
                children=(
                    CriterionNode(
                        code="1.1",
                        title="Nhỏ",
                        children=(CriterionNode(code="x", title="Lá", maximum=Decimal(1)),),
                    ),
                ),
            ),
            CriterionNode(code="2", title="Lá ở gốc", has_bonus=True),
        ),
    )
    criteria = list(import_table(world.one, table).criteria.all())

    assert [part.path for part in display_groups(criteria)] == ["1/1.1", "2"]


def test_a_wide_table_is_issued_whole(world):
    issue_table(world.one, wide_table(176))

    assert sheet_of(world.one, 0).scores.count() == 176


def _workbook() -> bytes:
    from thidua.workbooks.scale import write_scale

    return write_scale(small_table())


def test_a_claim_is_held_against_its_own_criterion(one):
    with pytest.raises(RuleError, match="vượt mức tối đa 3"):
        services.save_claim(
            score=score_of(sheet_of(one, 1), "a1"),
            claim=Claim(base=Decimal("3.5")),
            explanation="",
            version=1,
            actor=one.officers[1],
            at=NOON,
        )
