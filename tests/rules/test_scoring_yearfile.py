"""The year file: whole as written, and every change to it is found."""

import copy
import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.ruled_cluster import TABLE, YEAR, members
from thidua import cli
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Unit, fingerprint, table_from_data, table_to_data, yearfile
from thidua.rules.scoring.cluster import Cluster, Member
from thidua.rules.scoring.verification import Difference, checked_points, differences
from thidua.rules.scoring.yearfile import (
    digest,
    points_to_data,
    read_year,
    recompute,
    write_year,
)

slow = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def unit_data(key, member, state="finalised"):
    claims = {
        path: {
            "base": points_to_data(each.base),
            "bonus": points_to_data(each.bonus),
            "deduction": points_to_data(each.deduction),
        }
        for path, each in member.claims.items()
    }
    side = {"facts": dict(member.facts), "claims": claims}
    return {
        "key": str(key),
        "name": f"Đơn vị {key}",
        "state": state,
        "terms": {
            "targets": {name: str(target) for name, target in member.unit.targets.items()},
            "not_assigned": sorted(member.unit.not_assigned),
            "tiers": dict(member.unit.tiers),
            "group": member.unit.group,
        },
        "claimed": copy.deepcopy(side),
        "decided": side,
        "evidence": {"5": [{"name": "a.pdf", "sha256": "0" * 64, "size": 3}]},
        "history": [{"at": "2026-11-20T02:00:00+00:00", "by": "An", "details": {"old": "1"}}],
    }


def year_of(units, ties=()):
    """A whole content as an export makes it."""
    content = {
        "cluster": "Cụm thử",
        "year": YEAR,
        "table": table_to_data(TABLE),
        "fingerprint": fingerprint(TABLE),
        "leads": {"claimed": False, "decided": True},
        "units": units,
        "ties": list(ties),
    }
    computed = recompute(content)
    for unit in units:
        unit["results"] = computed[unit["key"]]
    return read_year(write_year(content))


def full(cuoc="12", group="", **facts):
    given_facts = {
        "thu": "97",
        "phai_thu": "100",
        "cuoc": cuoc,
        "ngay_nop": "2026-01-10",
        "han_nop": "2026-01-10",
        "co_bien_gioi": "no",
        "muc": "Tốt",
        **facts,
    }
    return Member({"5": Claim(Decimal(2))}, given_facts, Unit(group=group))


def remade(content):
    """The tamperer knows how the digest is made."""
    return {**content, "sha256": digest(content)}


def test_a_file_reads_back_and_has_no_difference():
    content = year_of([unit_data(1, full()), unit_data(2, full("6"))])

    assert differences(content) == []
    assert write_year(content) == write_year(dict(reversed(content.items())))
    assert checked_points(content) == 2 * 2 * 8
    first, second = (unit["results"] for unit in content["units"])
    assert (first["decided"]["points"]["1/c"], second["decided"]["points"]["1/c"]) == ("6", "2.5")
    assert (first["placing"]["place"], second["placing"]["place"]) == (1, 2)
    assert first["placing"]["class"] == "Tốt"
    # While others had not handed in, nobody could know who leads.
    assert first["claimed"]["points"]["1/c"] is None
    assert "chờ số liệu" in first["claimed"]["traces"]["1/c"][-1]


def test_points_follow_the_cluster_the_file_was_made_from():
    units = {"1": full(), "2": full("6")}
    content = year_of([unit_data(key, unit) for key, unit in units.items()])

    found = Cluster(TABLE, YEAR, units).results()

    for unit in content["units"]:
        result = found[unit["key"]]
        assert unit["results"]["decided"]["points"] == {
            path: points_to_data(leaf.points) for path, leaf in result.leaves.items()
        }
        assert unit["results"]["decided"]["total"] == points_to_data(result.rounded)


def test_a_unit_that_has_not_handed_in_has_no_results_and_one_not_final_no_place():
    draft = {key: unit_data(3, full())[key] for key in ("key", "name", "terms")}
    content = year_of(
        [unit_data(1, full()), unit_data(2, full(), "submitted"), {**draft, "state": "draft"}]
    )

    assert differences(content) == []
    assert [unit["results"] is None for unit in content["units"]] == [False, False, True]
    waiting = content["units"][1]["results"]
    assert waiting["decided"] is None
    assert waiting["placing"]["place"] is None
    assert waiting["placing"]["trace"] == ["Bảng chấm điểm chưa chốt nên chưa xếp hạng."]


def test_places_count_inside_groups_and_a_decision_parts_the_equal():
    twins = [unit_data(1, full()), unit_data(2, full()), unit_data(3, full(group="B"))]
    word = {"order": ["2", "1"], "reason": "Biểu quyết", "by": "An", "at": None}

    open_, decided = year_of(copy.deepcopy(twins)), year_of(twins, [word])

    assert [unit["results"]["placing"]["place"] for unit in open_["units"]] == [1, 1, 1]
    assert [unit["results"]["placing"]["place"] for unit in decided["units"]] == [2, 1, 1]
    assert "Biểu quyết" in " ".join(decided["units"][0]["results"]["placing"]["trace"])


def test_a_closed_gate_takes_the_place_and_an_award_adds_to_the_total():
    content = year_of([unit_data(1, full(vi_pham="9")), unit_data(2, full(khen="yes"))])

    gated, awarded = (unit["results"]["placing"] for unit in content["units"])

    assert (gated["place"], gated["class"]) == (None, None)
    assert "Quá 8 vi phạm" in " ".join(gated["trace"])
    assert awarded["award"] == "2"
    own = content["units"][1]["results"]["decided"]["total"]
    assert Decimal(awarded["total"]) == Decimal(own) + 2


def scalars(value, path=()):
    """Every place of the file that holds one value."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from scalars(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from scalars(each, (*path, number))
    else:
        yield path


def put(content, path, value):
    changed = copy.deepcopy(content)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def is_found(content):
    try:
        return bool(differences(content))
    except RuleError:
        return True


WHOLE = year_of([unit_data(1, full()), unit_data(2, full("6", vi_pham="2"))])
VALUES = st.sampled_from(["7", "x", "", None, 3, "yes", [], {}, True])


def value_at(path):
    at = WHOLE
    for step in path:
        at = at[step]
    return at


def is_other(old, new):
    return (type(old), old) != (type(new), new)


@settings(slow, max_examples=60)
@given(st.sampled_from(list(scalars(WHOLE))), VALUES)
def test_T04_any_one_value_changed_is_found(path, value):
    old = value_at(path)

    if is_other(old, value):
        assert is_found(put(WHOLE, path, value))


@settings(slow, max_examples=60)
@given(
    st.sampled_from([path for path in scalars(WHOLE) if "results" in path or "table" in path]),
    VALUES,
)
def test_T04_points_reasons_and_table_changed_are_found_though_the_digest_is_made_anew(path, value):
    old = value_at(path)

    if is_other(old, value):
        assert is_found(remade(put(WHOLE, path, value)))


@slow
@given(st.lists(members, min_size=1, max_size=3), st.integers(0, 2), members)
def test_T04_figures_that_give_other_points_are_found_though_the_digest_is_made_anew(
    units, number, other
):
    content = year_of([unit_data(key, unit) for key, unit in enumerate(units)])
    assert differences(content) == []

    changed = copy.deepcopy(content)
    unit = changed["units"][number % len(units)]
    unit["decided"] = unit_data(0, other)["decided"]

    same = recompute(changed) == recompute(content)
    assert (differences(remade(changed)) == []) is same


def test_T04_another_table_with_its_own_fingerprint_gives_other_points():
    changed = copy.deepcopy(WHOLE)
    changed["table"]["nodes"][0]["children"][2]["maximum"] = "9"
    bands = changed["table"]["rules"]["bands"]["bac"]
    bands[2]["points"] = "3"
    changed["fingerprint"] = fingerprint(table_from_data(changed["table"]))

    found = differences(remade(changed))

    assert Difference("Đơn vị 1", ("decided", "points", "1/a"), "4", "3") in found
    assert {each.unit for each in found} == {"Đơn vị 1", "Đơn vị 2"}


def test_a_difference_names_unit_place_and_both_values():
    path = ("units", 0, "results", "decided", "points", "1/a")

    (found,) = differences(remade(put(WHOLE, path, "3.5")))

    assert found.sentence == "Đơn vị 1, thẩm định, điểm tiêu chí 1/a: tệp ghi 3.5, tính lại 4."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"format": "thidua-nam-diem-2"}',
        b'{"format": "thidua-nam-diem-1", "format": "thidua-nam-diem-1"}',
        b'{"format": "thidua-nam-diem-1", "year": NaN}',
    ],
)
def test_what_is_no_year_file_is_refused(data):
    with pytest.raises(RuleError, match="không phải là tệp dữ liệu năm"):
        read_year(data)


def test_a_file_larger_than_any_year_is_not_even_read(monkeypatch):
    monkeypatch.setattr(yearfile, "LARGEST", 10)

    with pytest.raises(RuleError, match="quá lớn"):
        read_year(write_year(WHOLE))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("table",), None, "hỏng"),
        (("table", "scale"), "1e999999999", "số không dùng được"),
        (("table", "rules", "bands", "bac", 0, "low"), "9E+99999999", "số không dùng được"),
        (("units",), 5, "hỏng"),
        (("units", 0), "x", "hỏng"),
        (("units", 1, "key"), "1", "nhiều lần"),
        (("units", 0, "name"), "\ud800", "hỏng"),
        (("units", 0, "decided", "facts", "cuoc"), "1e9999999", "phải là một số"),
        (("units", 0, "decided", "facts", "cuoc"), "1e10", "quá lớn"),
        (("units", 0, "decided", "facts", "cuoc"), "năm", "phải là một số"),
        (("units", 0, "decided", "facts", "ty_le"), "5", "không có số liệu “ty_le”"),
        (("units", 0, "decided", "claims", "5", "base"), "1e99999999", "phải là một số"),
        (("units", 0, "decided", "claims", "9"), {}, "không có tiêu chí"),
        (("units", 0, "terms", "targets"), [], "hỏng"),
        (("year",), "hai", "hỏng"),
    ],
)
def test_a_damaged_file_is_refused_with_a_sentence(path, value, said):
    with pytest.raises(RuleError, match=said):
        differences(put(WHOLE, path, value))


def run(capsys, *argv):
    status = cli.run(["verify", *map(str, argv)])
    return status, capsys.readouterr()


def test_verify_says_no_difference_with_exit_0(tmp_path, capsys):
    path = tmp_path / "nam.json"
    path.write_bytes(write_year(WHOLE))

    status, said = run(capsys, path)

    assert status == 0
    assert said.out.splitlines() == [
        "Cụm thử, năm 2026: đã tính lại 32 điểm tiêu chí.",
        f"Mã băm SHA-256 của nội dung: {WHOLE['sha256']}",
        "0 khác biệt",
    ]


def test_verify_lists_each_difference_with_exit_1(tmp_path, capsys):
    path = tmp_path / "nam.json"
    changed = put(WHOLE, ("units", 0, "results", "placing", "place"), 2)
    path.write_text(json.dumps(remade(changed)))

    status, said = run(capsys, path)
    machine_status, machine = run(capsys, path, "--json")

    assert (status, machine_status) == (1, 1)
    assert said.out.splitlines()[0] == "Đơn vị 1, cuối năm, hạng: tệp ghi 2, tính lại 1."
    assert said.out.splitlines()[-1] == "1 khác biệt"
    report = json.loads(machine.out)
    assert (report["units"], report["points"]) == (2, 32)
    assert report["differences"] == [
        {
            "unit": "Đơn vị 1",
            "path": "placing.place",
            "stored": "2",
            "recomputed": "1",
            "sentence": "Đơn vị 1, cuối năm, hạng: tệp ghi 2, tính lại 1.",
        }
    ]


def test_verify_of_what_cannot_be_read_leaves_with_exit_2(tmp_path, capsys):
    path = tmp_path / "khong.json"
    assert run(capsys, path)[0] == 2
    path.write_text("{}")

    status, said = run(capsys, path)
    machine_status, machine = run(capsys, path, "--json")

    assert (status, machine_status) == (2, 2)
    assert "không phải là tệp dữ liệu năm" in said.err
    assert "không phải là tệp dữ liệu năm" in json.loads(machine.out)["error"]
