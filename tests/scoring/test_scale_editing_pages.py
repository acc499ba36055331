"""The pages on which the lead writes a points table, as forms are sent without a script."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.factories.scoring import import_table, issue_table, small_table, wide_table
from tests.factories.world import NOON
from tests.scoring.scale_pages import place, send
from tests.scoring.test_pages import address, key, queries, text_of
from tests.scoring.test_scale_editing import INPUT, draft, keep, with_rule
from thidua.audit.models import Action, Entry
from thidua.organisations.models import EmulationYear
from thidua.rules.scoring import fingerprint
from thidua.scoring.models import CriteriaSet
from thidua.scoring.scale_trees import added_below
from thidua.scoring.tables import to_table
from thidua.scoring.views.scale_editing import SHEETS
from thidua.workbooks.scale import read_scale, shipped_scale, write_scale

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAUGHTY = "<script>alert(1)</script> =1+1 \u202e ǹ́ 🏆 '\"; DROP TABLE"


@pytest.fixture
def lead(world, client_of):
    return client_of(world.one.lead_officer)


def stored(version) -> CriteriaSet:
    return CriteriaSet.objects.get(pk=version.pk)


def table_of(version):
    return to_table(stored(version))


def table_named(name):
    if name.endswith(".xlsx"):
        return read_scale((EXAMPLES / name).read_bytes()).table
    return shipped_scale(name)


# --- Saving what is there changes nothing; what is changed reads back from Excel ----------------
@pytest.mark.parametrize(
    "name",
    ["table_a_2022", "table_b_2008", "cum-thanh-tra-1000.xlsx", "khoi-van-phong-90.xlsx"],
)
def test_every_page_saved_unchanged_keeps_the_fingerprint(world, lead, name):
    version = draft(world.one, table_named(name))
    leaves = [node.path for node in table_of(version).walk()]
    # Every kind of criterion of the large table, without opening all its 95 pages.
    paths = leaves if len(leaves) < 30 else leaves[:: len(leaves) // 20]

    answers = [
        send(lead, place("scale_about", version)),
        *(send(lead, place("scale_sheet", version, slug)) for slug in SHEETS),
        *(send(lead, place("scale_criterion", version, tieu_chi=path)) for path in paths),
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert (stored(version).fingerprint, stored(version).version) == (version.fingerprint, 1)


def test_a_table_written_on_screen_reads_back_from_excel_as_the_same(world, lead):
    version = draft(world.one)
    send(
        lead,
        place("scale_sheet", version, "so-lieu"),
        **{
            "r0-key": "viec",
            "r0-label": "Số việc chậm",
            "r0-kind": "Số đếm",
            "r0-default": "0",
            "r1-key": "ty_le",
            "r1-label": "Tỷ lệ",
            "r1-kind": "Tỷ lệ %",
        },
    )
    send(
        lead,
        place("scale_sheet", version, "bac"),
        **{
            "r0-set": "Tỷ lệ",
            "r0-low": "95",
            "r0-points": "3",
            "r1-set": "Tỷ lệ",
            "r1-high": "95",
            "r1-points": "1,5",
            "r1-high_in": "Không",
        },
    )
    send(
        lead,
        place("scale_criterion", version, tieu_chi="A/a1"),
        **{
            "base-kind": "Theo bậc",
            "base-input": "ty_le",
            "base-bands": "Tỷ lệ",
            "deduction0-kind": "Mỗi trường hợp",
            "deduction0-input": "viec",
            "deduction0-points": "0,5",
            "deduction0-set": "Chậm",
            "set0-set": "Chậm",
            "set0-cap": "1",
            "c-floor": "-1",
            "c-article": "Điều 5",
        },
    )
    send(
        lead,
        place("scale_sheet", version, "kiem-thu"),
        **{
            "r0-name": "Chậm hai việc",
            "r0-path": "a1",
            "r0-facts": "ty_le = 97,5; viec = 2",
            "r0-points": "2",
        },
    )

    table = table_of(version)
    assert table.node("A/a1").rule == {
        "kind": "bands",
        "input": "ty_le",
        "bands": "Tỷ lệ",
        "deduction": [{"kind": "per_case", "input": "viec", "points": "0.5", "set": "Chậm"}],
        "sets": {"Chậm": "1"},
        "floor": "-1",
        "leaf_article": "Điều 5",
    }
    assert table.rules["bands"] == {
        "Tỷ lệ": [{"low": "95", "points": "3"}, {"high": "95", "points": "1.5"}]
    }
    assert table.rules["cases"] == [
        {
            "name": "Chậm hai việc",
            "path": "A/a1",
            "facts": {"ty_le": "97.5", "viec": "2"},
            "points": "2",
        }
    ]
    assert fingerprint(read_scale(write_scale(table)).table) == stored(version).fingerprint
    shown = text_of(lead.get(place("scale_version", version)))
    assert "Ví dụ kiểm thử 1/1 đạt" in shown
    assert "Phần mềm tính" in shown


# --- One criterion ------------------------------------------------------------------------------
def test_a_bonus_line_makes_the_criterion_have_a_bonus(world, lead):
    version = draft(world.one, replace(small_table(), rules={"inputs": [INPUT]}))

    answer = send(
        lead,
        place("scale_criterion", version, tieu_chi="A/a1"),
        **{
            "bonus0-kind": "Mỗi trường hợp",
            "bonus0-input": "viec",
            "bonus0-points": "1",
            "c-has_bonus": "Không",
        },
    )

    assert answer.url == place("scale_edit", version)
    assert table_of(version).node("A/a1").has_bonus
    answer = send(
        lead,
        place("scale_criterion", version, tieu_chi="A/a1"),
        **{"bonus0-drop": "on", "c-has_bonus": "Không"},
    )
    assert table_of(version) == replace(small_table(), rules={"inputs": [INPUT]})
    assert Entry.objects.filter(action=Action.SCALE_CHANGED).count() == 2


def test_save_and_add_a_row_comes_back_with_another_empty_row(world, lead):
    version = draft(world.one, with_rule())
    where = place("scale_criterion", version, tieu_chi="A/a1")

    answer = send(
        lead,
        where,
        **{
            "deduction1-kind": "Mỗi trường hợp",
            "deduction1-input": "viec",
            "deduction1-points": "2",
            "them-dong": "1",
        }
        | {"c-code": "a1.1"},
    )

    assert answer.url == place("scale_criterion", version, tieu_chi="A/a1.1")
    assert 'name="deduction2-kind"' in lead.get(answer.url).content.decode()
    assert table_of(version).rules["cases"][0]["path"] == "A/a1.1"


@pytest.mark.parametrize(
    ("field", "value", "at", "said"),
    [
        ("c-code", "", "c-code", "Thiếu mã."),
        ("c-code", "a/1", "c-code", "Mã không được chứa dấu “/”."),
        ("c-code", "a2", "c-code", "Mã “a2” đã có trong nhóm này."),
        ("c-maximum", "ba", "c-maximum", "phải là số"),
        ("c-title", "x" * 601, "c-title", "Nội dung dài quá 600 ký tự."),
        ("c-title", "a\x00b", "c-title", "ký tự không dùng được"),
        ("base-kind", "Mỗi trường hợp", "base-input", "phải ghi cột “Số liệu”"),
        ("base-step", "0", "base-step", "Số phải lớn hơn 0"),
        ("deduction0-when", "ty_le >", "deduction0-when", ""),
        ("deduction0-set", "Chưa có", "deduction0-set", "Nhóm trần “Chưa có” chưa ghi mức trần"),
        ("set0-cap", "3", "set0-set", "Thiếu nhóm trần."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_stays_typed(
    world, lead, field, value, at, said
):
    version = draft(world.one, with_rule())

    answer = send(lead, place("scale_criterion", version, tieu_chi="A/a1"), **{field: value})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{at}_error"' in page
    assert said in text_of(answer)
    if value and "\x00" not in value:
        assert value.replace(">", "&gt;") in page
    assert stored(version).fingerprint == version.fingerprint


def test_a_group_has_no_rules_but_a_condition(world, lead):
    version = draft(
        world.one,
        replace(small_table(), rules={"inputs": [{**INPUT, "kind": "yes_no", "default": "no"}]}),
    )
    where = place("scale_criterion", version, tieu_chi="A")
    assert "deduction0-kind" not in lead.get(where).content.decode()

    send(lead, where, **{"c-when": "viec = có", "c-na": "Tính đủ điểm", "c-bonus_cap": "3"})

    group = table_of(version).node("A")
    assert group.rule == {"kind": "conditional", "when": "viec = có", "na": "full"}
    assert [child.path for child in group.children] == ["A/a1", "A/a2"]


def test_criteria_are_added_moved_and_removed(world, lead):
    version = draft(world.one)
    new = {"c-code": "a1b", "c-title": "Xen giữa", "c-maximum": "2"}
    send(lead, place("scale_criterion_new", version, sau="A/a1"), **new)
    send(lead, place("scale_criterion_new", version, duoi="B"), **{**new, "c-code": "b3"})
    send(lead, place("scale_criterion_new", version), **{**new, "c-code": "C"})

    def codes():
        return [node.code for node in table_of(version).walk()]

    assert codes() == ["A", "a1", "a1b", "a2", "B", "b1", "b2", "b3", "C"]

    up = {"len": "C", "version": stored(version).version, **key(1)}
    lead.post(place("scale_move", version), up)
    assert codes() == ["A", "a1", "a1b", "a2", "C", "B", "b1", "b2", "b3"]

    asked = lead.get(place("scale_remove", version, tieu_chi="B"))
    assert "b3. Xen giữa" in text_of(asked)
    send(lead, place("scale_remove", version, tieu_chi="B"))
    assert codes() == ["A", "a1", "a1b", "a2", "C"]


def test_adding_below_a_leaf_warns_that_its_rules_go(world, lead):
    version = draft(world.one, with_rule())
    where = place("scale_criterion_new", version, duoi="A/a1")

    assert "thành nhóm" in text_of(lead.get(where))
    send(lead, where, **{"c-code": "x", "c-title": "Con", "c-maximum": "3"})

    assert table_of(version).node("A/a1").rule == {}
    shown = text_of(lead.get(place("scale_edit", version)))
    assert "Lỗi phải sửa trước khi ban hành" in shown


# --- Sheets of rules ----------------------------------------------------------------------------
def test_rows_are_dropped_put_in_another_place_and_kept_beyond_the_page(world, lead):
    inputs = [{"key": f"so{n}", "label": f"Số {n}", "kind": "count"} for n in range(65)]
    version = draft(world.one, replace(small_table(), rules={"inputs": inputs}))

    answer = send(
        lead,
        place("scale_sheet", version, "so-lieu", trang="2"),
        **{
            "r0-drop": "on",
            "r1-place": "60",
            "r30-key": "moi",
            "r30-label": "Mới",
            "r30-kind": "Ngày",
            "r30-place": "31,5",
        },
    )

    assert answer.url == place("scale_sheet", version, "so-lieu", trang="2")
    keys = [each["key"] for each in table_of(version).rules["inputs"]]
    second = ["moi", *(f"so{n}" for n in range(32, 60)), "so31"]
    assert keys[:30] == [f"so{n}" for n in range(30)]
    assert sorted(keys[30:60]) == sorted(second)
    assert keys[30] == "moi"
    assert keys[60:] == [f"so{n}" for n in range(60, 65)]


def test_a_key_of_another_page_taken_again_is_said_at_its_field(world, lead):
    inputs = [{"key": f"so{n}", "label": f"Số {n}", "kind": "count"} for n in range(31)]
    version = draft(world.one, replace(small_table(), rules={"inputs": inputs}))

    answer = send(lead, place("scale_sheet", version, "so-lieu", trang="2"), **{"r0-key": "so3"})

    assert 'id="id_r0-key_error"' in answer.content.decode()
    assert "Mã số liệu “so3” bị lặp" in text_of(answer)


def test_an_input_taken_away_leaves_the_rest_and_what_asks_for_it_is_said(world, lead):
    version = draft(world.one, with_rule())

    send(lead, place("scale_sheet", version, "so-lieu"), **{"r0-drop": "on"})

    table = table_of(version)
    assert "inputs" not in table.rules
    assert table.rules["cases"] == with_rule().rules["cases"]
    shown = text_of(lead.get(place("scale_edit", version)))
    assert "Lỗi phải sửa trước khi ban hành" in shown
    assert lead.get(place("scale_version", version)).status_code == 200
    answer = send(lead, place("scale_sheet", version, "kiem-thu"))
    assert "Không có số liệu “viec”" in text_of(answer)


def test_settings_of_the_whole_table_are_kept(world, lead):
    version = draft(world.one, with_rule())

    send(
        lead,
        place("scale_about", version),
        **{"a-title": "Tên mới", "a-scale": "12,5", "a-self_ceiling": "11", "a-quantum": "0,1"},
    )

    table = table_of(version)
    assert (table.title, table.scale, table.rounding.quantum) == (
        "Tên mới",
        Decimal("12.5"),
        Decimal("0.1"),
    )
    assert table.rules == {**with_rule().rules, "self_ceiling": "11"}
    answer = send(lead, place("scale_about", version), **{"a-scale": "0"})
    assert answer.status_code == 422
    assert 'id="id_a-scale_error"' in answer.content.decode()


def test_T11_what_is_typed_is_shown_as_text(world, lead):
    version = draft(world.one)
    send(
        lead,
        place("scale_criterion", version, tieu_chi="A/a1"),
        **{"c-title": NAUGHTY, "c-code": "a?&=#%.. 1"},
    )
    path = "A/a?&=#%.. 1"
    assert table_of(version).node(path).title == NAUGHTY.strip()

    for where in (
        place("scale_edit", version),
        place("scale_version", version),
        place("scale_criterion", version, tieu_chi=path),
        place("scale_remove", version, tieu_chi=path),
    ):
        page = lead.get(where).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page
    assert send(lead, place("scale_criterion", version, tieu_chi=path)).status_code == 302


# --- Two people, an issued table, others ----------------------------------------------------------
def test_R08_a_page_opened_before_somebody_saved_overwrites_nothing(world, lead):
    one = world.one
    version = draft(one)
    where = place("scale_criterion", version, tieu_chi="A/a1")
    from tests.scoring.scale_pages import fields_of

    typed = fields_of(lead.get(where)) | {"c-title": "Của tôi"} | key(7)
    keep(version, small_table("Của người khác"), one.lead_head)

    answer = lead.post(where, typed)

    assert answer.status_code == 422
    assert "vừa sửa dự thảo này lúc 12:00 02/03/2026" in text_of(answer)
    assert 'value="Của tôi"' in answer.content.decode() or "Của tôi</textarea>" in (
        answer.content.decode()
    )
    assert table_of(version) == small_table("Của người khác")
    stale = {"len": "B", "version": "1", **key(8)}
    shown = text_of(lead.post(place("scale_move", version), stale, follow=True))
    assert "vừa sửa dự thảo này" in shown
    assert table_of(version) == small_table("Của người khác")


def test_T03_pages_of_an_issued_version_lead_back_and_change_nothing(one, client_of):
    lead = client_of(one.lead_officer)
    version = CriteriaSet.objects.get()
    before = version.fingerprint

    places = (
        place("scale_edit", version),
        place("scale_about", version),
        place("scale_sheet", version, "bac"),
        place("scale_criterion", version, tieu_chi="A/a1"),
        place("scale_criterion_new", version, duoi="A"),
        place("scale_remove", version, tieu_chi="A"),
        place("scale_move", version),
    )
    for number, where in enumerate(places):
        typed = {"version": "1", "len": "B", "c-code": "x", "c-title": "x", **key(number)}
        for answer in (lead.get(where), lead.post(where, typed)):
            assert answer.url == place("scale_version", version)
    assert fingerprint(to_table(CriteriaSet.objects.get())) == before


def test_T01_others_find_no_page_of_a_draft(world, client_of):
    version = draft(world.one)
    for person in (world.one.heads[1], world.two.lead_head, world.superior, world.stranger):
        browser = client_of(person)
        for where in (place("scale_edit", version), place("scale_sheet", version, "bac")):
            assert browser.get(where).status_code == 404
            assert browser.post(where, key()).status_code == 404


def test_what_is_not_there_is_not_found(world, lead):
    version = draft(world.one)

    for where in (
        place("scale_sheet", version, "khong-co"),
        place("scale_criterion", version, tieu_chi="X"),
        place("scale_remove", version, tieu_chi="X"),
        place("scale_criterion_new", version, sau="X"),
        place("scale_criterion_new", version, duoi="X"),
    ):
        assert lead.get(where).status_code == 404
    assert lead.get(place("scale_criterion", version)).url == place("scale_edit", version)


# --- New drafts ---------------------------------------------------------------------------------
def test_last_years_table_is_copied_and_this_years_draft_is_its_own(world, lead):
    one = world.one
    last = EmulationYear.objects.create(
        cluster=one.cluster, year=one.year.year - 1, **_same(one.year)
    )
    old = CriteriaSet(
        year=last, number=3, imported_at=NOON, imported_by=one.lead_officer, state="draft"
    )
    from thidua.scoring.tables import store_table

    store_table(old, with_rule())
    CriteriaSet.objects.filter(pk=old.pk).update(state="issued", issued_at=NOON)
    where = address("scale_new", one)
    assert "phiên bản 3" in text_of(lead.get(where))

    lead.post(where, {"source": f"phien-ban-{old.pk}", "title": "Bảng năm nay", **key()})

    made = CriteriaSet.objects.get(year=one.year)
    assert to_table(made) == replace(with_rule(), title="Bảng năm nay")
    entry = Entry.objects.get(action=Action.SCALE_DRAFTED)
    assert entry.details["origin"] == (f"bảng năm {last.year}, phiên bản 3: {with_rule().title}")


def _same(year):
    """What a year needs beside its number, as another year has it."""
    kept = {"id", "cluster", "year"}
    return {
        field.name: getattr(year, field.name)
        for field in EmulationYear._meta.concrete_fields
        if field.name not in kept
    }


def test_a_new_draft_is_empty_or_a_shipped_table(world, lead):
    where = address("scale_new", world.one)

    refused = lead.post(where, {"source": "trong", **key(1)})
    assert "Hãy ghi tên bảng." in text_of(refused)
    lead.post(where, {"source": "trong", "title": "Bảng mới", **key(2)})
    lead.post(where, {"source": "mau-table_a_2022", **key(3)})

    empty, copied = CriteriaSet.objects.order_by("number")
    assert (empty.title, table_of(empty).nodes) == ("Bảng mới", ())
    assert table_of(copied) == shipped_scale("table_a_2022")
    assert "Bảng chưa có tiêu chí nào" in text_of(lead.get(place("scale_edit", empty)))


def test_T02_a_version_of_another_cluster_or_a_draft_cannot_be_copied(world, lead):
    other = issue_table(world.two)
    own = import_table(world.one)

    for version in (other, own):
        answer = lead.post(
            address("scale_new", world.one), {"source": f"phien-ban-{version.pk}", **key()}
        )
        assert answer.status_code == 422
        assert "Lựa chọn này không còn nữa" in text_of(answer)


# --- The page of a version ------------------------------------------------------------------------
def test_the_page_of_a_draft_says_what_stands_before_issuing_it(world, client_of):
    one = world.one
    version = draft(one, with_rule(points="0.25"))
    head = client_of(one.lead_head)

    shown = text_of(head.get(place("scale_version", version)))
    assert "Ví dụ kiểm thử 0/1 đạt" in shown
    assert "Ví dụ kiểm thử chưa đạt: 1" in shown
    assert "Sửa dự thảo" in shown
    refused = head.post(place("scale_issue", version), key(), follow=True)
    assert "1/1 ví dụ kiểm thử chưa đúng" in text_of(refused)
    assert stored(version).state == CriteriaSet.State.DRAFT


def test_the_difference_page_says_rules_row_by_row(world, lead):
    draft(world.one, with_rule())
    second = draft(world.one, with_rule(points="0.25"))

    shown = text_of(lead.get(address("scale_difference", world.one, 1, second.number)))

    assert "Quy tắc: bỏ dòng" in shown
    assert "Điểm 0,25" in shown


def test_who_changed_a_draft_is_told_not_to_issue_it(world, client_of):
    one = world.one
    version = import_table(one)
    keep(version, small_table("Sửa"), one.lead_head)

    shown = text_of(client_of(one.lead_head).get(place("scale_version", version)))

    assert "Dự thảo do bạn nhập hoặc sửa" in shown


@pytest.mark.parametrize("name", ["scale_edit", "scale_version", "scale_about"])
def test_pages_ask_as_much_for_a_hundred_criteria_as_for_ten(world, lead, name):
    small, wide = draft(world.one, wide_table(10)), draft(world.one, wide_table(100))

    assert queries(lead, place(name, small)) == queries(lead, place(name, wide))


def test_a_criterion_page_asks_as_much_in_a_wide_table(world, lead):
    table = added_below(wide_table(100), "1", small_table().node("A/a1"))
    counts = {
        queries(lead, place("scale_criterion", draft(world.one, each), tieu_chi="1/1.1"))
        for each in (wide_table(10), table)
    }

    assert len(counts) == 1


def test_opening_pages_writes_nothing(world, lead):

    version = draft(world.one, with_rule())
    before = Entry.objects.count()

    for slug in SHEETS:
        assert lead.get(place("scale_sheet", version, slug)).status_code == 200

    assert (stored(version).version, Entry.objects.count()) == (1, before)
