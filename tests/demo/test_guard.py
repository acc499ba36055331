"""The demo cannot be switched on by one mistake, nor touch real data."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import UserFactory
from thidua import cli
from thidua.accounts.models import User
from thidua.demo.guard import is_demo, is_marked, refuse_mismatch
from thidua.demo.loading import load_demo
from thidua.demo.models import DemoMark
from thidua.organisations.models import Organisation
from thidua.rules.errors import RuleError


def mark():
    return DemoMark.objects.create(pk=1, made_at=timezone.now())


@pytest.fixture
def mode(settings):
    """Switch the mode as THIDUA_MODE does."""

    def switch(name):
        settings.DEMO = name == "demo"
        settings.PRODUCTION = name == "production"

    return switch


@pytest.mark.parametrize(
    ("name", "marked", "refused"),
    [
        ("production", False, ""),
        ("production", True, "là bản dùng thử nên không chạy ở chế độ làm việc thật"),
        ("demo", False, "không phải bản dùng thử nên không mở được chế độ dùng thử"),
        ("demo", True, ""),
    ],
)
def test_server_starts_only_where_mode_and_database_agree(db, mode, name, marked, refused):
    mode(name)
    if marked:
        mark()

    assert is_marked() is marked
    assert is_demo() is (name == "demo" and marked)
    if refused:
        with pytest.raises(ImproperlyConfigured, match=refused):
            refuse_mismatch()
    else:
        refuse_mismatch()


@pytest.mark.parametrize(
    ("name", "marked"), [("production", False), ("production", True), ("demo", False)]
)
def test_T11_nobody_signs_in_without_a_password_outside_the_demo(db, client, mode, name, marked):
    mode(name)
    user = UserFactory()
    if marked:
        mark()

    answers = [
        client.get(reverse("demo:sign_in")),
        client.get(reverse("demo:about")),
        client.post(reverse("demo:sign_in_as", args=[1, user.pk])),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "_auth_user_id" not in client.session


def test_sign_in_page_offers_the_demo_in_the_demo_only(db, client, mode):
    address = reverse("demo:sign_in")
    mode("production")
    assert address not in client.get(reverse("account_login")).content.decode()

    mode("demo")

    text = client.get(reverse("account_login")).content.decode()
    assert address in text
    assert "Đăng nhập thử" in text


def test_mark_is_single(db):
    mark()

    with pytest.raises(IntegrityError), transaction.atomic():
        DemoMark.objects.create(pk=2, made_at=timezone.now())
    assert str(DemoMark.objects.get()).startswith("Dữ liệu dùng thử từ ")


def test_load_demo_refuses_a_database_with_people_in_it(db):
    UserFactory()

    with pytest.raises(RuleError, match="đã có người dùng"):
        load_demo()

    assert not DemoMark.objects.exists()
    assert not Organisation.objects.exists()


def test_command_refuses_to_fill_a_database_with_people_in_it(db, mode, capsys):
    UserFactory()
    mode("demo")

    assert cli.run(["demo", "load"]) == 1

    assert "đã có người dùng nên không nạp" in capsys.readouterr().out
    assert User.objects.count() == 1


@pytest.mark.parametrize("act", [["load"], ["serve"], ["reset", "--yes"]])
def test_commands_of_the_demo_work_in_its_mode_only(db, mode, capsys, act):
    mode("production")

    assert cli.run(["demo", *act]) == 1

    assert "chỉ chạy khi THIDUA_MODE=demo" in capsys.readouterr().out


def test_reset_refuses_a_database_without_the_mark(db, mode, capsys, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_DIR.mkdir()
    user = UserFactory()
    mode("demo")

    assert cli.run(["demo", "reset", "--yes"]) == 1

    assert "không phải bản dùng thử nên không xoá" in capsys.readouterr().out
    assert User.objects.get() == user
    assert settings.FILES_DIR.exists()
