"""What a unit claims: saved as typed, locked when handed in."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tests.factories.scoring import (
    PDF,
    fill,
    import_table,
    issue_table,
    save,
    score_of,
    sheet_of,
    small_table,
    submit,
    wide_table,
)
from tests.factories.world import NOON, make_world
from thidua.audit.models import Action, Entry
from thidua.documents import storage
from thidua.documents.models import StoredFile
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim
from thidua.scoring import services
from thidua.scoring.models import CriterionScore, Evidence, ScoreSheet
from thidua.scoring.queries import evidence_used_elsewhere


def parts(score: CriterionScore) -> tuple[object, ...]:
    return (score.base, score.bonus, score.deduction, score.explanation)


def test_save_claim_keeps_points_and_explanation_and_records_both_values(one):
    sheet = sheet_of(one, 1)

    saved = save(sheet, "a1", one.officers[1], "2.5", None, "0.5", explanation="Đủ việc")

    assert parts(score_of(sheet, "a1")) == (Decimal("2.5"), None, Decimal("0.5"), "Đủ việc")
    assert (saved.version, saved.changed_by, saved.changed_at) == (2, one.officers[1], NOON)
    entry = Entry.objects.get(action=Action.SELF_SCORE_SAVED)
    assert entry.details == {
        "criterion": "A/a1",
        "old": {"base": None, "bonus": None, "deduction": None},
        "new": {"base": "2.5", "bonus": None, "deduction": "0.5"},
        "explanation": "Đủ việc",
    }


@pytest.mark.parametrize(
    ("code", "claim", "said"),
    [
        ("a1", ("3.01", None, None), "vượt mức tối đa 3"),
        ("a1", ("3", None, "1.6"), "vượt trần 1,5"),
        ("a1", ("3", "1", None), "không có điểm thưởng"),
        ("a2", ("4", "2.5", None), "vượt trần 2"),
        ("b2", ("1", None, None), "không có điểm chuẩn"),
        ("a1", ("-1", None, None), "từ 0 trở lên"),
        ("a1", ("0.0000001", None, None), "tối đa 6 chữ số thập phân"),
    ],
)
def test_save_claim_above_a_limit_is_refused_and_nothing_is_kept(one, code, claim, said):
    sheet = sheet_of(one, 1)

    with pytest.raises(RuleError, match=said):
        save(sheet, code, one.officers[1], *claim)

    assert parts(score_of(sheet, code)) == (None, None, None, "")
    assert not Entry.objects.filter(action=Action.SELF_SCORE_SAVED).exists()


def test_save_claim_for_another_unit_is_refused(one, world):
    sheet = sheet_of(one, 1)

    for person in (one.officers[2], one.lead_head, one.appraiser, world.superior):
        with pytest.raises(PermissionDenied):
            save(sheet, "a1", person, "1")


def test_R11_save_claim_again_with_the_same_content_is_one_change(one):
    sheet = sheet_of(one, 1)
    save(sheet, "a1", one.officers[1], "2", version=1)

    again = save(sheet, "a1", one.officers[1], "2", version=1)
    onwards = save(sheet, "a1", one.officers[1], "2", version=2)

    assert (again.version, onwards.version) == (2, 2)
    assert Entry.objects.filter(action=Action.SELF_SCORE_SAVED).count() == 1


def test_R08_save_claim_on_a_version_already_changed_shows_who_and_overwrites_nothing(one):
    sheet = sheet_of(one, 1)
    save(sheet, "a1", one.officers[1], "2", version=1)

    with pytest.raises(
        services.StaleVersion, match=r"Cán bộ Bình vừa sửa.* 12:00 02/03/2026"
    ) as info:
        save(sheet, "a1", one.heads[1], "3", version=1)

    assert info.value.current.base == 2
    assert score_of(sheet, "a1").base == 2


@pytest.mark.parametrize("seed", range(8))
def test_R08_random_schedules_never_overwrite_what_the_person_has_not_seen(one, seed):
    chance = random.Random(seed)
    sheet = sheet_of(one, 1)
    people = [one.officers[1], one.heads[1]]
    seen = {person.pk: (1, None) for person in people}

    for _ in range(30):
        person = chance.choice(people)
        stored = score_of(sheet, "a1")
        if chance.random() < 0.3:
            seen[person.pk] = (stored.version, stored.base)
            continue
        value = Decimal(chance.randint(0, 6)) / 2
        version, _ = seen[person.pk]
        try:
            saved = save(sheet, "a1", person, str(value), version=version)
        except services.StaleVersion as stale:
            saved = stale.current
            was_refused = True
        else:
            was_refused = False
        if was_refused:
            assert version != stored.version
            assert score_of(sheet, "a1").base == stored.base == saved.base
        else:
            # Saved on top of what was seen, or nothing changed at all.
            assert version == stored.version or stored.base == value
        seen[person.pk] = (saved.version, saved.base)

    changes = Entry.objects.filter(action=Action.SELF_SCORE_SAVED).count()
    assert score_of(sheet, "a1").version == 1 + changes


@pytest.mark.django_db(transaction=True)
def test_R10_34_parallel_saves_of_different_criteria_lose_nothing():
    world = make_world().one
    issue_table(world, wide_table(34))
    sheet = sheet_of(world, 1)
    keys = list(sheet.scores.order_by("criterion__order").values_list("pk", flat=True))
    start = threading.Barrier(8)

    def act(place: int) -> None:
        try:
            if place < 8:
                start.wait(20)
            services.save_claim(
                score=CriterionScore.objects.select_related("criterion", "sheet__membership").get(
                    pk=keys[place]
                ),
                claim=Claim(base=Decimal(place) / 100),
                explanation="",
                version=1,
                actor=world.officers[1],
                at=NOON,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(34)))

    stored = sheet.scores.order_by("criterion__order").values_list("base", "version")
    assert list(stored) == [(Decimal(place) / 100, 2) for place in range(34)]
    assert Entry.objects.filter(action=Action.SELF_SCORE_SAVED).count() == 34


@pytest.mark.django_db(transaction=True)
def test_R08_many_people_saving_the_same_version_at_once_one_wins():
    world = make_world().one
    issue_table(world)
    sheet = sheet_of(world, 1)

    def act(place: int) -> str:
        try:
            save(sheet, "a1", world.officers[1], str(Decimal(place) / 10), version=1)
        except services.StaleVersion:
            return "stale"
        finally:
            connection.close()
        return "saved"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(act, range(1, 9)))

    assert sorted(answers) == ["saved"] + ["stale"] * 7
    assert score_of(sheet, "a1").version == 2


def test_submit_self_score_locks_the_claims_with_their_points(one):
    sheet = submit(one, 1)

    assert (sheet.state, sheet.self_score) == (ScoreSheet.State.SUBMITTED, Decimal(10))
    assert [
        (score.criterion.code, score.self_points)
        for score in sheet.scores.select_related("criterion")
    ] == [("a1", 3), ("a2", 4), ("b1", 3), ("b2", 0)]
    entry = Entry.objects.get(action=Action.SELF_SCORE_SUBMITTED)
    assert (entry.actor, entry.details) == (one.heads[1], {"score": "10"})


def test_submit_self_score_by_the_officer_is_refused(one):
    with pytest.raises(PermissionDenied):
        services.submit_self_score(sheet=fill(one, 1), actor=one.officers[1], at=NOON)


def test_submit_self_score_by_another_units_head_is_refused(one):
    with pytest.raises(PermissionDenied):
        services.submit_self_score(sheet=fill(one, 1), actor=one.lead_head, at=NOON)


def test_submit_self_score_twice_is_refused(one):
    sheet = submit(one, 1)

    with pytest.raises(RuleError, match="đã được nộp"):
        services.submit_self_score(sheet=sheet, actor=one.heads[1], at=NOON)


def test_submit_self_score_with_missing_criteria_names_them(one):
    sheet = sheet_of(one, 1)
    save(sheet, "a1", one.officers[1], "3")
    save(sheet, "b1", one.officers[1], "3")

    with pytest.raises(RuleError, match="Còn 2 tiêu chí chưa chấm: a2, b2"):
        services.submit_self_score(sheet=sheet, actor=one.heads[1], at=NOON)


def test_submit_self_score_names_only_some_of_many_missing(world):
    issue_table(world.one, wide_table(40))

    with pytest.raises(RuleError, match=r"1\.10, 2\.1, 2\.2 và 28 tiêu chí khác"):
        services.submit_self_score(sheet=sheet_of(world.one, 1), actor=world.one.heads[1], at=NOON)


def test_acts_on_a_claim_after_submission_are_refused(one):
    sheet = submit(one, 1)

    with pytest.raises(RuleError, match="đã nộp nên không sửa được"):
        save(sheet, "a1", one.officers[1], "1")
    with pytest.raises(RuleError, match="đã nộp nên không sửa được"):
        services.add_evidence(
            score=score_of(sheet, "a1"),
            data=PDF,
            name="a.pdf",
            description="",
            actor=one.officers[1],
            at=NOON,
        )


def add(one, sheet, code="a1", data=PDF, name="bao-cao.pdf", member=1):
    return services.add_evidence(
        score=score_of(sheet, code),
        data=data,
        name=name,
        description="Báo cáo quý",
        actor=one.officers[member],
        at=NOON,
    )


def test_add_evidence_stores_content_under_its_sha256(one):
    sheet = sheet_of(one, 1)

    piece = add(one, sheet)

    assert storage.get(piece.file.sha256) == PDF
    assert (piece.file.received_at, piece.file.organisation) == (
        NOON,
        one.memberships[1].organisation,
    )
    assert Entry.objects.get(action=Action.EVIDENCE_ADDED).details == {
        "criterion": "A/a1",
        "file": "bao-cao.pdf",
        "sha256": storage.fingerprint(PDF),
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("tot.pdf", PDF), ("virus.exe", b"MZ\x90\x00")], "“virus.exe” không thuộc loại"),
        ([("tot.pdf", PDF), ("rong.pdf", b"")], "“rong.pdf” rỗng"),
        ([("tot.pdf", PDF), ("trung.pdf", PDF)], "“trung.pdf” đã có"),
        ([("anh.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")], "không thuộc loại"),
        ([("gia.pdf", b"<html>%PDF-</html>")], "không thuộc loại"),
    ],
)
def test_T14_refused_evidence_leaves_nothing(one, files_dir, files, said):
    sheet = sheet_of(one, 1)

    with pytest.raises(RuleError, match=said):
        services.add_evidence_files(
            score=score_of(sheet, "a1"),
            files=files,
            description="",
            actor=one.officers[1],
            at=NOON,
        )

    assert not Evidence.objects.exists()
    assert not StoredFile.objects.exists()
    assert not any(path.is_file() for path in files_dir.rglob("*"))


def test_T14_evidence_over_the_limit_is_refused(one, files_dir, settings):
    settings.EVIDENCE_LIMIT = 1024 * 1024

    with pytest.raises(RuleError, match="lớn hơn 1 MB"):
        add(one, sheet_of(one, 1), data=PDF + b"\x00" * 1024 * 1024)

    assert not any(path.is_file() for path in files_dir.rglob("*"))


def test_add_evidence_by_another_unit_is_refused(one):
    with pytest.raises(PermissionDenied):
        add(one, sheet_of(one, 1), member=2)


def test_remove_evidence_keeps_the_received_file_and_says_so_in_the_journal(one):
    piece = add(one, sheet_of(one, 1))

    services.remove_evidence(evidence=piece, actor=one.officers[1], at=NOON)

    assert not Evidence.objects.exists()
    assert StoredFile.objects.filter(sha256=piece.file.sha256).exists()
    assert Entry.objects.filter(action=Action.EVIDENCE_REMOVED).count() == 1


def test_R11_remove_evidence_twice_is_one_act(one):
    piece = add(one, sheet_of(one, 1))
    services.remove_evidence(evidence=piece, actor=one.officers[1], at=NOON)

    with pytest.raises(RuleError, match="đã được bỏ"):
        services.remove_evidence(evidence=piece, actor=one.officers[1], at=NOON)

    assert Entry.objects.filter(action=Action.EVIDENCE_REMOVED).count() == 1


def test_T04_the_same_file_in_two_units_is_flagged(one):
    mine, theirs = sheet_of(one, 1), sheet_of(one, 2)
    add(one, mine)
    add(one, mine, code="a2", data=PDF + b"%khac", name="khac.pdf")
    add(one, theirs, code="b1", name="ten-khac.pdf", member=2)

    before = evidence_used_elsewhere(mine)
    submit(one, 2)
    after = evidence_used_elsewhere(mine)

    # What the other unit has not handed in yet is not given away.
    assert before == {}
    assert after == {
        storage.fingerprint(PDF): ("Bình (tiêu chí a1)", "Cường (tiêu chí b1)"),
    }


def locked_values(sheet: ScoreSheet) -> list[tuple[object, ...]]:
    return [
        *sheet.scores.values_list("pk", "base", "bonus", "deduction", "explanation", "self_points"),
        *Evidence.objects.filter(score__sheet=sheet).values_list("pk", "file__sha256"),
        *ScoreSheet.objects.filter(pk=sheet.pk).values_list(
            "self_score", "submitted_by", "submitted_at"
        ),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_T03_random_calls_never_alter_a_locked_value(one, world, seed):
    chance = random.Random(seed)
    piece = add(one, sheet_of(one, 1))
    sheet = submit(one, 1)
    before = locked_values(sheet)
    final: list[tuple[object, ...]] | None = None
    people = [*one.heads, *one.officers, one.appraiser, world.superior, world.two.lead_head]

    def value(top: int = 8) -> str:
        return str(Decimal(chance.randint(0, top)) / 2)

    def call() -> None:
        person = chance.choice(people)
        score = score_of(sheet, chance.choice(["a1", "a2", "b1", "b2"]))
        claim = Claim(Decimal(value()), None, None)
        version = chance.choice([score.version, 1])
        common = {"actor": person, "at": NOON + timedelta(days=chance.randint(0, 9))}
        section = sheet.criteria_set.criteria.get(code=chance.choice(["A", "B"]))
        acts = [
            lambda: services.save_claim(
                score=score, claim=claim, explanation="x", version=version, **common
            ),
            lambda: services.add_evidence(
                score=score, data=PDF + value().encode(), name="x.pdf", description="", **common
            ),
            lambda: services.remove_evidence(evidence=piece, **common),
            lambda: services.submit_self_score(sheet=sheet, **common),
            lambda: services.appraise(
                score=score, claim=claim, reason="Lý do", version=version, **common
            ),
            lambda: services.explain(score=score, text="Giải trình", **common),
            lambda: services.complete_section(
                sheet=sheet, section=section, accept_rest=True, **common
            ),
            lambda: services.finalise_sheet(sheet=sheet, **common),
        ]
        with suppress(RuleError, PermissionDenied):
            chance.choice(acts)()

    for step in range(90):
        if step == 45:
            people.extend([one.appraiser] * 8 + [one.lead_head] * 4)
        call()
        assert locked_values(sheet) == before
        now = final_values(sheet)
        if final is not None:
            assert now == final
        elif ScoreSheet.objects.get(pk=sheet.pk).state == ScoreSheet.State.FINALISED:
            final = now


def final_values(sheet: ScoreSheet) -> list[tuple[object, ...]]:
    return [
        *sheet.scores.order_by("pk").values_list(
            "appraised_base", "appraised_bonus", "appraised_deduction", "reason", "reply", "points"
        ),
        *ScoreSheet.objects.filter(pk=sheet.pk).values_list("final_score", "finalised_by"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"base": Decimal(1)},
        {"bonus": Decimal(1)},
        {"deduction": Decimal(0)},
        {"explanation": "khác"},
        {"self_points": Decimal(9)},
        {"self_points": None},
    ],
)
def test_T03_the_database_refuses_to_change_a_submitted_claim(one, change):
    sheet = submit(one, 1)

    with pytest.raises(DatabaseError, match="đã nộp"), transaction.atomic():
        sheet.scores.filter(criterion__code="a1").update(**change)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scoring_scoresheet SET state = 'draft'",
        "UPDATE scoring_scoresheet SET self_score = 99",
        "UPDATE scoring_scoresheet SET membership_id = membership_id + 1",
        "DELETE FROM scoring_criterionscore",
        "DELETE FROM scoring_evidence",
        "UPDATE scoring_evidence SET description = 'khác'",
    ],
)
def test_T03_the_database_refuses_sql_on_a_submitted_sheet(one, statement):
    add(one, sheet_of(one, 1))
    sheet = submit(one, 1)
    where = {
        "scoring_scoresheet": f"id = {sheet.pk}",
        "scoring_criterionscore": f"sheet_id = {sheet.pk}",
        "scoring_evidence": "1 = 1",
    }
    table = next(name for name in where if name in statement)

    with (
        pytest.raises(DatabaseError, match="đã nộp"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"{statement} WHERE {where[table]}")


def test_T03_no_row_is_moved_into_what_is_locked(one):
    """A trigger that asks only where a row was would let evidence in after the deadline."""
    open_sheet, closed = sheet_of(one, 2), submit(one, 1)
    add(one, open_sheet, member=2)
    draft = import_table(one)
    stray = CriterionScore.objects.create(
        sheet=open_sheet, criterion=draft.criteria.filter(is_leaf=True).first()
    )
    attempts = [
        (Evidence.objects.all(), {"score": score_of(closed, "b1")}),
        (CriterionScore.objects.filter(pk=stray.pk), {"sheet": closed}),
        (
            draft.criteria.filter(path="B/b1"),
            {"criteria_set": closed.criteria_set, "path": "B/b9", "order": 99},
        ),
    ]

    for rows, change in attempts:
        with pytest.raises(DatabaseError, match="không thay đổi được"), transaction.atomic():
            rows.update(**change)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scoring_criteriaset SET scale = 200",
        "DELETE FROM scoring_criteriaset",
        "UPDATE scoring_criterion SET maximum = 100",
        "DELETE FROM scoring_criterion",
        "INSERT INTO scoring_criterion SELECT id + 1000, path || 'x', \"order\" + 1000, code,"
        " title, maximum, has_bonus, bonus_cap, has_deduction, deduction_cap, net_cap, guidance,"
        " bonus_guidance, deduction_guidance, evidence, appraised_by, rule, is_leaf,"
        " criteria_set_id, parent_id FROM scoring_criterion",
    ],
)
def test_T03_the_database_refuses_sql_on_an_issued_table(one, statement):
    with (
        pytest.raises(DatabaseError, match="Bảng điểm đã ban hành"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_small_table_is_what_these_tests_count_on():
    assert [leaf.code for leaf in small_table().leaves()] == ["a1", "a2", "b1", "b2"]


def test_T04_evidence_of_another_year_is_marked_on_the_page(one, client_of):
    sheet = sheet_of(one, 1)
    for name, day in (("nam-nay.pdf", date(one.year.year, 3, 1)), ("nam-cu.pdf", date(2001, 3, 1))):
        services.add_evidence(
            score=score_of(sheet, "a1"),
            data=PDF + name.encode(),
            name=name,
            description="",
            dated_on=day,
            actor=one.officers[1],
            at=NOON,
        )

    page = client_of(one.officers[1]).get(reverse("scoring:sheet", args=[one.year.pk, sheet.pk]))

    assert page.content.decode().count("ngoài năm thi đua") == 1
    assert (
        f"Tài liệu ghi ngày 01/03/2001, ngoài năm thi đua {one.year.year}." in page.content.decode()
    )
