"""`thidua work`, `serve --no-worker` and the settings of the mail server."""

from argparse import ArgumentParser
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from tests.config.test_settings import run
from tests.notices import made
from thidua.cli import _refused_here
from thidua.home import command
from thidua.notices import schedules
from thidua.notices.console import EmailBackend
from thidua.notices.jobs import enqueue
from thidua.notices.models import Worker
from thidua.notices.outbox import letter

MAIL = (
    "-c",
    "import config.settings as s; print(s.MAIL_CONFIGURED, s.EMAIL_BACKEND.split('.')[-2], "
    "s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_HOST_USER, s.EMAIL_HOST_PASSWORD, s.EMAIL_USE_TLS, "
    "s.DEFAULT_FROM_EMAIL, sep='|')",
)


def parsed(*words: str):
    parser = ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "False|dummy|localhost|25|||False|Thi đua <thi-dua@thidua.example>"),
        (
            "smtp+tls://gui%40tinh.vn:m%40t@thu.tinh.vn:587",
            "True|smtp|thu.tinh.vn|587|gui@tinh.vn|m@t|True|Thi đua <thi-dua@thidua.example>",
        ),
        ("consolemail://", "True|console|localhost|25|||False|Thi đua <thi-dua@thidua.example>"),
    ],
)
def test_the_mail_server_is_set_by_one_address(tmp_path, address, said):
    done = run(tmp_path, *MAIL, THIDUA_MODE="production", THIDUA_EMAIL_URL=address)

    assert done.stdout.strip() == said


def test_a_wrong_mail_address_is_refused_in_words(tmp_path):
    done = run(tmp_path, *MAIL, THIDUA_MODE="production", THIDUA_EMAIL_URL="http://thu.tinh.vn")

    assert done.returncode != 0
    assert "THIDUA_EMAIL_URL chỉ nhận địa chỉ dạng smtp+tls://" in done.stderr


@pytest.fixture
def _test_server(monkeypatch):
    """A PostgreSQL that only serves tests may run without fsync; `thidua work` would refuse it."""
    monkeypatch.setattr("config.database.refuse_unsafe", lambda _: None)


@pytest.mark.usefixtures("_test_server")
@pytest.mark.django_db
def test_work_says_when_the_database_is_not_there_yet(monkeypatch, capsys):
    def no_table(**_):
        raise OperationalError("no such table")

    monkeypatch.setattr("thidua.notices.worker.work", no_table)

    assert command.run_work(parsed("work")) == 1

    assert "Hãy chạy: thidua setup" in capsys.readouterr().out


@pytest.mark.django_db
def test_work_in_the_demos_mode_touches_no_database_but_the_demos(settings):
    settings.DEMO = True

    assert "không phải bản dùng thử" in _refused_here("work")
    assert _refused_here("demo") == ""


@pytest.mark.usefixtures("_test_server")
@pytest.mark.django_db
def test_work_once_does_what_is_due_and_ends(monkeypatch, mailoutbox):
    monkeypatch.setattr(schedules, "_registered", {})
    monkeypatch.setattr("thidua.notices.worker.signal.signal", lambda *_: None)
    made.done.clear()
    enqueue(made.write_down, text="chào")
    made.letter_to(made.reachable(), at=made.NOON)

    assert command.run_work(parsed("work", "--once")) == 0

    assert made.done == ["chào"]
    assert len(mailoutbox) == 1
    assert Worker.objects.get().ended_at is not None


@pytest.mark.parametrize(("words", "workers"), [(["serve"], 1), (["serve", "--no-worker"], 0)])
def test_serve_starts_one_worker_unless_told_not_to(monkeypatch, words, workers):
    started = []

    @contextmanager
    def beside():
        started.append("chạy")
        yield
        started.append("dừng")

    monkeypatch.setattr("multiprocessing.set_start_method", lambda *_, **__: None)
    monkeypatch.setattr("granian.Granian", lambda *_, **__: SimpleNamespace(serve=lambda: None))
    monkeypatch.setattr("thidua.notices.supervisor.worker_beside", beside)

    assert command.run_serve(parsed(*words)) == 0

    assert started == ["chạy", "dừng"] * workers


@pytest.mark.django_db
def test_letters_of_the_demo_are_readable_on_the_terminal(capsys):
    sent = made.letter_to(made.reachable(), title="Đôn đốc báo cáo quý I")

    assert EmailBackend().send_messages([letter(sent)]) == 1

    told = capsys.readouterr().out
    assert "Thư gửi nhan@tinh.gov.vn" in told
    assert "Đôn đốc báo cáo quý I" in told
    assert "Còn 3 ngày nữa" in told
