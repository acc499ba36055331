"""The self-score form both ways: what is typed goes out, what is filled in comes back, or nothing."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.scoring import issue_table, score_of, sheet_of, small_table
from tests.factories.world import NOON
from tests.scoring.unit_forms import (
    claim,
    content_of,
    fact,
    filled,
    form_table,
    post_form,
    sheet_address,
    typed_into,
    upload_address,
)
from thidua.audit.models import Action, Entry
from thidua.documents.storage import fingerprint
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim
from thidua.scoring import services
from thidua.scoring.filling_changes import preview_of
from thidua.scoring.models import ScoreSheet
from thidua.scoring.services import Terms
from thidua.scoring.sheet_workbooks import read_unit_form, unit_form
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.sheets import layout, read_form, write_form

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def one(world):
    issue_table(world.one, form_table())
    return world.one


@pytest.fixture
def sheet(one):
    return sheet_of(one, 1)


def put(one, sheet, code, version=None, explanation="", facts=None, at=NOON, **parts):
    score = score_of(sheet, code)
    return services.save_claim(
        score=score,
        claim=Claim(**{name: Decimal(text) for name, text in parts.items()}),
        facts=facts,
        explanation=explanation,
        version=version or score.version,
        actor=one.officers[1],
        at=at,
    )


def read(sheet, *cells, name="bieu.xlsx"):
    return read_unit_form(sheet, filled(sheet, *cells), name)


def take_over(one, sheet, filling, actor=None):
    return services.save_filling(
        sheet=sheet, filling=filling, actor=actor or one.officers[1], at=LATER
    )


def stored(sheet):
    return [
        (s.criterion.path, s.base, s.bonus, s.deduction, s.facts, s.explanation, s.version)
        for s in sheet.scores.select_related("criterion")
    ]


WHOLE = (
    fact("ty_le", 95),
    fact("co", "Có"),
    claim("B", "base", 4.5),
    claim("B", "deduction", "0,5"),
    claim("B", "explanation", "Chậm một báo cáo"),
)


def test_the_form_carries_everything_typed_so_far(one, sheet):
    services.set_terms(
        criteria_set=sheet.criteria_set,
        member=sheet.membership,
        terms=Terms(targets={"thu_hoi": Decimal("120.5")}),
        version=0,
        actor=one.lead_officer,
        at=NOON,
    )
    put(one, sheet, "a1", facts={"ty_le": "95"})
    put(one, sheet, "B", base="4.5", deduction="0.5", explanation="Chậm một báo cáo")

    back = read_form(unit_form(sheet), form_table())

    assert (back.unit, back.year) == (sheet.membership.organisation.full_name, 2026)
    assert back.facts == {"ty_le": "95"}
    assert back.unit_terms.targets == {"thu_hoi": Decimal("120.5")}
    assert back.claims == {"B": Claim(base=Decimal("4.5"), deduction=Decimal("0.5"))}
    assert back.explanations == {"B": "Chậm một báo cáo"}


def test_a_form_that_comes_back_untouched_changes_nothing(one, sheet):
    put(one, sheet, "a1", facts={"ty_le": "95"})
    put(one, sheet, "B", base="4.5", explanation="Chậm một báo cáo\r\n")
    before = Entry.objects.count()

    reading = read_unit_form(sheet, unit_form(sheet), "bieu.xlsx")

    assert reading.filling.is_empty
    assert take_over(one, sheet, reading.filling) == []
    assert Entry.objects.count() == before


def test_a_filled_form_is_taken_over_whole_and_journalled_with_its_file(one, sheet):
    data = filled(sheet, *WHOLE)
    reading = read_unit_form(sheet, data, "bieu tu cham.xlsx")
    assert reading.problems == ()

    changed = take_over(one, sheet, reading.filling)

    sheet.refresh_from_db()
    assert [score.criterion.code for score in changed] == ["a1", "B"]
    assert sheet.facts == {"co": "yes"}
    assert score_of(sheet, "a1").facts == {"ty_le": "95"}
    kept = score_of(sheet, "B")
    assert (kept.base, kept.deduction, kept.explanation, kept.version) == (
        Decimal("4.5"),
        Decimal("0.5"),
        "Chậm một báo cáo",
        2,
    )
    entry = Entry.objects.filter(action=Action.SELF_SCORE_IMPORTED).get()
    assert entry.details == {
        "file": "bieu tu cham.xlsx",
        "sha256": fingerprint(data),
        "changes": "2 tiêu chí, số liệu chung",
    }
    assert Entry.objects.filter(action=Action.SELF_SCORE_SAVED).count() == 2
    assert Entry.objects.filter(action=Action.SHEET_FIGURES_SAVED).count() == 1


def test_R11_the_same_form_twice_has_one_effect(one, sheet):
    filling = read(sheet, *WHOLE).filling
    take_over(one, sheet, filling)
    before = (stored(sheet), Entry.objects.count())

    assert take_over(one, sheet, filling) == []

    assert (stored(sheet), Entry.objects.count()) == before


def test_a_claim_above_the_rule_is_refused_at_its_cell_until_it_is_explained(one, sheet):
    above = (fact("ty_le", 80), claim("A/a1", "base", 5))

    refused = read(sheet, *above)
    explained = read(sheet, *above, claim("A/a1", "explanation", "Ba vụ liên ngành"))

    (problem,) = refused.problems
    assert (problem.sheet, problem.cell) == (layout.CLAIMS, "K3")
    assert "đề nghị 5, theo quy tắc là 2" in problem.sentence
    assert "ghi thuyết minh" in problem.sentence
    assert explained.problems == ()
    (line,) = preview_of(sheet, explained.filling).beyond
    assert line.score.criterion.code == "a1"
    take_over(one, sheet, explained.filling)
    assert score_of(sheet, "a1").base == 5


def test_the_service_refuses_what_is_above_the_rule_whatever_was_read(one, sheet):
    filling = read(sheet, fact("ty_le", 80), claim("A/a1", "base", 5)).filling

    with pytest.raises(services.ClaimRefused, match="ghi thuyết minh"):
        take_over(one, sheet, filling)

    assert stored(sheet)[0][1:] == (None, None, None, {}, "", 1)


@pytest.mark.parametrize(
    ("cell", "place", "said"),
    [
        (claim("B", "base", "năm"), "H5", "điểm chuẩn"),
        (claim("B", "base", "1.234"), "H5", "1.234"),
        (claim("B", "base", 6), "H5", "5"),
        (claim("B", "base", -1), "H5", "B"),
        (claim("B", "bonus", 1), "I5", "không có điểm thưởng"),
        (claim("B", "explanation", "x" * 4001), "K5", "tối đa 4000"),
        (fact("ty_le", "hay"), "F2", "Tỷ lệ giải quyết"),
        (fact("co", "Chắc"), "F4", "Cờ thi đua"),
    ],
)
def test_one_bad_cell_refuses_the_whole_form_by_its_place(sheet, cell, place, said):
    reading = read(sheet, fact("ty_le", 95) if cell[1] != "ty_le" else cell, cell)

    assert [each.cell for each in reading.problems] == [place]
    assert said in reading.problems[0].sentence


def test_everything_wrong_is_told_at_once(sheet):
    reading = read(sheet, fact("ty_le", "hay"), claim("A/a1", "base", 9), claim("B", "base", 6))

    assert [(each.sheet, each.cell) for each in reading.problems] == [
        (layout.FACTS, "F2"),
        (layout.CLAIMS, "H3"),
        (layout.CLAIMS, "H5"),
    ]


def test_a_formula_whose_result_was_not_stored_is_refused_and_not_read_as_empty(one, sheet):
    put(one, sheet, "B", base="4")

    reading = read(sheet, claim("B", "base", "=2+2"))

    (problem,) = reading.problems
    assert (problem.sheet, problem.cell) == (layout.CLAIMS, "H5")
    assert "không lưu kết quả" in problem.sentence


def test_a_formula_with_its_result_counts_as_that_number(sheet):
    data = filled(sheet, claim("B", "base", "=2+2"))

    reading = read_unit_form(sheet, _computed(data, b"4"), "bieu.xlsx")

    assert reading.problems == ()
    assert [line.claim.base for line in reading.filling.lines] == [Decimal(4)]


def test_when_the_file_does_not_say_when_it_was_made_nothing_is_newer(one, sheet):
    data = filled(sheet, claim("B", "base", 4))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb"<dcterms:created.*?</dcterms:created>", b"", content)
            new.writestr(part.filename, content)
    put(one, sheet, "B", base="3")

    filling = read_unit_form(sheet, target.getvalue(), "bieu.xlsx").filling

    assert filling.made_at is None
    assert preview_of(sheet, filling).newer == ()


def _computed(data: bytes, value: bytes) -> bytes:
    """The workbook as a spreadsheet would save it: with what its formula gives."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            content = re.sub(rb"</f><v\s*/>|</f><v></v>", b"</f><v>" + value + b"</v>", content)
            new.writestr(part.filename, content)
    return target.getvalue()


def test_the_form_of_another_unit_or_year_is_refused(one, sheet):
    others = unit_form(sheet_of(one, 2))
    data = typed_into(others, (layout.ABOUT, layout.YEAR_ITEM, "", 2025))

    reading = read_unit_form(sheet, data, "bieu.xlsx")

    assert [each.sheet for each in reading.problems] == [layout.ABOUT, layout.ABOUT]
    assert sheet.membership.organisation.full_name in reading.problems[0].sentence
    assert "2025" in reading.problems[1].sentence


def test_a_form_without_the_name_of_its_unit_is_refused(sheet):
    reading = read(sheet, (layout.ABOUT, layout.UNIT_ITEM, "", None))

    assert "để trống" in reading.problems[0].sentence


def test_the_form_of_another_table_is_refused_with_both_fingerprints(sheet):
    other = write_form(small_table(), unit=sheet.membership.organisation.full_name, year=2026)

    with pytest.raises(WorkbookError, match=r"thiếu trang tính|mã băm"):
        read_unit_form(sheet, other, "bieu.xlsx")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 hong", b"\xd0\xcf\x11\xe0" + b"0" * 600])
def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(sheet, data):
    with pytest.raises(RuleError, match="Tệp"):
        read_unit_form(sheet, data, "bieu.xlsx")


def test_terms_are_the_leads_and_not_the_forms(one, sheet):
    services.set_terms(
        criteria_set=sheet.criteria_set,
        member=sheet.membership,
        terms=Terms(targets={"thu_hoi": Decimal(100)}),
        version=0,
        actor=one.lead_officer,
        at=NOON,
    )

    changed = read(
        sheet,
        (layout.TARGETS, "thu_hoi", "value", 50),
        (layout.UNASSIGNED, "B", "value", "Có"),
    )
    blank = read(sheet, (layout.TARGETS, "thu_hoi", "value", None))

    assert [each.sheet for each in changed.problems] == [layout.TARGETS, layout.UNASSIGNED]
    assert "ghi 50, đang đặt là 100" in changed.problems[0].sentence
    assert blank.problems == ()
    assert blank.filling.is_empty


def test_R08_a_form_does_not_lie_over_what_somebody_saved_meanwhile(one, sheet):
    filling = read(sheet, *WHOLE).filling
    put(one, sheet, "B", base="3")
    before = stored(sheet)

    with pytest.raises(services.StaleFilling, match=r"vừa sửa.* tiêu chí B"):
        take_over(one, sheet, filling)

    assert stored(sheet) == before
    assert ScoreSheet.objects.get(pk=sheet.pk).facts == {}


def test_R08_figures_of_the_sheet_saved_meanwhile_keep_the_whole_form_out(one, sheet):
    filling = read(sheet, *WHOLE).filling
    services.save_sheet_facts(
        sheet=sheet, facts={"co": "no"}, version=1, actor=one.officers[1], at=NOON
    )
    before = stored(sheet)

    with pytest.raises(services.StaleFigures):
        take_over(one, sheet, filling)

    assert stored(sheet) == before


def test_T04_nothing_comes_from_a_form_after_the_sheet_was_handed_in(one, sheet):
    filling = read(sheet, *WHOLE).filling
    ScoreSheet.objects.filter(pk=sheet.pk).update(
        state="submitted", submitted_at=NOON, self_score=Decimal(1)
    )

    with pytest.raises(RuleError, match="đã nộp nên không sửa được"):
        take_over(one, sheet, filling)

    assert all(line[-1] == 1 for line in stored(sheet))


@pytest.mark.parametrize("who", ["lead_head", "appraiser", "neighbour"])
def test_T01_only_the_units_own_people_take_a_form_over(one, sheet, who):
    actor = one.officers[2] if who == "neighbour" else getattr(one, who)
    filling = read(sheet, *WHOLE).filling

    with pytest.raises(PermissionDenied):
        take_over(one, sheet, filling, actor=actor)


def test_T03_lines_of_another_sheet_are_refused(one, sheet):
    other = sheet_of(one, 2)
    filling = read(other, *WHOLE).filling

    with pytest.raises(RuleError, match="không thuộc bảng chấm điểm này"):
        take_over(one, sheet, filling)

    assert all(line[-1] == 1 for line in stored(other))


def test_the_preview_says_what_would_be_taken_away_and_what_is_newer_than_the_form(one, sheet):
    put(one, sheet, "B", base="4")
    data = filled(sheet, claim("B", "base", None), fact("ty_le", 95))
    put(one, sheet, "B", base="3", at=datetime.now(UTC) + timedelta(hours=1))

    preview = preview_of(sheet, read_unit_form(sheet, data, "bieu.xlsx").filling)

    assert [each.score.criterion.code for each in preview.criteria] == ["a1", "B"]
    assert [each.score.criterion.code for each in preview.newer] == ["B"]
    assert [each.score.criterion.code for each in preview.emptied] == ["B"]
    assert [(d.label, d.old, d.new) for d in preview.criteria[1].differences] == [
        ("Điểm chuẩn", "3", "để trống")
    ]
    assert preview.points == (Decimal(3), Decimal(5))
    assert preview.scored == (1, 1)


def test_pages_from_download_to_taking_over(one, sheet, client_of):
    client = client_of(one.officers[1])
    page = content_of(client.get(sheet_address(sheet)))
    download = client.get(sheet_address(sheet, "scoring:sheet_form_xlsx"))
    data = typed_into(download.content, *WHOLE)

    preview = post_form(client, sheet, data, "biểu của tôi.xlsx")
    token = re.search(r'name="filling" value="([^"]+)"', content_of(preview))[1]
    done = client.post(
        sheet_address(sheet, "scoring:sheet_form_save"),
        {"filling": token, "idempotency_key": uuid4().hex},
        follow=True,
    )

    assert "Tải biểu tự chấm (Excel)" in page
    assert "Nạp biểu đã điền" in page
    assert "Biểu thay đổi 2/3 tiêu chí" in content_of(preview)
    assert "Đã nạp biểu “biểu của tôi.xlsx”: 2 tiêu chí thay đổi và số liệu chung." in content_of(
        done
    )
    assert score_of(sheet, "B").base == Decimal("4.5")


def test_pages_list_every_bad_cell_and_save_nothing(one, sheet, client_of):
    client = client_of(one.officers[1])

    response = post_form(
        client, sheet, filled(sheet, fact("ty_le", "hay"), claim("B", "base", "năm"))
    )

    assert response.status_code == 422
    assert "Chưa nạp gì: biểu có 2 chỗ phải sửa" in content_of(response)
    assert '<td class="nowrap">H5</td>' in content_of(response)
    assert all(line[-1] == 1 for line in stored(sheet))


def test_pages_refuse_a_broken_file_at_its_field(one, sheet, client_of):
    response = post_form(client_of(one.officers[1]), sheet, b"khong phai bang tinh")

    assert response.status_code == 422
    assert "không phải là bảng tính .xlsx" in content_of(response)


def test_pages_refuse_a_file_over_the_limit(one, sheet, client_of, settings):
    settings.WORKBOOK_LIMIT = 1024

    response = post_form(client_of(one.officers[1]), sheet, unit_form(sheet), "to.xlsx")

    assert response.status_code == 422
    assert "Tệp “to.xlsx” lớn hơn" in content_of(response)


def test_R08_pages_show_the_form_against_the_newer_content_and_save_it_when_agreed(
    one, sheet, client_of
):
    client = client_of(one.officers[1])
    preview = post_form(client, sheet, filled(sheet, *WHOLE))
    token = re.search(r'name="filling" value="([^"]+)"', content_of(preview))[1]
    put(one, sheet, "B", base="3")
    address = sheet_address(sheet, "scoring:sheet_form_save")

    refused = client.post(address, {"filling": token, "idempotency_key": uuid4().hex})
    again = re.search(r'name="filling" value="([^"]+)"', content_of(refused))[1]
    kept = score_of(sheet, "B").base
    done = client.post(address, {"filling": again, "idempotency_key": uuid4().hex})

    assert refused.status_code == 409
    assert "Có người vừa sửa" in content_of(refused)
    assert kept == 3
    assert done.status_code == 302
    assert score_of(sheet, "B").base == Decimal("4.5")


def test_T03_a_preview_of_another_person_or_a_changed_one_is_refused(one, sheet, client_of):
    preview = post_form(client_of(one.officers[1]), sheet, filled(sheet, *WHOLE))
    token = re.search(r'name="filling" value="([^"]+)"', content_of(preview))[1]
    address = sheet_address(sheet, "scoring:sheet_form_save")
    head = client_of(one.heads[1])

    for wrong in (token, token[:-2], ""):
        answer = head.post(address, {"filling": wrong, "idempotency_key": uuid4().hex}, follow=True)
        assert "không còn dùng được" in content_of(answer)

    assert all(line[-1] == 1 for line in stored(sheet))


def test_T04_the_pages_are_gone_once_the_sheet_was_handed_in(one, sheet, client_of):
    ScoreSheet.objects.filter(pk=sheet.pk).update(
        state="submitted", submitted_at=NOON, self_score=Decimal(1)
    )
    client = client_of(one.officers[1])

    assert client.get(sheet_address(sheet, "scoring:sheet_form_xlsx")).status_code == 404
    assert client.get(upload_address(sheet)).status_code == 404
    assert "Nạp biểu đã điền" not in content_of(client.get(sheet_address(sheet)))


def test_reading_and_previewing_ask_as_often_for_one_change_as_for_three(one, sheet):
    counts = []
    for cells in ((fact("ty_le", 95),), WHOLE):
        data = filled(sheet, *cells)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            preview_of(sheet, read_unit_form(sheet, data, "bieu.xlsx").filling)
        counts.append(len(queries))

    assert counts[0] == counts[1]
