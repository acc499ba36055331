"""What every route carries and refuses (T01, T12)."""

import os
import re
import subprocess
import sys
import textwrap

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from tests.factories.accounts import UserFactory
from thidua.accounts.access import access_of, public, requires, routes, signed_in
from thidua.accounts.checks import check_every_route_declares_access

EXAMPLES = {"int": "1", "uuid": "0b7c9f0e-0000-4000-8000-000000000000"}
CARRIED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def addresses(resolver=None, prefix="/"):
    """Every route with an address that leads to it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = prefix + re.sub(
            r"<(?:(\w+):)?\w+>",
            lambda found: EXAMPLES.get(found[1], "x"),
            str(pattern.pattern),
        )
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here)
        else:
            yield here, pattern


@pytest.mark.django_db
def test_T12_every_route_carries_the_headers(client):
    found = list(addresses())
    assert len(found) == len(list(routes())) > 3

    for address, _ in found:
        answer = client.get(address)
        assert answer.status_code < 500, address
        for header, value in CARRIED.items():
            assert answer.headers.get(header) == value, (address, header)
        policy = answer.headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
            assert rule in policy, (address, rule)
        assert "unsafe" not in policy, address
        assert (
            "no-store" in answer.headers["Cache-Control"]
            or "max-age" in (answer.headers["Cache-Control"])
        ), address


@pytest.mark.django_db
def test_T01_every_route_that_is_not_public_leads_anonymous_people_to_sign_in(client):
    for address, pattern in addresses():
        if access_of(pattern.callback).public:
            continue
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.url == f"/tai-khoan/dang-nhap/?next={address}", address


def test_T12_pages_keep_nothing_in_caches(client, db):
    assert "no-store" in client.get("/tai-khoan/dang-nhap/").headers["Cache-Control"]


def test_T01_every_route_declares_who_may_open_it():
    assert check_every_route_declares_access(None) == []


def page(request):
    return HttpResponse("nội dung")


def undeclared(request):
    return HttpResponse("nội dung")


urlpatterns = [
    path("tai-khoan/", include("thidua.accounts.urls")),
    path("ai-cung-xem/", public(lambda request: page(request))),
    path("da-dang-nhap/", signed_in(lambda request: page(request))),
    path("rieng/", requires(lambda user: user.username == "duoc-vao")(lambda r: page(r))),
    path("quen/", undeclared, name="forgotten"),
]


@pytest.mark.urls(__name__)
def test_T01_an_undeclared_route_fails_the_build():
    (error,) = check_every_route_declares_access(None)

    assert error.id == "accounts.E001"
    assert "forgotten" in error.msg


@pytest.mark.urls(__name__)
def test_T01_an_undeclared_route_is_opened_by_nobody(client, user):
    client.force_login(user)

    with pytest.raises(ImproperlyConfigured, match="no declared access"):
        client.get("/quen/")


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/ai-cung-xem/", [200, 200, 200]),
        ("/da-dang-nhap/", [302, 200, 200]),
        ("/rieng/", [302, 404, 200]),
    ],
)
def test_T01_marks_let_in_whom_they_name(db, address, expected):
    anonymous, other, named = Client(), Client(), Client()
    other.force_login(UserFactory())
    named.force_login(UserFactory(username="duoc-vao"))

    assert [client.get(address).status_code for client in (anonymous, other, named)] == expected


def test_routes_are_named_with_their_area():
    names = {name for name, _ in routes()}

    assert {"account_login", "account_sessions", "home:front"} <= names


def test_a_pattern_is_a_route():
    assert all(isinstance(pattern, URLPattern) for _, pattern in routes())


PRODUCTION = """
    import django
    from django.conf import settings
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
    client = Client(headers={"host": "thidua.example"})
    plain = client.get("/tai-khoan/dang-nhap/")
    assert (plain.status_code, plain.url) == (301, "https://thidua.example/tai-khoan/dang-nhap/")
    page = client.get("/tai-khoan/dang-nhap/", secure=True)
    assert page.status_code == 200
    assert page.headers["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    cookie = client.cookies["__Host-csrftoken"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (
        True, True, "/", ""
    )
    assert cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_NAME == "__Host-sessionid"
    assert settings.SESSION_COOKIE_SECURE and settings.SESSION_COOKIE_HTTPONLY
    assert (settings.SESSION_COOKIE_DOMAIN, settings.SESSION_COOKIE_PATH) == (None, "/")
"""


def test_T12_production_speaks_https_only_with_host_cookies(tmp_path):
    environment = {
        **os.environ,
        "THIDUA_MODE": "production",
        "THIDUA_SECRET_KEY": "k9!" + "aB3_xY7-" * 9,
        "THIDUA_HOSTS": "thidua.example",
        "THIDUA_DATA": str(tmp_path / "data"),
        "DATABASE_URL": "",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # a browser test may have run before
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(PRODUCTION)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
