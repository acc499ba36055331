"""The pages of years and organisations."""

import re
from datetime import date

import pytest
from django.urls import reverse

from tests.factories.world import NOON, make_cluster, make_organisation
from tests.movements.browser import Browser, words
from thidua.organisations.loading import load_organisations
from thidua.organisations.models import EmulationYear, Membership, Succession
from thidua.organisations.services import open_year, set_members


def page(name, *args):
    return reverse(f"organisations:{name}", args=args)


def year_page(world, name):
    return page(name, world.one.year.pk)


@pytest.fixture
def base_case(world):
    """The cluster of the base case with its years 2024 and 2026."""
    loaded = load_organisations()
    years = {}
    for number, names, lead in (
        (2024, list(loaded.before)[:9], "Nam Định"),
        (2026, list(loaded.after), "Ninh Bình"),
    ):
        there = loaded.before if number == 2024 else loaded.after
        years[number] = open_year(
            cluster=loaded.clusters["cum-2"],
            year=number,
            members_as_of=date(number, 1, 15),
            actor=None,
            at=NOON,
        )
        set_members(
            year=years[number],
            organisations=[there[name] for name in names],
            lead=there[lead],
            deputy=None,
            members_as_of=date(number, 1, 15),
            actor=None,
            at=NOON,
        )
    return loaded, years, Browser(world.administrator)


def member_rows(text):
    table = text[text.index('aria-label="Đơn vị thành viên"') :]
    return re.findall(r"<tr>.*?</tr>", table[: table.index("</table>")])[1:]


def test_page_of_2024_shows_the_nine_and_what_followed_each(base_case):
    _, years, browser = base_case

    rows = member_rows(browser.text(page("year_members", years[2024].pk)))

    assert len(rows) == 9
    by_name = {re.search(r"Thanh tra tỉnh ([^<]+)<", row)[1]: row for row in rows}
    assert "từ 01/07/2025 thành" in by_name["Vĩnh Phúc"]
    assert "Thanh tra tỉnh Phú Thọ" in by_name["Vĩnh Phúc"]
    assert "Thanh tra thành phố Hải Phòng" in by_name["Hải Dương"]
    assert "Thanh tra tỉnh Ninh Bình" in by_name["Nam Định"]
    assert "Cụm trưởng" in by_name["Nam Định"]
    assert "không thay đổi" in by_name["Quảng Ninh"]


def test_page_of_2026_shows_the_six(base_case):
    _, years, browser = base_case

    text = browser.text(page("year_members", years[2026].pk))

    assert len(member_rows(text)) == 6
    assert "Vĩnh Phúc" not in text
    assert "như vào ngày 15/01/2026" in text


def test_page_of_a_successor_shows_where_it_came_from(base_case):
    loaded, _, browser = base_case

    text = browser.text(page("organisation", loaded.after["Ninh Bình"].pk))

    for name in ("Ninh Bình", "Hà Nam", "Nam Định"):
        assert page("organisation", loaded.before[name].pk) in text
    assert "ngày 01/07/2025 – Nghị quyết 202/2025/QH15" in text
    assert "Cụm Thi đua số 2 năm 2026" in text
    assert "Cụm Thi đua số 2 năm 2024" not in text


def test_page_of_a_predecessor_shows_its_end_and_what_it_became(base_case):
    loaded, _, browser = base_case

    text = browser.text(page("organisation", loaded.before["Nam Định"].pk))

    assert "đã kết thúc ngày 30/06/2025" in text
    assert page("organisation", loaded.after["Ninh Bình"].pk) in text
    assert "Cụm Thi đua số 2 năm 2024" in text


def test_T01_page_of_an_organisation_names_only_years_the_person_may_see(world):
    organisation = world.two.memberships[0].organisation

    text = Browser(world.one.lead_head).text(page("organisation", organisation.pk))

    assert "Thanh tra tỉnh Phú" in text
    assert "Cụm hai" not in text


def test_year_list_shows_ones_own_years_only(world):
    text = Browser(world.one.officers[1]).text(page("year_list"))

    assert "Cụm một" in text
    assert "Cụm hai" not in text
    assert page("year_open") not in text


def test_year_list_says_what_to_do_where_there_is_nothing(world, db):
    stranger = Browser(world.stranger).text(page("year_list"))
    assert "Bạn chưa có phần việc trong năm thi đua nào" in stranger
    assert "liên hệ người quản trị" in stranger

    EmulationYear.objects.all().delete()
    administrator = Browser(world.administrator).text(page("year_list"))
    assert "Chưa có năm thi đua nào" in administrator
    assert page("year_open") in administrator
    # Before the first year there are people to add.
    assert page("person_list") in administrator


def test_T01_pages_of_another_clusters_year_do_not_exist(world):
    for user in (world.two.lead_head, world.two.appraiser, world.stranger):
        browser = Browser(user)
        for name in ("year_members", "year_setup", "milestones_edit"):
            assert browser.get(year_page(world, name)).status_code == 404
        for name in ("year_setup", "milestones_edit"):
            assert browser.post(year_page(world, name)).status_code == 404


def test_T01_setting_up_is_refused_to_who_only_sees_the_year(world):
    for user in (world.one.heads[1], world.one.appraiser, world.superior):
        browser = Browser(user)
        for name in ("year_setup", "milestones_edit"):
            assert browser.get(year_page(world, name)).status_code == 403
            assert browser.post(year_page(world, name)).status_code == 403
        assert year_page(world, "year_setup") not in browser.text(year_page(world, "year_members"))


def test_year_open_is_the_administrators_page(world):
    assert Browser(world.one.lead_head).get(page("year_open")).status_code == 404
    browser = Browser(world.administrator)

    answer = browser.post(
        page("year_open"),
        {"cluster": world.one.cluster.pk, "year": "2027", "as_of": "01/01/2027"},
    )

    year = EmulationYear.objects.get(year=2027)
    assert answer.url == page("year_setup", year.pk)
    assert browser.said(answer) == [
        "Đã mở Cụm một năm 2027. Tiếp theo, hãy chọn đơn vị thành viên."
    ]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("year", "2026", "đã có năm 2026"),
        ("year", "26", "1990"),
        ("as_of", "31/02/2027", "Nhập ngày theo dạng ngày/tháng/năm"),
        ("cluster", "", "Trường này không được để trống|bắt buộc"),
    ],
)
def test_year_open_refuses_bad_input_with_its_reason(world, field, typed, said):
    sent = {"cluster": world.one.cluster.pk, "year": "2027", "as_of": "01/01/2027", field: typed}

    answer = Browser(world.administrator).post(page("year_open"), sent)

    assert answer.status_code == 200
    assert re.search(said, words(answer))
    assert not EmulationYear.objects.filter(year=2027).exists()


def sent(world, **changes):
    """What the picker sends for the three members as they are."""
    organisations = [m.organisation for m in world.one.memberships]
    return {
        "as_of": "15/01/2026",
        "version": world.one.year.version,
        "member": [o.pk for o in organisations],
        "lead": organisations[0].pk,
        "deputy": organisations[1].pk,
        **{f"order-{o.pk}": str(n) for n, o in enumerate(organisations, start=1)},
        **changes,
    }


def test_year_setup_offers_who_existed_on_the_day(world):
    old = make_organisation("Cũ", valid_to=date(2025, 6, 30))
    new = make_organisation("Mới", valid_from=date(2025, 7, 1))
    Succession.objects.create(predecessor=old, successor=new, kind="rename", on=date(2025, 7, 1))
    browser = Browser(world.one.lead_officer)

    before = browser.text(f"{year_page(world, 'year_setup')}?as_of=30/06/2025")
    after = browser.text(f"{year_page(world, 'year_setup')}?as_of=01/07/2025")

    assert "Thanh tra tỉnh Cũ" in before
    assert "Thanh tra tỉnh Mới" not in before
    assert "Thanh tra tỉnh Cũ" not in after
    assert "Thanh tra tỉnh Mới" in after
    assert "tồn tại vào ngày 30/06/2025" in before


def test_year_setup_with_a_day_that_is_none_says_so_and_keeps_the_stored_day(world):
    text = Browser(world.one.lead_officer).text(f"{year_page(world, 'year_setup')}?as_of=hôm nay")

    assert "Nhập ngày theo dạng ngày/tháng/năm" in text
    assert "tồn tại vào ngày 01/01/2026" in text


def test_year_setup_shows_what_is_stored(world):
    text = Browser(world.one.lead_officer).text(year_page(world, "year_setup"))

    first, second, third = (m.organisation.pk for m in world.one.memberships)
    for pk in (first, second, third):
        assert re.search(rf'id="member-{pk}" checked', text)
    assert re.search(rf'name="lead" value="{first}"[^>]* checked', text)
    assert re.search(rf'name="deputy" value="{second}"[^>]* checked', text)
    assert not re.search(r'name="deputy" value=""[^>]* checked', text)


def test_year_setup_saves_order_lead_and_no_deputy(world):
    browser = Browser(world.one.lead_officer)
    first, second, third = (m.organisation for m in world.one.memberships)
    changes = {
        "deputy": "",
        f"order-{third.pk}": "1",
        f"order-{first.pk}": "2",
        f"order-{second.pk}": "",
    }

    answer = browser.post(year_page(world, "year_setup"), sent(world, **changes))

    assert answer.status_code == 302
    assert [(m.organisation, m.role) for m in Membership.objects.filter(year=world.one.year)] == [
        (third, "member"),
        (first, "lead"),
        (second, "member"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"member": []}, "Hãy chọn các đơn vị thành viên."),
        ({"lead": ""}, "Hãy chọn cụm trưởng."),
        ({"lead": "999999"}, "không tồn tại vào ngày này"),
        ({"deputy": "999999"}, "không tồn tại vào ngày này"),
        ({"member": ["x"]}, "không có trong danh sách"),
        ({"as_of": "khi nào?"}, "Nhập ngày theo dạng ngày/tháng/năm"),
        ({"as_of": ""}, "Ngày"),
        ({"version": "x"}, "Lần sửa"),
    ],
)
def test_year_setup_refuses_bad_input_with_its_reason(world, changes, said):
    answer = Browser(world.one.lead_officer).post(
        year_page(world, "year_setup"), sent(world, **changes)
    )

    assert answer.status_code == 200
    assert said in words(answer)
    assert Membership.objects.filter(year=world.one.year).count() == 3


def test_year_setup_names_the_unit_whose_order_is_no_number(world):
    key = f"order-{world.one.memberships[1].organisation.pk}"

    answer = Browser(world.one.lead_officer).post(
        year_page(world, "year_setup"), sent(world, **{key: "hai"})
    )

    assert "Thứ tự của Bình phải là số, bạn ghi “hai”." in words(answer)


def test_T02_organisation_that_did_not_exist_on_the_day_cannot_be_smuggled_in(world):
    gone = make_organisation("Cũ", valid_to=date(2025, 6, 30))
    first = world.one.memberships[0].organisation

    answer = Browser(world.one.lead_officer).post(
        year_page(world, "year_setup"), sent(world, member=[first.pk, gone.pk])
    )

    assert "không tồn tại vào ngày này" in words(answer)
    assert not Membership.objects.filter(organisation=gone).exists()


def test_R08_second_of_two_sees_who_was_first_the_stored_list_and_their_own(world):
    first, second = Browser(world.one.lead_officer), Browser(world.administrator)
    mine = sent(world)
    organisations = [m.organisation for m in world.one.memberships]
    changed = sent(world, member=[o.pk for o in organisations[:2]])

    assert first.post(year_page(world, "year_setup"), changed).status_code == 302
    answer = second.post(year_page(world, "year_setup"), mine)

    text = words(answer)
    assert "Cán bộ An đã sửa thiết lập của năm này" in text
    assert "Danh sách đang được lưu" in text
    stored = text[text.index("Danh sách đang được lưu") : text.index("Mở lại trang với bản này")]
    assert ("An – Cụm trưởng" in stored, "Cường" in stored) == (True, False)
    assert re.search(rf'id="member-{organisations[2].pk}" checked', text)
    assert Membership.objects.filter(year=world.one.year).count() == 2


def test_R11_sending_the_picker_twice_is_one_act(world):
    browser = Browser(world.one.lead_officer)
    key = "0" * 31 + "1"

    answers = [browser.post(year_page(world, "year_setup"), sent(world), key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    world.one.year.refresh_from_db()
    assert world.one.year.version == 2


def dates(world, **changes):
    typed = {m.kind: f"{m.due_on:%d/%m/%Y}" for m in world.one.year.milestones.all()}
    return {"version": world.one.year.version, **typed, **changes}


def test_milestones_are_shown_with_their_sources_and_saved(world):
    browser = Browser(world.one.lead_officer)
    text = browser.text(year_page(world, "milestones_edit"))
    assert 'value="25/03/2026"' in text
    assert "Quyết định 575/QĐ-TTCP năm 2019" in text

    answer = browser.post(year_page(world, "milestones_edit"), dates(world, pact="20/03/2026"))

    assert answer.status_code == 302
    shown = browser.text(year_page(world, "year_members"))
    assert "20/03/2026" in shown
    assert "Do cụm tự đặt" in shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/12/2025", "“Ký kết giao ước, gửi đăng ký lên cấp trên” phải trong khoảng"),
        ("01/04/2027", "từ 01/01/2026 đến 31/03/2027"),
        ("30/02/2026", "Nhập ngày theo dạng ngày/tháng/năm"),
    ],
)
def test_milestones_refuse_a_day_outside_the_year_or_none(world, typed, said):
    answer = Browser(world.one.lead_officer).post(
        year_page(world, "milestones_edit"), dates(world, pact=typed)
    )

    assert answer.status_code == 200
    assert said in words(answer)
    assert world.one.year.milestones.get(kind="pact").due_on == date(2026, 3, 25)


def test_pages_of_years_ask_as_much_for_three_members_as_for_one(world):
    browser = Browser(world.administrator)
    small = make_cluster(world.centre, "ba", ["Xuân"])

    def asked(year):
        names = ("year_members", "year_setup", "milestones_edit")
        return [browser.queries(page(name, year.pk)) for name in names]

    assert asked(small.year) == asked(world.one.year)
    assert max(asked(small.year)) <= 12


def test_list_of_years_asks_as_much_for_three_as_for_one(world):
    browser = Browser(world.one.lead_head)
    one = browser.queries(page("year_list"))
    for number in (2024, 2025):
        year = EmulationYear.objects.create(
            cluster=world.one.cluster, year=number, members_as_of=date(number, 1, 1)
        )
        Membership.objects.create(
            year=year, organisation=world.one.memberships[0].organisation, order=1
        )

    assert browser.queries(page("year_list")) == one
