"""The organisations that come with the product, before and after 2025-07-01."""

from datetime import date

from thidua.organisations.loading import load_organisations
from thidua.organisations.models import Cluster, Organisation, Succession

NINE = {
    "Vĩnh Phúc",
    "Bắc Ninh",
    "Quảng Ninh",
    "Hải Dương",
    "Hưng Yên",
    "Thái Bình",
    "Hà Nam",
    "Nam Định",
    "Ninh Bình",
}
SIX = {"Phú Thọ", "Bắc Ninh", "Quảng Ninh", "Hải Phòng", "Hưng Yên", "Ninh Bình"}
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def existing(day):
    found = Organisation.objects.existing_on(day).filter(kind="provincial_inspectorate")
    return set(found.values_list("short_name", flat=True))


def test_load_has_the_nine_before_and_their_six_successors_after(db):
    loaded = load_organisations()

    assert existing(BEFORE) >= NINE
    assert existing(AFTER) == SIX
    assert set(loaded.after) == SIX
    followed = {
        successor.short_name
        for name in NINE
        for link in loaded.before[name].successions.all()
        for successor in [link.successor]
    }
    # Quảng Ninh went on as it was, so nothing followed it.
    assert followed == SIX - {"Quảng Ninh"}
    assert loaded.before["Quảng Ninh"] == loaded.after["Quảng Ninh"]


def test_load_links_each_successor_to_where_it_came_from(db):
    load_organisations()

    links = {
        (link.predecessor.short_name, link.successor.short_name): link
        for link in Succession.objects.select_related("predecessor", "successor")
    }
    assert set(links) == {
        ("Phú Thọ", "Phú Thọ"),
        ("Vĩnh Phúc", "Phú Thọ"),
        ("Hòa Bình", "Phú Thọ"),
        ("Bắc Ninh", "Bắc Ninh"),
        ("Bắc Giang", "Bắc Ninh"),
        ("Hải Phòng", "Hải Phòng"),
        ("Hải Dương", "Hải Phòng"),
        ("Hưng Yên", "Hưng Yên"),
        ("Thái Bình", "Hưng Yên"),
        ("Ninh Bình", "Ninh Bình"),
        ("Hà Nam", "Ninh Bình"),
        ("Nam Định", "Ninh Bình"),
    }
    for link in links.values():
        assert (link.kind, link.on) == ("merge", AFTER)
        assert "202/2025/QH15" in link.source
        assert link.predecessor.valid_to == BEFORE
        assert link.successor.valid_from == AFTER


def test_load_names_the_city_a_city_and_the_province_a_province(db):
    loaded = load_organisations()

    assert loaded.after["Hải Phòng"].full_name == "Thanh tra thành phố Hải Phòng"
    assert loaded.before["Nam Định"].full_name == "Thanh tra tỉnh Nam Định"
    assert loaded.before["Nam Định"].governing_body == "Ủy ban nhân dân tỉnh Nam Định"


def test_load_puts_the_department_under_the_centre_and_the_centre_over_the_cluster(db):
    loaded = load_organisations()

    assert loaded.by_key["vu-tccb"].parent == loaded.by_key["ttcp"]
    assert loaded.clusters["cum-2"].superior == loaded.by_key["ttcp"]


def test_load_says_what_is_not_verified(db):
    loaded = load_organisations()

    assert "chưa xác minh" in loaded.before["Nam Định"].source


def test_load_twice_is_loading_once(db):
    load_organisations()
    counted = [model.objects.count() for model in (Organisation, Succession, Cluster)]
    first = list(Organisation.objects.order_by("pk").values())

    load_organisations()

    assert [m.objects.count() for m in (Organisation, Succession, Cluster)] == counted
    assert list(Organisation.objects.order_by("pk").values()) == first


def test_load_keeps_what_an_administrator_changed(db):
    load_organisations()
    Organisation.objects.filter(short_name="Nam Định").update(place="TP. Nam Định")

    load_organisations()

    assert Organisation.objects.get(short_name="Nam Định").place == "TP. Nam Định"
