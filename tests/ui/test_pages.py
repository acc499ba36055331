"""The base page and the pages for requests that fail."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.messages import ERROR, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory

from thidua.ui import errors, views


@pytest.fixture
def request_(db):
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/khong-co/")
    request.user = AnonymousUser()
    return request


def test_base_page_needs_nothing_of_the_other_areas():
    html = render_to_string("ui/base.html")

    assert '<html lang="vi"' in html
    assert 'href="#content"' in html
    assert 'id="content"' in html
    assert "Danh mục chính" not in html
    assert "Bản dùng thử" not in html


def test_base_page_marks_where_we_are_in_the_navigation():
    item = SimpleNamespace(label="Giao ước", url="/giao-uoc/", icon="handshake", active=True)

    html = render_to_string("ui/base.html", {"navigation": [item]})

    assert '<a href="/giao-uoc/" aria-current="page">' in html


def test_base_page_warns_in_the_demo():
    html = render_to_string("ui/base.html", {"demo": True})

    assert "dữ liệu minh hoạ, không dùng cho công việc thật" in html


def test_base_page_offers_the_account_menu_to_who_is_signed_in():
    class Person:
        is_authenticated = True

        def __str__(self) -> str:
            return "Trần Văn Đức"

    html = render_to_string("ui/base.html", {"user": Person()})

    assert "Trần Văn Đức" in html
    assert "Đăng xuất" in html
    assert "X-CSRFToken" in html


@pytest.mark.parametrize(
    ("level", "kind", "role"),
    [(SUCCESS, "success", "status"), (WARNING, "warning", "status"), (ERROR, "error", "alert")],
)
def test_messages_are_announced(level, kind, role):
    html = render_to_string("ui/messages.html", {"messages": [Message(level, "Đã <b>lưu</b>")]})

    assert re.search(rf'class="notice notice-{kind}"\s+role="{role}"', html)
    assert "Đã &lt;b&gt;lưu&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("view", "error", "status", "sentence"),
    [
        (errors.bad_request, BadRequest(), 400, "tải lại trang rồi làm lại"),
        (errors.permission_denied, PermissionDenied(), 403, "đề nghị người quản trị"),
        (errors.page_not_found, Http404(), 404, "kiểm tra lại địa chỉ"),
    ],
)
def test_error_page_says_what_to_do(request_, view, error, status, sentence):
    response = view(request_, error)

    assert response.status_code == status
    assert sentence in response.content.decode()


def test_csrf_failure_says_nothing_was_saved_and_hides_the_technical_reason(request_):
    response = errors.csrf_failure(request_, reason="CSRF cookie not set.")

    assert response.status_code == 403
    assert "chưa được lưu" in response.content.decode()
    assert "CSRF cookie not set" not in response.content.decode()


def test_server_error_needs_neither_database_nor_session(django_assert_num_queries, db):
    request = RequestFactory().get("/")  # no user, no session, no messages

    with django_assert_num_queries(0):
        response = errors.server_error(request)

    assert response.status_code == 500
    assert "không phải do người dùng" in response.content.decode()


def test_too_large_names_the_limit():
    html = render_to_string("ui/too_large.html", {"megabytes": 25})

    assert "không quá 25 MB" in html


def test_error_page_of_the_running_product(client, db):
    response = client.get("/duong-nay-khong-co/")

    assert response.status_code == 404
    assert "Không tìm thấy trang này" in response.content.decode()


@pytest.mark.parametrize("mode", ["production", "demo"])
def test_components_exist_in_test_mode_only(settings, mode):
    settings.MODE = mode

    with pytest.raises(Http404):
        views.components(RequestFactory().get("/ui/"))


def test_components_page_is_answered_in_test_mode(client, db):
    response = client.get("/ui/")

    assert response.status_code == 200
    assert "Thành phần giao diện" in response.content.decode()


@pytest.mark.django_db
def test_T14_a_made_up_session_cookie_does_not_lift_the_limit(client, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "bia-dat"

    answer = client.post(
        "/tai-khoan/dang-nhap/",
        data="x" * (settings.BODY_LIMIT_ANONYMOUS + 1),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 413
