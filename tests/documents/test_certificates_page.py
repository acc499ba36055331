"""The page of the heads' certificates: everybody of the year reads, a superior acts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.documents.rounds import register, signer
from tests.factories.world import NOON
from tests.movements.browser import Browser, words
from thidua.documents.models import SignerCertificate
from thidua.documents.queries import certificate_board
from thidua.organisations.models import Assignment


def address(world):
    return reverse("documents:certificates", args=[world.one.year.pk])


def issued(position=0):
    return signer(f"Trưởng {position}", f"Đơn vị {position}")


def send(browser, world, position=0, data=None, head=None, key=None):
    file = SimpleUploadedFile("head.cer", issued(position).certificate if data is None else data)
    chosen = head or world.one.heads[position].assignments.get().pk
    return browser.post(address(world), {"head": chosen, "certificate": file}, key=key)


def test_certificates_are_read_by_everybody_of_the_year(world):
    register(world, 0, issued())

    for reader in (world.one.heads[1], world.one.lead_officer, world.administrator):
        text = Browser(reader).text(address(world))
        assert "Còn hiệu lực" in text
        assert "Chứng thư dùng thử" in text
        assert "1/3" in text
        assert 'id="register"' not in text
        assert "Thu hồi</button>" not in text


def test_certificates_of_another_cluster_do_not_exist(world):
    certificate = register(world, 0, issued())
    withdraw = reverse("documents:certificate_withdraw", args=[world.one.year.pk, certificate.pk])

    for other in (world.two.lead_head, world.stranger):
        assert Browser(other).get(address(world)).status_code == 404
        assert send(Browser(other), world, 1).status_code == 404
        assert Browser(other).post(withdraw).status_code == 404


def test_certificates_registered_by_a_superior(world):
    browser = Browser(world.superior)

    answer = send(browser, world, 1)

    assert browser.said(answer) == ["Đã đăng ký chứng thư số của Trưởng Bình, Thanh tra tỉnh Bình."]
    assert SignerCertificate.objects.get().holder == world.one.heads[1]


def test_R11_certificates_sent_twice_are_registered_once(world):
    browser, key = Browser(world.superior), uuid4().hex

    answers = [send(browser, world, key=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert SignerCertificate.objects.count() == 1


def test_certificates_registered_by_others_are_forbidden(world):
    for actor in (world.one.heads[0], world.one.lead_officer, world.administrator):
        assert send(Browser(actor), world).status_code == 403

    assert not SignerCertificate.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"rac", "chứng thư"),
        (b"", "chứng thư"),
        (b"x" * 70_000, "quá lớn so với một chứng thư công khai"),
    ],
    ids=["rubbish", "empty", "huge"],
)
def test_T14_certificates_of_something_else_are_refused_with_the_reason(world, data, said):
    answer = send(Browser(world.superior), world, data=data)

    assert answer.status_code == 200
    assert "certificate" in answer.context["form"].errors
    assert said in words(answer)
    assert not SignerCertificate.objects.exists()


def test_T02_certificates_for_a_head_of_another_cluster_cannot_be_chosen(world):
    foreign = world.two.heads[0].assignments.get().pk

    answer = send(Browser(world.superior), world, head=foreign)

    assert "không phải thủ trưởng đơn vị thành viên" in words(answer)
    assert not SignerCertificate.objects.exists()


def test_certificates_withdrawn_by_a_superior_say_by_whom(world):
    certificate = register(world, 0, issued())
    browser = Browser(world.superior)
    withdraw = reverse("documents:certificate_withdraw", args=[world.one.year.pk, certificate.pk])

    first = browser.said(browser.post(withdraw))
    second = browser.said(browser.post(withdraw))

    assert first == ["Đã thu hồi chứng thư số của Trưởng An."]
    assert second == ["Chứng thư số này đã được thu hồi trước đó."]
    assert "(Cán bộ cấp trên)" in browser.text(address(world))


def test_certificates_withdrawn_by_the_lead_are_forbidden(world):
    certificate = register(world, 0, issued())
    withdraw = reverse("documents:certificate_withdraw", args=[world.one.year.pk, certificate.pk])

    assert Browser(world.one.lead_head).post(withdraw).status_code == 403


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (timedelta(days=-100), "planned"),
        (timedelta(), "valid"),
        (timedelta(days=1825 - 70), "due_soon"),
        (timedelta(days=2000), "expired"),
    ],
)
def test_certificate_state_follows_the_day(world, at, state):
    register(world, 0, issued())

    [row] = certificate_board(world.one.year, NOON + at)[0].rows

    assert row.state == state


def test_certificate_of_a_former_head_is_told_apart(world):
    register(world, 0, issued())
    Assignment.objects.filter(user=world.one.heads[0]).update(valid_to=NOON - timedelta(days=1))

    [row] = certificate_board(world.one.year, NOON)[0].rows

    assert row.label == "Người giữ không còn là thủ trưởng"


def test_certificates_ask_as_many_queries_for_three_as_for_one(world):
    register(world, 0, issued(0))
    browser, page = Browser(world.superior), address(world)
    few = browser.queries(page)

    register(world, 1, issued(1))
    register(world, 2, issued(2))

    assert browser.queries(page) == few
