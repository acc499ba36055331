"""A points table written on screen: drafts, changes, four eyes, and what stands before issuing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.scoring import import_table, issue_table, small_table
from tests.factories.world import NOON, Role, assign, make_user
from tests.rules.tables import tables, whole_tables
from tests.scoring.cross_reviews import open_round
from tests.workbooks.ruled import ruled_tables
from thidua.audit.models import Action, Entry
from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Table, fingerprint
from thidua.scoring import services
from thidua.scoring.models import CriteriaSet
from thidua.scoring.scale_changes import changes_in_words, rules_in_words
from thidua.scoring.scale_trees import added_after, added_below, changed, moved, removed
from thidua.scoring.tables import to_table

INPUT = {"key": "viec", "label": "Số việc chậm", "kind": "count", "default": "0"}
LATE = {"kind": "per_case", "input": "viec", "points": "0.5"}


def draft(one, table=None, actor=None):
    return services.draft_scale(
        year=one.year,
        table=table or small_table(),
        origin="bảng trống",
        actor=actor or one.lead_officer,
        at=NOON,
    )


def keep(version, table, actor, known=None):
    return services.save_scale(
        criteria_set=version,
        table=table,
        version=known or CriteriaSet.objects.get(pk=version.pk).version,
        actor=actor,
        at=NOON,
    )


def with_rule(points="0.5", case_points="2"):
    """The small table whose a1 takes points away by itself, and a case that says so."""
    table = small_table()
    a1 = replace(
        table.node("A/a1"), rule={"kind": "typed", "deduction": [{**LATE, "points": points}]}
    )
    case = {"name": "Hai việc", "path": "A/a1", "facts": {"viec": "2"}, "base": "3"}
    rules = {"inputs": [INPUT], "cases": [{**case, "points": case_points}]}
    return replace(changed(table, "A/a1", a1), rules=rules)


def test_draft_scale_keeps_the_table_and_who_wrote_it(world):
    version = draft(world.one)

    assert (version.number, version.state, to_table(version)) == (1, "draft", small_table())
    assert list(version.authors.all()) == [world.one.lead_officer]
    entry = Entry.objects.get(action=Action.SCALE_DRAFTED)
    assert entry.details == {"origin": "bảng trống", "fingerprint": version.fingerprint}


def test_only_the_lead_drafts_and_changes(world):
    version = draft(world.one)

    for person in (world.one.heads[1], world.two.lead_head, world.superior, world.stranger):
        with pytest.raises(PermissionDenied):
            draft(world.one, actor=person)
        with pytest.raises(PermissionDenied):
            keep(version, small_table("Khác"), person)
    assert CriteriaSet.objects.get().title == small_table().title


def test_save_scale_replaces_the_rows_and_tells_the_journal_what_changed(world):
    one = world.one
    version = draft(one)
    table = with_rule()

    said = keep(version, table, one.lead_head)

    version.refresh_from_db()
    assert to_table(version) == table
    assert version.fingerprint == fingerprint(table)
    assert (version.version, version.changed_by, version.changed_at) == (2, one.lead_head, NOON)
    assert set(version.authors.all()) == {one.lead_officer, one.lead_head}
    entry = Entry.objects.get(action=Action.SCALE_CHANGED)
    assert entry.details == {
        "version": 2,
        "changes": list(said),
        "fingerprint": version.fingerprint,
    }
    assert said == (
        "Số liệu: thêm dòng “Mã số liệu viec; Tên số liệu Số việc chậm; Loại Số đếm;"
        " Để trống là 0”",
        "Quy tắc: thêm dòng “Tiêu chí A/a1; Phần Điểm trừ; Cách tính Mỗi trường hợp;"
        " Số liệu viec; Điểm 0,5”",
        "Kiểm thử: thêm dòng “Tên ví dụ Hai việc; Tiêu chí A/a1; Số liệu viec = 2;"
        " Điểm chuẩn 3; Kết quả 2”",
    )


def test_save_scale_of_the_same_table_writes_nothing(world):
    version = draft(world.one)

    assert keep(version, small_table(), world.one.lead_head) == ()

    assert CriteriaSet.objects.get().version == 1
    assert not Entry.objects.filter(action=Action.SCALE_CHANGED).exists()


def test_R08_a_stale_change_is_refused_with_who_and_when(world):
    one = world.one
    version = draft(one)
    keep(version, small_table("Bản của thủ trưởng"), one.lead_head)

    with pytest.raises(services.StaleScale, match=r"vừa sửa dự thảo này lúc 12:00 02/03/2026"):
        keep(version, small_table("Bản của cán bộ"), one.lead_officer, known=1)

    assert CriteriaSet.objects.get().title == "Bản của thủ trưởng"


def test_T03_an_issued_table_is_not_changed(world):
    one = world.one
    issued = issue_table(one)

    with pytest.raises(RuleError, match="đã ban hành nên không sửa được"):
        keep(issued, small_table("Khác"), one.lead_officer)

    assert to_table(CriteriaSet.objects.get()) == small_table()


def test_save_scale_of_a_text_too_long_is_refused(world):
    version = draft(world.one)
    long = replace(small_table().node("A/a1"), title="x" * 601)

    with pytest.raises(RuleError, match="Tiêu chí a1 có nội dung dài quá 600"):
        keep(version, changed(small_table(), "A/a1", long), world.one.lead_officer)
    deep = replace(small_table().node("A"), code="A" * 40)
    table = changed(small_table(), "A", deep)
    for depth in range(5):
        path = "/".join("A" * 40 for _ in range(depth + 1))
        table = added_below(table, path, CriterionNode(code="A" * 40, title="x"))
    with pytest.raises(RuleError, match="dài quá 200 ký tự"):
        keep(version, table, world.one.lead_officer)


def test_issue_scale_by_anybody_who_wrote_in_it_is_refused(world):
    one = world.one
    version = import_table(one)
    keep(version, small_table("Sửa"), one.lead_head)

    with pytest.raises(RuleError, match="người sửa cũng vậy"):
        services.issue_scale(criteria_set=version, actor=one.lead_head, at=NOON)

    second = make_user("pho", "Phó Chánh Thanh tra")
    assign(second, Role.HEAD, organisation=one.memberships[0].organisation)
    issued = services.issue_scale(criteria_set=version, actor=second, at=NOON)
    assert issued.state == CriteriaSet.State.ISSUED


def test_issue_scale_with_a_mistake_is_refused_and_says_which(world):
    one = world.one
    unknown = {"kind": "typed", "deduction": [{**LATE, "input": "khong_co"}]}
    table = changed(small_table(), "A/a1", replace(small_table().node("A/a1"), rule=unknown))
    version = draft(one, table)

    with pytest.raises(RuleError, match=r"còn 1 lỗi nên chưa ban hành được: .*khong_co"):
        services.issue_scale(criteria_set=version, actor=one.lead_head, at=NOON)


def test_issue_scale_with_a_failing_example_is_refused_and_says_which(world):
    one = world.one
    version = draft(one, with_rule(points="0.25"))

    with pytest.raises(RuleError, match=r"1/1 ví dụ kiểm thử chưa đúng .*“Hai việc”.*2,5"):
        services.issue_scale(criteria_set=version, actor=one.lead_head, at=NOON)

    keep(version, with_rule(), one.lead_officer)
    services.issue_scale(criteria_set=version, actor=one.lead_head, at=NOON)
    assert CriteriaSet.objects.get().state == CriteriaSet.State.ISSUED


def test_issue_scale_while_a_cross_review_is_open_is_refused(one):
    open_round(one)
    version = draft(one, small_table("Mới"))

    with pytest.raises(RuleError, match="Đang có vòng chấm chéo mở"):
        services.issue_scale(criteria_set=version, actor=one.lead_head, at=NOON)


# --- The tree, as values ----------------------------------------------------------------------
NEW = CriterionNode(code="moi_them", title="Mới", maximum=Decimal(1))


@whole_tables
@given(tables(), st.data())
def test_what_is_added_and_removed_again_leaves_the_table_as_it_was(table, data):
    path = data.draw(st.sampled_from([node.path for node in table.walk()]))
    above, _, _ = path.rpartition("/")

    added = added_after(table, path, NEW)

    new_path = f"{above}/{NEW.code}" if above else NEW.code
    assert added.node(new_path).title == "Mới"
    assert removed(added, new_path) == table


@whole_tables
@given(tables(), st.data())
def test_what_moves_down_and_up_again_leaves_the_table_as_it_was(table, data):
    path = data.draw(st.sampled_from([node.path for node in table.walk()]))
    down = moved(table, path, up=False)

    assert {node.path for node in down.walk()} == {node.path for node in table.walk()}
    if down != table:
        assert moved(down, path, up=True) == table


def test_a_new_code_is_followed_where_the_table_speaks_of_the_criterion():
    table = replace(
        small_table(),
        rules={
            "ties": [{"by": "node", "of": "A"}, {"by": "input_high", "of": "A"}],
            "cases": [{"name": "x", "path": "A/a1", "points": "1"}, {"name": "y", "points": "1"}],
        },
    )

    now = changed(table, "A", replace(table.node("A"), code="Đ"))

    assert [node.path for node in now.walk()] == ["Đ", "Đ/a1", "Đ/a2", "B", "B/b1", "B/b2"]
    assert now.rules == {
        "ties": [{"by": "node", "of": "Đ"}, {"by": "input_high", "of": "A"}],
        "cases": [{"name": "x", "path": "Đ/a1", "points": "1"}, {"name": "y", "points": "1"}],
    }


def test_a_leaf_under_which_something_is_added_becomes_a_group_without_rules():
    table = added_below(with_rule(), "A/a1", NEW)

    group = table.node("A/a1")
    assert (group.is_leaf, group.rule, group.has_deduction) == (False, {}, False)
    leaf = removed(table, "A/a1/moi_them").node("A/a1")
    assert (leaf.is_leaf, leaf.rule) == (True, {"kind": "typed"})


def test_a_criterion_that_is_gone_is_said():
    with pytest.raises(RuleError, match="Không còn tiêu chí “A/x”"):
        removed(small_table(), "A/x")


# --- What changed, in words -------------------------------------------------------------------
@whole_tables
@given(ruled_tables(), ruled_tables())
def test_nothing_changed_exactly_when_the_fingerprints_are_equal(one, other):
    assert changes_in_words(one, one) == ()
    assert bool(changes_in_words(one, other)) == (fingerprint(one) != fingerprint(other))


def test_a_change_of_order_alone_is_said():
    classes = [{"name": "Tốt", "least": "8"}, {"name": "Khá", "least": "5"}]
    one = replace(small_table(), rules={"classes": classes, "self_ceiling": "8"})
    other = replace(small_table(), rules={"classes": classes[::-1], "self_ceiling": "8.5"})

    assert changes_in_words(one, other) == (
        "Bảng: trần tự chấm 8 → 8,5",
        "Xếp loại: đổi thứ tự các dòng",
    )


def test_rules_in_words_are_said_of_criteria_that_have_any():
    said = rules_in_words(with_rule())

    assert [*said] == ["A/a1"]
    assert any("Số việc chậm" in sentence for sentence in said["A/a1"])
    broken = replace(small_table().node("A/a1"), rule={"kind": "la"})
    table = changed(small_table(), "A/a1", broken)
    assert rules_in_words(table)["A/a1"] == ("Tiêu chí a1: cách tính “la” chưa được hỗ trợ.",)


def test_an_empty_draft_cannot_be_issued(world):
    one = world.one
    version = draft(one, Table(title="Trống", scale=Decimal(100), nodes=()))

    with pytest.raises(RuleError, match="chưa có tiêu chí nào"):
        services.issue_scale(criteria_set=version, actor=one.lead_head, at=NOON)
