"""Telling people: once, inside the caller's transaction, by letter where there is an address."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from tests.factories.world import NOON
from tests.notices.made import letter_to, reachable, told
from thidua.accounts.services import disable
from thidua.audit.models import Action, Entry
from thidua.notices.models import Delivery, Notice
from thidua.notices.services import mark_all_seen, mark_seen, send_again, set_address
from thidua.rules.errors import RuleError

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_the_same_key_tells_one_person_once_and_two_people_each(mailoutbox):
    one, two = reachable("mot"), reachable("hai")

    first, again, other = told(one), told(one, title="Khác"), told(two)

    assert first == again
    assert again.title == "Báo cáo quý I đến hạn"
    assert other.recipient == two
    assert Delivery.objects.count() == 2
    assert mailoutbox == []


def test_a_notice_goes_with_the_transaction_of_the_act():
    with transaction.atomic():
        told(reachable())
        transaction.set_rollback(True)

    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_a_letter_waits_for_its_recipient_with_a_name_of_its_own():
    letter = letter_to(reachable())

    assert (letter.state, letter.address, letter.next_try_at) == (
        State.WAITING,
        "nhan@tinh.gov.vn",
        NOON,
    )
    assert letter.message_id.startswith("<")


@pytest.mark.parametrize(
    ("email", "why"),
    [
        ("", "Người nhận chưa có địa chỉ thư điện tử."),
        ("khong phai dia chi", "Địa chỉ thư điện tử của người nhận không hợp lệ."),
        ("a@b.vn\nBcc: c@d.vn", "Địa chỉ thư điện tử của người nhận không hợp lệ."),
    ],
)
def test_without_a_usable_address_the_notice_stays_in_the_product_and_says_so(email, why):
    letter = letter_to(reachable(email=email))

    assert (letter.state, letter.address, letter.last_error) == (State.NO_ADDRESS, "", why)


def test_no_letter_goes_to_a_closed_account():
    person = reachable()
    disable(user=person, actor=None)

    assert letter_to(person).last_error == "Tài khoản của người nhận đang khoá."


def test_a_notice_may_go_without_a_letter():
    assert not told(reachable(), by_mail=False).deliveries.exists()


@pytest.mark.parametrize("title", ["Hạn\r\nBcc: x@y.vn", "Hạn\nBcc: x@y.vn", "Hạn\x00 Bcc: x@y.vn"])
def test_T12_a_title_becomes_one_line(title):
    assert told(reachable(), title=title).title == "Hạn Bcc: x@y.vn"


def test_a_long_title_is_shortened_visibly():
    title = told(reachable(), title="dài " * 100).title

    assert len(title) <= 200
    assert title.endswith("dài…")


@pytest.mark.parametrize(
    "url", ["https://x.vn/", "//x.vn/", "/\\x.vn", "javascript:alert(1)", "/a\nb"]
)
def test_a_notice_leads_nowhere_else(url):
    with pytest.raises(ValueError):
        told(reachable(), url=url)


def test_mark_seen_counts_the_first_time_and_is_the_recipients_act():
    person, other = reachable("mot"), reachable("hai")
    notice = told(person)

    with pytest.raises(PermissionDenied):
        mark_seen(notice=notice, actor=other, at=NOON)
    mark_seen(notice=notice, actor=person, at=NOON)
    mark_seen(notice=notice, actor=person, at=NOON.replace(hour=15))

    assert Notice.objects.get().seen_at == NOON


def test_mark_all_seen_leaves_the_others_theirs():
    person, other = reachable("mot"), reachable("hai")
    told(person), told(person, key="nhac-2"), told(other)

    assert mark_all_seen(actor=person, at=NOON) == 2
    assert Notice.objects.unseen().get().recipient == other


def test_an_address_is_kept_by_its_owner_and_the_administrator_only(world):
    person, other = world.one.heads[0], world.one.heads[1]

    set_address(person=person, email="a@tinh.gov.vn", actor=person, at=NOON)
    set_address(person=person, email="b@tinh.gov.vn", actor=world.administrator, at=NOON)
    set_address(person=person, email="b@tinh.gov.vn", actor=person, at=NOON)
    with pytest.raises(PermissionDenied):
        set_address(person=person, email="c@tinh.gov.vn", actor=other, at=NOON)
    with pytest.raises(RuleError, match="không phải địa chỉ"):
        set_address(person=person, email="a@b.vn\nBcc: x@y.vn", actor=person, at=NOON)

    person.refresh_from_db()
    assert person.email == "b@tinh.gov.vn"
    entries = Entry.objects.filter(action=Action.ADDRESS_SET).order_by("pk")
    assert [(entry.actor, entry.details) for entry in entries] == [
        (person, {"address": "có"}),
        (world.administrator, {"address": "có"}),
    ]


def test_a_letter_that_failed_is_sent_again_to_the_address_of_today(world):
    person = reachable(email="cu@tinh.gov.vn")
    letter = letter_to(person)
    Delivery.objects.update(state=State.FAILED, tries=16, last_error="Hỏng")
    set_address(person=person, email="moi@tinh.gov.vn", actor=person, at=NOON)

    with pytest.raises(PermissionDenied):
        send_again(delivery=letter, actor=person, at=NOON)
    again = send_again(delivery=letter, actor=world.administrator, at=NOON)

    assert (again.state, again.address, again.tries) == (State.WAITING, "moi@tinh.gov.vn", 0)
    assert again.message_id == letter.message_id
    entry = Entry.objects.get(action=Action.LETTER_SENT_AGAIN)
    assert entry.details == {"recipient": person.full_name}
    with pytest.raises(RuleError, match="đang chờ gửi"):
        send_again(delivery=letter, actor=world.administrator, at=NOON)


def test_a_letter_to_nobody_is_not_sent_again(world):
    letter = letter_to(reachable(email=""))

    with pytest.raises(RuleError, match="Hãy sửa ở trang của người ấy"):
        send_again(delivery=letter, actor=world.administrator, at=NOON)
