"""Indicators across circulars: only what is sure has a successor, and sums stay honest."""

import tomllib
from decimal import Decimal

import pytest

from thidua.rules.reporting import Amount, Filled, edition
from thidua.rules.reporting.catalogue import DATA
from thidua.rules.reporting.mapping import carried_over, filled_in, successor

OLD, NEW = "TT01-2024", "TT06-2025"


def amount(number):
    return Amount(Decimal(number))


def _lines():
    for step in tomllib.loads((DATA / "mapping.toml").read_text("utf-8"))["steps"]:
        for new, old in step["keys"].items():
            yield pytest.param(step, new, old, id=new)


@pytest.mark.parametrize(("step", "new", "old"), list(_lines()))
def test_every_line_maps_like_to_like(step, new, old):
    now, then = edition(step["to"]).indicator(new), edition(step["from"])

    assert step["mark"] == "D"
    for key in old:
        before = then.indicator(key)
        assert (before.measure, before.behaviour) == (now.measure, now.behaviour)
        # General knowledge is no ground for a comparison.
        assert before.mark != "G"


@pytest.mark.parametrize(
    ("start", "key", "to", "found"),
    [
        (OLD, "tt01-tcd1-luot", NEW, "tcd1-luot"),
        (OLD, "tt01-kqgq2-quyet-dinh-xong", NEW, "kqth5-quyet-dinh-xong"),
        ("TT02-2021", "tt02-tcd1-luot", OLD, "tt01-tcd1-luot"),
        ("TT02-2021", "tt02-tcd1-luot", NEW, "tcd1-luot"),
        (NEW, "tcd1-luot", NEW, "tcd1-luot"),
        # Part of a sum, no successor, another thing, no way back.
        (OLD, "tt01-tcd1-thuong-xuyen-lan-dau", NEW, None),
        (OLD, "tt01-kqgq1-dung-han", NEW, None),
        (OLD, "tt01-tcd1-thu-truong-ky", NEW, None),
        (NEW, "tcd1-luot", OLD, None),
        ("TT02-2021", "tt02-tcd1-luot", "TT99-2099", None),
        (OLD, "rieng-01-gu-sang-kien", NEW, "rieng-01-gu-sang-kien"),
    ],
)
def test_successor_is_sure_or_none(start, key, to, found):
    assert successor(start, key, to) == found


def test_a_form_that_did_not_change_maps_column_by_column():
    old = [each.key for each in edition("TT02-2021").template("tt02-tcd1").numbers]

    new = [successor("TT02-2021", key, OLD) for key in old]

    assert new == [each.key for each in edition(OLD).template("tt01-tcd1").numbers]


def test_figures_are_carried_over_and_a_sum_with_a_gap_has_no_data():
    values = {
        "tt01-tcd1-luot": amount(7),
        "tt01-tcd1-thuong-xuyen-lan-dau": amount(3),
        "tt01-tcd1-thuong-xuyen-nhieu-lan": amount(2),
        "tt01-tcd1-thu-truong-lan-dau": amount(1),
        "tt01-kqgq1-dung-han": amount(9),
        "rieng-01-gu-sang-kien": amount(4),
    }

    now = carried_over(values, OLD, NEW)

    assert {key: str(each) for key, each in now.items() if each} == {
        "tcd1-luot": "7",
        "tcd1-thuong-xuyen-vu-viec": "5",
        "rieng-01-gu-sang-kien": "4",
    }
    assert now["tcd1-thu-truong-vu-viec"] is None


def test_where_there_is_no_way_only_own_figures_stay():
    values = {"tcd1-luot": amount(7), "rieng-x-y": amount(1)}

    assert carried_over(values, NEW, OLD) == {"rieng-x-y": amount(1)}


def test_lists_are_not_carried_over_but_a_clusters_own():
    rows = [{"a": "b"}]
    filled = Filled({}, {"pctn2": rows, "rieng-x": rows})

    assert filled_in(filled, OLD, NEW).lists == {"rieng-x": rows}
    assert filled_in(filled, NEW, NEW) is filled
