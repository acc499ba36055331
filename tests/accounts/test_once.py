"""Double click, resend, reload (R11)."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from tests.factories.accounts import UserFactory
from thidua.accounts.access import public, signed_in
from thidua.accounts.models import HandledPost
from thidua.accounts.once import forget_old_posts, once
from thidua.audit.models import Action, Entry
from thidua.audit.services import record


@signed_in
@once
def act(request):
    """Leaves one entry in the journal; "sai" is refused after the entry was written."""
    entry = record(request.user, Action.DEMO_LOADED, request.user)
    what = request.POST.get("what", "")
    if what == "sai":
        return HttpResponse("Hãy sửa lại.")
    if what == "hỏng":
        raise RuntimeError
    messages.success(request, f"Đã ghi {what}.")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": f"/xong/{entry.pk}/"})
    return redirect(f"/xong/{entry.pk}/")


@public
@once
def for_nobody(request):
    return redirect("/")


@signed_in
def said(request):
    return HttpResponse("|".join(str(message) for message in messages.get_messages(request)))


urlpatterns = [
    path("viec/", act),
    path("viec-khac/", act),
    path("chung/", for_nobody),
    path("loi-nhan/", said),
    # The page of a refusal has the navigation, and that leads there.
    path("bao-cao/", include("thidua.reporting.urls")),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def browser(user):
    client = Client()
    client.force_login(user)
    return client


def entries():
    return Entry.objects.filter(action=Action.DEMO_LOADED).count()


def send(client, key, what="một", where="/viec/", **extra):
    return client.post(where, {"idempotency_key": key, "what": what}, **extra)


@pytest.fixture
def key():
    return uuid4().hex


def test_R11_the_same_post_twice_has_one_effect_and_one_answer(browser, key):
    first, second = send(browser, key), send(browser, key)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert entries() == 1


def test_R11_a_repetition_carries_the_message(user, key):
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(user)
    send(here, key)
    send(there, key)

    assert there.get("/loi-nhan/").content.decode() == "Đã ghi một."


def test_R11_an_htmx_post_is_repeated_as_such(browser, key):
    answers = [send(browser, key, headers={"hx-request": "true"}) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].headers["HX-Redirect"] == answers[1].headers["HX-Redirect"]
    assert entries() == 1


def test_R11_a_new_key_is_a_new_act(browser):
    for _ in range(2):
        send(browser, uuid4().hex)

    assert entries() == 2


def test_R11_a_refused_form_leaves_nothing_and_keeps_the_key_free(browser, key):
    refused = send(browser, key, "sai")
    left = entries()
    done = send(browser, key, "đúng")

    assert refused.content.decode() == "Hãy sửa lại."
    assert left == 0
    assert done.status_code == 302
    assert entries() == 1


def test_R11_a_failure_leaves_nothing_and_keeps_the_key_free(browser, key):
    with pytest.raises(RuntimeError):
        send(browser, key, "hỏng")

    assert entries() == 0
    assert not HandledPost.objects.exists()


@pytest.mark.parametrize("wrong", ["", "abc", "Z" * 32, "a" * 33, "á" * 32])
def test_R11_a_post_without_a_key_is_refused(browser, wrong):
    answer = send(browser, wrong)

    assert answer.status_code == 400
    assert "thiếu mã lần gửi" in answer.content.decode()
    assert entries() == 0


def test_R11_the_key_of_another_person_is_refused(browser, key):
    stranger = Client()
    stranger.force_login(UserFactory())
    send(browser, key)

    answer = send(stranger, key)

    assert answer.status_code == 400
    assert "không thuộc về bạn" in answer.content.decode()


def test_R11_the_key_of_another_page_is_refused(browser, key):
    send(browser, key)

    assert send(browser, key, where="/viec-khac/").status_code == 400


def test_R11_other_content_under_a_used_key_is_not_lost_in_silence(browser, key):
    send(browser, key, "một")

    answer = send(browser, key, "hai")

    assert answer.status_code == 400
    assert "với nội dung khác" in answer.content.decode()


def test_R11_another_file_under_a_used_key_is_not_lost_in_silence(browser, key):
    def upload(content):
        file = SimpleUploadedFile("minh-chung.pdf", content)
        return browser.post("/viec/", {"idempotency_key": key, "file": file}).status_code

    assert [upload(b"mot"), upload(b"mot"), upload(b"hai")] == [302, 302, 400]


def test_once_lets_reading_pass(browser):
    assert browser.get("/viec/").status_code == 302
    assert not HandledPost.objects.exists()


def test_once_is_for_people_signed_in(key):
    assert Client().post("/chung/", {"idempotency_key": key}).status_code == 403


def test_old_keys_are_forgotten(browser, key):
    send(browser, key)
    send(browser, uuid4().hex)
    HandledPost.objects.filter(key=key).update(created_at=timezone.now() - timedelta(days=8))

    assert forget_old_posts(timezone.now() - timedelta(days=7)) == 1
    assert HandledPost.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_R11_fifty_posts_at_once_have_one_effect_and_one_answer(user, key):
    clients = [Client() for _ in range(50)]
    clients[0].force_login(user)
    for client in clients:
        client.cookies = clients[0].cookies
    start = threading.Barrier(len(clients))
    answers = []

    def post(client):
        try:
            start.wait()
            answer = send(client, key)
            answers.append((answer.status_code, answer.headers.get("Location")))
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert answers[0][0] == 302
    assert entries() == 1
