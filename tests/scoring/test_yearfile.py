"""The year file of real records: gathered, whole, the same twice, checked by the command line."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.scoring import (
    decide,
    finalise,
    name_appraiser,
    save,
    score_of,
    sheet_of,
    submit,
)
from tests.factories.world import NOON
from tests.rules.ruled_cluster import TABLE
from thidua import cli
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.verification import differences
from thidua.rules.scoring.yearfile import read_year
from thidua.scoring import services
from thidua.scoring.models import CriteriaSet, TieDecision, UnitTerms
from thidua.scoring.queries import ranking
from thidua.scoring.services import claims
from thidua.scoring.services.locks import store_points
from thidua.scoring.tables import store_table
from thidua.scoring.yearfiles import year_content, year_file

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def unit(content, one, member):
    key = str(one.memberships[member].pk)
    return next(each for each in content["units"] if each["key"] == key)


def test_year_file_of_sheets_at_every_stage_has_no_difference(one):
    finalise(one, 1, "A", "B")
    sheet = submit(one, 2)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")
    save(sheet_of(one, 0), "a1", one.officers[0], "1.5")

    content = read_year(year_file(one.year))

    assert differences(content) == []
    final, submitted, draft = (unit(content, one, member) for member in (1, 2, 0))
    assert final["results"]["decided"]["points"]["A/a2"] == "4"
    assert (final["results"]["decided"]["total"], final["results"]["placing"]["place"]) == ("10", 1)
    assert final["results"]["decided"]["traces"]["A/a1"] == [
        "a1: 3 − 0 = 3; tối đa 3; trần điểm trừ 1,5."
    ]
    assert submitted["decided"]["claims"]["A/a1"]["reason"] == "Một việc chậm"
    assert submitted["results"]["decided"] is None
    # A draft is the unit's own business: no claim, no figure, no history of it leaves.
    assert draft == {
        "key": str(one.memberships[0].pk),
        "name": one.memberships[0].organisation.full_name,
        "state": "draft",
        "terms": {"targets": {}, "not_assigned": [], "tiers": {}, "group": ""},
        "results": None,
    }


def test_year_file_tells_who_when_old_new_and_why(one):
    sheet = submit(one, 1)
    decide(sheet, "a1", one.appraiser, "2", reason="Một việc chậm")

    history = unit(year_content(one.year), one, 1)["history"]

    assert [each["action"] for each in history[-2:]] == ["self_score_submitted", "appraised"]
    assert history[-1]["by"] == one.appraiser.full_name
    assert history[-1]["at"] == "2026-03-02T07:00:00.000000+00:00"
    assert history[-1]["details"]["new"]["base"] == "2"
    assert history[-1]["details"]["reason"] == "Một việc chậm"


def test_year_file_names_evidence_by_its_fingerprint_and_holds_no_bytes(one):
    score = score_of(sheet_of(one, 1), "a1")
    evidence = services.add_evidence(
        score=score, data=PDF, name="bao-cao.pdf", description="", actor=one.officers[1], at=NOON
    )
    submit(one, 1)

    data = year_file(one.year)

    assert unit(read_year(data), one, 1)["evidence"] == {
        "A/a1": [
            {
                "name": "bao-cao.pdf",
                "sha256": evidence.file.sha256,
                "size": len(PDF),
                "description": "",
            }
        ]
    }
    assert b"%PDF" not in data


def test_year_file_is_the_same_twice_in_a_fixed_number_of_queries(one):
    submit(one, 1)
    with CaptureQueriesContext(
        connection,
    ) as first:
        once = year_file(one.year)
    assert year_file(one.year) == once
    submit(one, 2)
    submit(one, 0)

    with CaptureQueriesContext(connection) as second:
        year_file(one.year)

    assert len(first) == len(second) <= 12


def test_T04_points_changed_behind_the_product_are_found(one):
    sheet = finalise(one, 1, "A", "B")
    content = year_content(one.year)
    unit(content, one, 1)["results"]["decided"]["points"]["A/a1"] = "2"

    found = [each for each in differences(content) if each.unit]

    name = sheet.membership.organisation.full_name
    assert [each.sentence for each in found] == [
        f"{name}, thẩm định, điểm tiêu chí A/a1: tệp ghi 2, tính lại 3."
    ]


def test_year_file_takes_points_from_the_records_not_from_the_computation(one, monkeypatch):
    def store_wrongly(sheet, result, name, of):
        store_points(
            sheet, result, name, lambda leaf: Decimal("2.5") if leaf.path == "A/a1" else of(leaf)
        )

    monkeypatch.setattr(claims, "store_points", store_wrongly)
    submit(one, 1)

    found = differences(read_year(year_file(one.year)))

    assert [(each.path, each.stored, each.recomputed) for each in found] == [
        ("claimed.points.A/a1", "2.5", "3")
    ]


def test_year_file_before_a_table_is_in_force_is_refused(world):
    with pytest.raises(RuleError, match="chưa ban hành bảng điểm"):
        year_file(world.two.year)


FACTS = {
    "thu": "97",
    "phai_thu": "100",
    "cuoc": "12",
    "vi_pham": "1",
    "ngay_nop": "2026-01-12",
    "han_nop": "2026-01-10",
    "co_bien_gioi": "no",
    "muc": "Đạt",
    "khen": "yes",
}


@pytest.fixture
def ruled(world):
    """A table with rules of every kind in force; the second and third unit have targets."""
    one = world.one
    criteria_set = CriteriaSet(
        year=one.year, number=1, imported_at=NOON, imported_by=one.lead_officer
    )
    store_table(criteria_set, TABLE)
    services.issue_scale(criteria_set=criteria_set, actor=one.lead_head, at=NOON)
    for number, member in enumerate(one.memberships):
        UnitTerms.objects.create(
            criteria_set=criteria_set,
            membership=member,
            targets={"ty_le": "90"} if number else {},
            not_assigned=["3"] if number == 2 else [],
        )
    name_appraiser(one, "1", "2", "3", "4", "5")
    return one


def hand_in(one, member):
    """Figures and claims as the unit reports them; it asks for more than its level gives."""
    sheet = sheet_of(one, member)
    given = {**FACTS, "cuoc": str(12 - 3 * member)}
    homes = homes_of(TABLE)
    for score in sheet.scores.select_related("criterion", "sheet__membership__year"):
        path = score.criterion.path
        services.save_claim(
            score=score,
            claim=Claim({"4": Decimal(3), "5": Decimal(2)}.get(path)),
            explanation="Theo biên bản" if path == "4" else "",
            version=score.version,
            actor=one.officers[member],
            at=NOON,
            facts={each.key: given[each.key] for each in homes.own[path] if each.key in given},
        )
    services.save_sheet_facts(
        sheet=sheet_of(one, member),
        facts={each.key: given[each.key] for each in homes.sheet if each.key in given},
        version=1,
        actor=one.officers[member],
        at=NOON,
    )
    return services.submit_self_score(sheet=sheet, actor=one.heads[member], at=NOON)


def appraise_all(one, member):
    sheet = sheet_of(one, member)
    decide(sheet, "4", one.appraiser, reason="Theo mức đạt")
    decide(sheet, "5", one.appraiser, "1", reason="Chưa đủ")
    for section in sheet.criteria_set.criteria.filter(parent=None):
        services.complete_section(
            sheet=sheet, section=section, accept_rest=True, actor=one.appraiser, at=NOON
        )
    sheet = sheet_of(one, member)
    services.decide_sheet_facts(
        sheet=sheet,
        facts=sheet.facts,
        reason="",
        version=sheet.facts_version,
        actor=one.lead_head,
        at=NOON,
    )


def test_year_file_of_ruled_points_recomputes_with_leaders_awards_and_decisions(ruled):
    for member in range(3):
        hand_in(ruled, member)
    assert differences(read_year(year_file(ruled.year))) == []
    for member in range(3):
        appraise_all(ruled, member)
    assert differences(read_year(year_file(ruled.year))) == []
    services.finalise_sheet(sheet=sheet_of(ruled, 0), actor=ruled.lead_head, at=NOON)
    TieDecision.objects.create(
        criteria_set=sheet_of(ruled, 0).criteria_set,
        order=[member.pk for member in ruled.memberships],
        reason="Biểu quyết",
        decided_by=ruled.lead_head,
        decided_at=NOON,
    )

    whole = read_year(year_file(ruled.year))

    assert differences(whole) == []
    assert whole["leads"] == {"claimed": False, "decided": True}
    results = [unit(whole, ruled, member)["results"] for member in range(3)]
    first, _, third = results
    # Twelve cases lead, nine and six follow; one breach takes 0.5, twelve cases add 2 · 0.5 – but
    # only without a breach.
    assert [each["decided"]["points"]["1/c"] for each in results] == ["4.5", "3.25", "2"]
    assert first["claimed"]["points"]["1/c"] is None
    assert (first["claimed"]["points"]["4"], first["claimed"]["allowed"]["4"]) == ("3", "1.5")
    assert (first["decided"]["points"]["5"], third["decided"]["maximum"]) == ("1", "30")
    assert first["placing"]["award"] == "2"
    assert whole["ties"][0]["by"] == ruled.lead_head.full_name


def test_year_file_places_agree_with_the_ranking_on_screen(ruled):
    for member in range(3):
        hand_in(ruled, member)
    for member in range(3):
        appraise_all(ruled, member)
    services.finalise_sheet(sheet=sheet_of(ruled, 0), actor=ruled.lead_head, at=NOON)

    placed = {each["key"]: each["results"]["placing"] for each in year_content(ruled.year)["units"]}

    assert {
        str(each.sheet.membership_id): (each.place, each.total, each.grade)
        for each in ranking(ruled.year)
    } == {
        key: (each["place"], Decimal(each["total"]), each["class"]) for key, each in placed.items()
    }


def run(capsys, *argv):
    status = cli.run([str(each) for each in argv])
    return status, capsys.readouterr()


@pytest.fixture
def no_setup(monkeypatch):
    """Django is set up already."""
    monkeypatch.setattr(cli, "_set_up_django", lambda: None)


@pytest.mark.usefixtures("no_setup")
def test_export_and_verify_by_the_command_line(one, tmp_path, capsys):
    finalise(one, 1, "A", "B")
    path = tmp_path / "nam-2026.json"
    name = one.year.cluster.short_name

    exported, said = run(capsys, "year", "export", "2026", "--cluster", name, "--out", path)
    verified, answer = run(capsys, "verify", path, "--json")

    assert (exported, verified) == (0, 0)
    assert f"thidua verify {path}" in said.out
    report = json.loads(answer.out)
    assert (report["units"], report["points"], report["differences"]) == (3, 8, [])
    assert path.read_bytes() == year_file(one.year)


@pytest.mark.usefixtures("no_setup")
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("1999",), "Không có năm thi đua 1999."),
        (("2026",), "có nhiều cụm"),
        (("2026", "--cluster", "Không có"), "của cụm “Không có”"),
    ],
)
def test_export_of_an_unknown_year_is_refused(one, tmp_path, capsys, argv, said):
    status, answer = run(capsys, "year", "export", *argv, "--out", tmp_path / "x.json")

    assert status == 1
    assert said in answer.err
    assert not (tmp_path / "x.json").exists()


@pytest.mark.usefixtures("no_setup")
def test_export_where_nothing_can_be_written_is_refused(one, tmp_path, capsys):
    name = one.year.cluster.short_name

    status, answer = run(
        capsys, "year", "export", "2026", "--cluster", name, "--out", tmp_path / "a" / "b.json"
    )

    assert status == 1
    assert "Không ghi được tệp" in answer.err
