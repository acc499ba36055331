"""“Tính thời hạn”, the register of clocks, the seven reporting periods."""

import pytest
from django.urls import reverse

from tests.movements.browser import Browser, words
from thidua.rules.deadlines import shipped_clocks

DEADLINE = reverse("reporting:deadline")


def ask(browser, clock, **facts):
    return browser.client.get(DEADLINE, {"clock": clock, **facts})


def refused(answer):
    """Field → sentences of a refused question; nothing is answered beside them."""
    assert answer.context["answer"] is None
    return {name: list(said) for name, said in answer.context["form"].errors.items()}


@pytest.fixture
def person(world):
    """Somebody signed in who has no role anywhere."""
    return Browser(world.stranger)


def test_choosing_lists_every_clock_by_subject(person):
    answer = person.get(DEADLINE)

    listed = [row.clock.code for group in answer.context["groups"] for row in group.rows]
    assert listed == list(shipped_clocks())
    assert f'href="{DEADLINE}?clock=complaint-acceptance"' in words(answer)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("khieu nai lan hai", "complaint-second-settlement"),
        ("ĐỐI THOẠI", "dialogue-notice"),
        ("nghi dinh 154", "reception-refusal-notice"),
        ("inspection-granted", "inspection-granted"),
    ],
)
def test_clocks_are_found_by_name_law_or_code_without_tones(person, query, found):
    groups = person.client.get(DEADLINE, {"q": query}).context["groups"]

    assert found in [row.clock.code for group in groups for row in group.rows]
    assert sum(len(group.rows) for group in groups) < len(shipped_clocks()) / 2


def test_a_search_without_result_and_an_unknown_clock_say_what_to_do(person):
    nothing = person.client.get(DEADLINE, {"q": "thuế"})
    unknown = ask(person, "khong-co")

    assert "Không có thời hạn nào khớp" in words(nothing)
    assert (unknown.status_code, "Không có thời hạn này" in words(unknown)) == (404, True)


def test_only_the_fields_a_clock_needs_are_asked(person):
    def fields(clock):
        return list(ask(person, clock).context["form"].fields)

    assert fields("complaint-acceptance") == ["start"]
    assert fields("complaint-first-settlement") == [
        "start",
        "variant",
        "suspended_1",
        "continued_1",
    ]
    assert fields("denunciation-settlement")[:4] == ["start", "variant", "extensions", "days"]
    assert fields("inspection-granted")[:3] == ["start", "began", "granted"]


def test_answer_shows_day_law_steps_and_both_ends(person):
    answer = ask(person, "complaint-acceptance", start="01/07/2026")

    text = words(answer)
    assert '<time datetime="2026-07-10">Thứ Sáu 10/07/2026</time>' in text
    assert "Luật 136/2025/QH15 Điều 2 khoản 15 điểm b" in text
    assert "Theo văn bản và lịch chính thức" in text
    for sentence in answer.context["answer"].deadline.trace:
        assert sentence in text


def test_answer_tells_the_end_as_counted_from_the_end_as_moved(person):
    text = words(ask(person, "complaint-limitation", start="29/01/2026"))

    assert "Hết theo cách đếm</dt><dd>Thứ Tư 29/04/2026 (giữ nguyên)" in text
    moved = words(ask(person, "complaint-limitation", start="30/01/2026"))
    assert "Hết theo cách đếm</dt><dd>Thứ Năm 30/04/2026</dd>" in moved
    assert "Sau khi dời ngày nghỉ</dt><dd>Thứ Hai 04/05/2026</dd>" in moved


def test_link_of_an_answer_gives_the_same_answer(person):
    facts = {"start": "20/07/2026", "suspended_1": "10/08/2026", "continued_1": "25/08/2026"}
    first = ask(person, "complaint-first-settlement", variant="complex", **facts)

    again = person.get(first.context["link"])

    assert "&suspended_2" not in first.context["link"]
    assert again.context["answer"] == first.context["answer"]
    assert len(again.context["form"].suspension_pairs()) == 2


def test_extensions_count_by_number_or_by_days(person):
    facts = {"start": "05/03/2026", "variant": "especially-complex"}

    by_number = ask(person, "denunciation-settlement", extensions="2", **facts)
    by_days = ask(person, "denunciation-settlement", days="15, 20", **facts)

    assert str(by_number.context["answer"].deadline.period) == "90 ngày"
    assert str(by_days.context["answer"].deadline.period) == "65 ngày"


def test_numbers_that_are_settings_and_open_calendars_carry_a_badge(person):
    setting = words(ask(person, "inspection-maximum-ttcp", start="03/08/2026"))
    provisional = words(ask(person, "complaint-acceptance", start="28/01/2027"))

    assert "Số ngày là thiết lập, chưa đọc được văn bản" in setting
    assert "Lịch còn có thể đổi" in provisional
    assert "Lịch làm việc năm 2027 mới là tạm" in provisional


def test_a_year_without_calendar_is_an_answer_that_says_who_adds_it(world, person):
    facts = {"clock": "complaint-acceptance", "start": "28/12/2027"}

    text = words(ask(person, **facts))
    admin = words(ask(Browser(world.administrator), **facts))

    assert "Chưa nạp lịch làm việc năm 2028" in text
    assert "Người quản trị hệ thống thêm lịch" in text
    new = reverse("reporting:calendar_new")
    assert f'href="{new}?year=2028"' not in text
    assert f'href="{new}?year=2028"' in admin


@pytest.mark.parametrize(
    ("clock", "facts", "field", "said"),
    [
        ("complaint-acceptance", {"start": ""}, "start", "Hãy ghi ngày nhận được đơn khiếu nại"),
        ("complaint-acceptance", {"start": "31/02/2026"}, "start", "Nhập ngày theo dạng"),
        ("complaint-acceptance", {"start": "01/01/0001"}, "start", "từ 2000 đến 2100"),
        ("complaint-acceptance", {"start": "01/01/2010"}, "start", "chỉ áp dụng từ 01/07/2012"),
        (
            "complaint-first-settlement",
            {"start": "01/07/2026", "variant": "dismissal"},
            "variant",
            "không có trường hợp đó",
        ),
        (
            "denunciation-settlement",
            {"start": "01/07/2026", "extensions": "1"},
            "extensions",
            "không được gia hạn",
        ),
        (
            "denunciation-settlement",
            {"start": "01/07/2026", "variant": "complex", "days": "31"},
            "days",
            "từ 1 đến 30 ngày",
        ),
        (
            "denunciation-settlement",
            {"start": "01/07/2026", "variant": "complex", "days": "mười"},
            "days",
            "không phải là các số ngày",
        ),
        (
            "denunciation-settlement",
            {"start": "01/07/2026", "extensions": "2", "days": "15"},
            "days",
            "gia hạn 2 lần nhưng ghi 1",
        ),
        (
            "complaint-first-settlement",
            {"start": "20/07/2026", "suspended_1": "10/08/2026"},
            "continued_1",
            "Chưa có ngày tiếp tục",
        ),
        (
            "complaint-first-settlement",
            {"start": "20/07/2026", "continued_1": "10/08/2026"},
            "suspended_1",
            "phải ghi ngày tạm đình chỉ",
        ),
        (
            "complaint-first-settlement",
            {
                "start": "20/07/2026",
                "suspended_1": "25/07/2026",
                "continued_1": "28/07/2026",
                "suspended_2": "27/07/2026",
                "continued_2": "30/07/2026",
            },
            "suspended_2",
            "sớm hơn 28/07/2026",
        ),
        (
            "inspection-maximum-ttcp",
            {"start": "03/08/2025", "began": "04/08/2025"},
            "began",
            "muộn hơn",
        ),
        ("inspection-granted", {"start": "03/08/2026"}, "granted", "Hãy ghi thời hạn"),
        ("inspection-granted", {"start": "03/08/2026", "granted": "70"}, "granted", "Không hiểu"),
        (
            "inspection-granted",
            {"start": "03/08/2026", "granted": "5 giờ"},
            "granted",
            "không dùng được ở đây",
        ),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(person, clock, facts, field, said):
    faults = refused(ask(person, clock, **facts))

    assert list(faults) == [field]
    assert said in faults[field][0]


def test_register_lists_versions_with_law_and_validity(person):
    answer = person.get(reverse("reporting:clock_list"))

    text = words(answer)
    assert answer.context["total"] == len(shipped_clocks())
    assert "Luật Khiếu nại 02/2011/QH13, Điều 27, 36, 50" in text
    assert "từ 01/07/2012 đến 30/06/2026" in text
    assert "thiết lập" in text
    assert reverse("reporting:clock_setting", args=["inspection-maximum-ttcp"]) not in text


def test_due_days_of_a_year_flag_days_off_and_move_nothing(person):
    answer = person.client.get(reverse("reporting:due_days"), {"year": "2026"})

    text = words(answer)
    assert [window.code for window in answer.context["windows"]] == [
        "q1",
        "q2",
        "6m",
        "q3",
        "9m",
        "q4",
        "year",
    ]
    assert "20/06/2026" in text
    assert "thứ Bảy, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời" in text
    assert "Thông tư 06/2025/TT-TTCP, Điều 7" in text


def test_due_days_say_which_circular_was_not_compared_and_which_year_lacks_a_calendar(person):
    address = reverse("reporting:due_days")

    assert "chưa đối chiếu" in words(person.client.get(address, {"year": "2024"}))
    assert "chưa nạp lịch làm việc năm 2029" in words(person.client.get(address, {"year": "2029"}))


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("", "Hãy ghi năm báo cáo"),
        ("hai", "bốn chữ số"),
        ("2021", "từ năm 2022"),
        ("9999", "không quá 2100"),
    ],
)
def test_due_days_refuse_a_year_at_its_field(person, year, said):
    answer = person.client.get(reverse("reporting:due_days"), {"year": year})

    assert answer.context["windows"] == ()
    assert said in answer.context["form"].errors["year"][0]


@pytest.mark.parametrize(("now", "year"), [("2026-12-14", 2026), ("2026-12-15", 2027)])
def test_due_days_begin_with_the_year_that_is_being_reported(world, time_machine, now, year):
    time_machine.move_to(f"{now} 10:00+07:00")

    answer = Browser(world.stranger).get(reverse("reporting:due_days"))

    assert answer.context["year"] == year


def test_navigation_leads_everybody_to_deadlines(world, person):
    for browser in (person, Browser(world.administrator), Browser(world.one.officers[1])):
        for name in ("deadline", "calendar_list", "clock_list"):
            items = browser.get(reverse(f"reporting:{name}")).context["navigation"]
            assert [item.label for item in items if item.active] == ["Thời hạn"]
