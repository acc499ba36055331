"""The administrator's pages of organisations and clusters."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.world import Role, assign, make_organisation, make_user
from tests.movements.browser import Browser, words
from thidua.audit.models import Action, Entry
from thidua.organisations.models import Cluster, Organisation, Succession


def page(name, *args):
    return reverse(f"organisations:{name}", args=args)


@pytest.fixture
def admin(world):
    return Browser(world.administrator)


def listed(browser, query=""):
    context = browser.get(f"{page('structure')}{query}").context
    return [organisation.short_name for organisation in context["organisations"]]


def test_T01_pages_of_structure_exist_for_the_administrator_only(world):
    pages = [
        page("structure"),
        page("organisation_new"),
        page("succession_new"),
        page("cluster_new"),
        page("organisation_end", world.centre.pk),
    ]
    for user in (world.one.lead_head, world.superior, world.one.appraiser, world.stranger):
        browser = Browser(user)
        assert {browser.get(address).status_code for address in pages} == {404}
        assert {browser.post(address).status_code for address in pages} == {404}

    assert {Browser(world.administrator).get(address).status_code for address in pages} == {200}


def test_structure_lists_what_exists_today_and_every_cluster(world, admin):
    make_organisation("Đã hết", valid_to=date(2025, 6, 30))
    make_organisation("Đồng Nai")
    Cluster.objects.create(name="Cụm ba", short_name="Cụm 3", superior=world.centre)

    answer = admin.get(page("structure"))

    assert listed(admin) == [
        "An",
        "Bình",
        "Bộ khác",
        "Cường",
        "Đồng Nai",
        "Phú",
        "Quý",
        "TTCP",
        "Vụ TCCB",
    ]
    assert {c.name: c.year_count for c in answer.context["clusters"]} == {
        "Cụm một": 1,
        "Cụm hai": 1,
        "Cụm ba": 0,
    }
    assert "(không bắt buộc)" not in words(answer)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?name=CUONG", ["Cường"]),
        ("?name=tỉnh+lâm", []),
        ("?name=het&day=30/06/2025", ["Đã hết"]),
        ("?name=het&day=01/07/2025", []),
        ("?name=cuong&day=mai", ["Cường"]),
    ],
)
def test_structure_is_filtered_by_name_without_tones_and_by_day(world, admin, query, found):
    make_organisation("Đã hết", valid_to=date(2025, 6, 30))

    assert listed(admin, query) == found


def test_structure_says_so_where_nothing_fits(admin):
    text = admin.text(f"{page('structure')}?name=khong-co&day=mai")

    assert "Không có đơn vị nào" in text
    assert "Nhập ngày theo dạng ngày/tháng/năm" in text


def test_structure_asks_as_much_for_many_as_for_one(world, admin):
    first = admin.queries(page("structure"))
    for number in range(3):
        made = make_organisation(f"Thêm {number}", parent=world.centre)
        Cluster.objects.create(name=f"Cụm {number}", short_name=f"C{number}", superior=made)

    assert admin.queries(page("structure")) == first


def test_structure_is_reached_from_people_and_from_opening_a_year(admin):
    for name in ("person_list", "year_open"):
        assert f'href="{page("structure")}"' in admin.text(page(name))


NEW = {
    "kind": "provincial_inspectorate",
    "full_name": "Thanh tra tỉnh Mới",
    "short_name": "Mới",
    "abbreviation": "TTr",
    "governing_body": "Ủy ban nhân dân tỉnh Mới",
    "parent": "",
    "place": "Mới",
    "valid_from": "01/07/2026",
    "source": "",
}


def test_new_organisation_is_added_once_and_shown(admin):
    key = "a" * 32
    admin.post(page("organisation_new"), NEW, key=key)

    answer = admin.post(page("organisation_new"), NEW, key=key)

    added = Organisation.objects.get(full_name="Thanh tra tỉnh Mới")
    assert answer.url == page("organisation", added.pk)
    assert admin.text(answer.url).count("Ủy ban nhân dân tỉnh Mới") == 1
    assert Entry.objects.filter(action=Action.ORGANISATION_ADDED).count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"full_name": ""}, "Trường này là bắt buộc"),
        ({"full_name": "Thanh tra tỉnh An"}, "đang có trong danh mục"),
        ({"kind": "department"}, "cần cơ quan cấp trên"),
        ({"kind": "bo"}, "bo"),
        ({"valid_from": "31/02/2026"}, "Nhập ngày theo dạng"),
        ({"parent": "999999"}, "không có trong danh mục"),
    ],
)
def test_new_organisation_is_refused_beside_what_was_typed(admin, changes, said):
    count = Organisation.objects.count()

    answer = admin.post(page("organisation_new"), {**NEW, **changes})

    assert answer.status_code == 200
    assert said in words(answer)
    assert 'value="Ủy ban nhân dân tỉnh Mới"' in words(answer)
    assert Organisation.objects.count() == count


def test_ending_an_organisation_is_offered_to_the_administrator_until_it_ended(world, admin):
    organisation = world.one.memberships[2].organisation
    where, shown = page("organisation_end", organisation.pk), page("organisation", organisation.pk)
    assert where in admin.text(shown)
    assert where not in Browser(world.one.lead_head).text(shown)

    early = admin.post(where, {"last_day": "31/12/2019"})
    done = admin.post(where, {"last_day": "30/06/2026"})

    assert "có từ ngày 01/01/2020" in words(early)
    assert admin.said(done) == ["Đã ghi ngày kết thúc của Thanh tra tỉnh Cường."]
    text = admin.text(shown)
    assert "đã kết thúc ngày 30/06/2026" in text
    assert where not in text
    assert "Đơn vị này đã có ngày kết thúc." in admin.text(where)


def test_succession_is_recorded_and_shown_on_both_sides(world, admin):
    successor = make_organisation("Mới", valid_from=date(2026, 7, 1))
    before = [world.one.memberships[index].organisation for index in (1, 2)]

    answer = admin.post(
        page("succession_new"),
        {
            "kind": "merge",
            "predecessors": [organisation.pk for organisation in before],
            "successor": successor.pk,
            "on": "01/07/2026",
            "source": "Nghị quyết 1",
        },
    )

    assert admin.said(answer) == ["Đã ghi việc kế thừa thành Thanh tra tỉnh Mới."]
    assert answer.url == page("organisation", successor.pk)
    assert "ngày 01/07/2026 – Nghị quyết 1" in admin.text(answer.url)
    for organisation in before:
        text = admin.text(page("organisation", organisation.pk))
        assert "đã kết thúc ngày 30/06/2026" in text
        assert page("organisation", successor.pk) in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"predecessors": []}, "Hãy chọn ít nhất một đơn vị trước."),
        ({"predecessors": ["999999"]}, "không có trong danh mục"),
        ({"predecessors": ["x"]}, "không có trong danh mục"),
        ({"successor": ""}, "Trường này là bắt buộc"),
        ({"kind": "rename", "on": "01/01/2019"}, "không tồn tại vào ngày 01/01/2019"),
        ({"on": ""}, "Trường này là bắt buộc"),
    ],
)
def test_succession_is_refused_beside_what_was_typed(world, admin, changes, said):
    sent = {
        "kind": "merge",
        "predecessors": [world.one.memberships[1].organisation.pk],
        "successor": world.one.memberships[0].organisation.pk,
        "on": "01/07/2026",
        "source": "Nghị quyết 1",
        **changes,
    }

    answer = admin.post(page("succession_new"), sent)

    assert answer.status_code == 200
    assert said in words(answer)
    assert 'value="Nghị quyết 1"' in words(answer)
    assert not Succession.objects.exists()


CLUSTER = {"name": "Cụm ba", "short_name": "Cụm 3", "symbol": "CTĐ3", "source": ""}


def test_new_cluster_leads_to_opening_its_first_year(world, admin):
    answer = admin.post(page("cluster_new"), {**CLUSTER, "superior": world.centre.pk})

    assert answer.url == page("year_open")
    assert admin.said(answer) == ["Đã thêm Cụm ba. Tiếp theo, hãy mở năm đầu tiên của cụm."]
    assert "Cụm ba" in admin.text(page("year_open"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Cụm một"}, "Cụm “Cụm một” đã có"),
        ({"symbol": "CTĐ/3"}, "Ký hiệu chỉ gồm chữ và số"),
        ({"symbol": "CTĐ 3"}, "Ký hiệu chỉ gồm chữ và số"),
        ({"superior": ""}, "Trường này là bắt buộc"),
    ],
)
def test_new_cluster_is_refused_with_the_reason(world, admin, changes, said):
    answer = admin.post(page("cluster_new"), {**CLUSTER, "superior": world.centre.pk, **changes})

    assert answer.status_code == 200
    assert said in words(answer)
    assert Cluster.objects.count() == 2


def test_new_cluster_offers_only_superiors_that_exist_today(world, admin):
    ended = make_organisation("Đã hết", valid_to=date(2025, 6, 30))

    answer = admin.post(page("cluster_new"), {**CLUSTER, "superior": ended.pk})

    assert "không có trong danh mục" in words(answer)
    assert "Đã hết" not in admin.text(page("cluster_new"))


def test_a_former_administrator_finds_no_page_of_structure(db):
    former = make_user("cuu", "Cựu quản trị")
    yesterday = timezone.localdate() - timedelta(days=1)
    assign(former, Role.ADMINISTRATOR, valid_to=yesterday)

    assert Browser(former).get(page("structure")).status_code == 404
