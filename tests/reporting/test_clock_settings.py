"""Clocks that no text of law was read for: the administrator sets them for the installation."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.factories.world import NOON
from tests.movements.browser import Browser, words
from thidua.audit.models import Action, Entry
from thidua.reporting.models import ClockSetting
from thidua.reporting.queries import loaded_clocks
from thidua.reporting.services import StaleSetting, set_clock
from thidua.rules.deadlines import parse_period, shipped_clocks
from thidua.rules.errors import RuleError

CODE = "inspection-maximum-provincial"
PAGE = reverse("reporting:clock_setting", args=[CODE])


def set_days(world, number=0, actor=None, code=CODE, reason="Điều 20 đã đọc", **lengths):
    return set_clock(
        code=code,
        lengths={variant: parse_period(text) for variant, text in lengths.items()},
        reason=reason,
        number=number,
        actor=actor or world.administrator,
        at=NOON,
    )


def length_of(clocks, variant="ordinary"):
    return str(clocks[CODE].versions[-1].lengths[variant])


def test_set_length_counts_for_everybody_and_says_by_whom(world):
    set_days(world, ordinary="40 ngày")

    answer = Browser(world.stranger).client.get(
        reverse("reporting:deadline"), {"clock": CODE, "start": "03/08/2026"}
    )

    assert str(answer.context["answer"].deadline.period) == "40 ngày"
    said = "Đặt bởi Quản trị ngày 02/03/2026 (thông thường: 40 ngày). Căn cứ: Điều 20 đã đọc."
    assert said in words(answer)
    assert length_of(shipped_clocks()) == "45 ngày"


def test_newest_setting_counts_and_an_empty_one_goes_back_to_the_shipped_length(world):
    set_days(world, ordinary="40 ngày")
    set_days(world, 1, ordinary="50 ngày", complex="55 ngày")
    assert length_of(loaded_clocks().clocks) == "50 ngày"
    assert length_of(loaded_clocks().clocks, "complex") == "55 ngày"

    set_days(world, 2, reason="bỏ")

    assert length_of(loaded_clocks().clocks) == "45 ngày"
    assert loaded_clocks().settings == {}
    assert ClockSetting.objects.count() == 3


def test_setting_is_journalled_with_old_new_and_reason(world):
    setting = set_days(world, ordinary="40 ngày")

    entry = Entry.objects.get(action=Action.CLOCK_SET)
    assert (entry.actor, entry.subject_id) == (world.administrator, setting.pk)
    assert entry.details == {
        "clock": shipped_clocks()[CODE].name,
        "old": "số có sẵn của phần mềm",
        "new": "thông thường: 40 ngày",
        "reason": "Điều 20 đã đọc",
    }


def test_setting_is_refused_to_everybody_but_the_administrator(world):
    for actor in (world.one.lead_head, world.superior, world.one.appraiser, world.stranger):
        with pytest.raises(PermissionDenied):
            set_days(world, actor=actor, ordinary="40 ngày")

    assert not ClockSetting.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "complaint-acceptance", "ordinary": "9 ngày"}, "không đặt lại được"),
        ({"code": "khong-co", "ordinary": "9 ngày"}, "Không có thời hạn"),
        ({"dismissal": "9 ngày"}, "không có trường hợp"),
        ({"complex": "9 ngày làm việc"}, "phải cùng cách đếm"),
        ({"ordinary": "9 giờ"}, "phải cùng cách đếm"),
        ({"ordinary": "40 ngày", "reason": " "}, "Hãy ghi căn cứ"),
        ({}, "không có gì khác"),
        ({"ordinary": "40 ngày", "number": 3}, "vừa được một người khác đặt lại"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(world, changes, said):
    with pytest.raises(RuleError, match=said):
        set_days(world, **changes)

    assert not ClockSetting.objects.exists()


def test_R12_the_database_keeps_every_setting_as_it_was(world):
    setting = set_days(world, ordinary="40 ngày")

    for change in (
        lambda: ClockSetting.objects.filter(pk=setting.pk).update(reason=""),
        lambda: ClockSetting.objects.filter(pk=setting.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_setting_of_a_clock_whose_law_was_read_meanwhile_no_longer_counts(world):
    ClockSetting.objects.create(
        code="complaint-acceptance",
        number=1,
        lengths={"ordinary": "99 ngày"},
        reason="từ bản cũ",
        set_by=world.administrator,
        set_at=NOON,
    )

    assert loaded_clocks().clocks == shipped_clocks()


def test_page_sets_a_clock_once_and_shows_its_history(world):
    admin = Browser(world.administrator)
    typed = {"ordinary": "40 ngày", "complex": "", "reason": "Điều 20", "number": "0"}

    key = "c" * 32
    admin.post(PAGE, typed, key=key)
    answer = admin.post(PAGE, typed, key=key)

    assert answer.url == PAGE
    assert ClockSetting.objects.count() == 1
    text = admin.text(PAGE)
    assert "đặt thông thường: 40 ngày" in text
    assert 'value="40 ngày"' in text
    assert "đã đặt lại" in admin.text(reverse("reporting:clock_list"))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"ordinary": "40"}, "ordinary", "Không hiểu thời hạn “40”"),
        ({"ordinary": "40 ngày", "reason": ""}, "reason", "Hãy ghi căn cứ"),
        ({"ordinary": "40 ngày", "number": "7"}, "__all__", "vừa được một người khác"),
    ],
)
def test_page_refuses_beside_what_was_typed(world, changes, field, said):
    typed = {"ordinary": "", "complex": "", "reason": "Điều 20", "number": "0", **changes}

    answer = Browser(world.administrator).post(PAGE, typed)

    assert said in answer.context["form"].errors[field][0]
    assert not ClockSetting.objects.exists()


def test_a_clock_that_the_law_sets_has_no_such_page(world):
    address = reverse("reporting:clock_setting", args=["complaint-acceptance"])

    assert Browser(world.administrator).get(address).status_code == 404


def test_clock_pages_ask_as_much_for_many_settings_as_for_one(world):
    admin = Browser(world.administrator)
    addresses = (reverse("reporting:clock_list"), reverse("reporting:deadline"), PAGE)
    set_days(world, ordinary="40 ngày")
    before = [admin.queries(address) for address in addresses]
    for number in range(1, 4):
        set_days(world, number, ordinary=f"{40 + number} ngày")
    set_days(world, code="inspection-maximum-ttcp", ordinary="61 ngày")

    assert [admin.queries(address) for address in addresses] == before


def test_stale_setting_is_a_rule_error(world):
    set_days(world, ordinary="40 ngày")

    with pytest.raises(StaleSetting):
        set_days(world, 0, ordinary="41 ngày")
