"""`thidua setup`, `serve`, `work`, `files`, `cleanup`: the server's own commands."""

import argparse
import getpass
import json
import multiprocessing
import os
import sys
from contextlib import nullcontext
from datetime import timedelta

# A repetition of an older post is no double click any more.
POSTS_KEPT = timedelta(days=7)


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the commands of a real server."""
    setup = commands.add_parser("setup", help="tạo cơ sở dữ liệu và người quản trị đầu tiên")
    setup.add_argument("--admin", metavar="TÊN", help="tên đăng nhập của người quản trị đầu tiên")
    setup.add_argument("--full-name", metavar="HỌ TÊN", default="Quản trị hệ thống")
    setup.set_defaults(run=run_setup, needs_django=True)
    server = commands.add_parser("serve", help="chạy máy chủ")
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", type=int, default=8000)
    server.add_argument(
        "--no-worker", action="store_true", help="không chạy việc nền trên máy này (thidua work)"
    )
    server.set_defaults(run=run_serve, needs_django=True)
    worker = commands.add_parser("work", help="chạy việc nền: lịch chạy, việc chờ, thư gửi đi")
    worker.add_argument("--once", action="store_true", help="làm hết việc đến hạn rồi dừng")
    worker.set_defaults(run=run_work, needs_django=True)
    files = commands.add_parser("files", help="kiểm tra mã băm mọi tệp đã tiếp nhận")
    files.add_argument("--json", action="store_true")
    files.set_defaults(run=run_files, needs_django=True)
    cleanup = commands.add_parser("cleanup", help="dọn phiên, lần gửi và lần sai mật khẩu đã cũ")
    cleanup.add_argument("--json", action="store_true")
    cleanup.set_defaults(run=run_cleanup, needs_django=True)


def say(line: str = "") -> None:
    """One line to the terminal."""
    print(line, flush=True)  # noqa: T201


def run_setup(arguments: argparse.Namespace) -> int:
    """Tables, static files, organisations; the first administrator when none exists."""
    from django.core.management import call_command

    from thidua.home.static import collect_static
    from thidua.organisations.loading import load_organisations
    from thidua.organisations.models import Assignment

    call_command("migrate", verbosity=0)
    collect_static()
    load_organisations()
    if Assignment.objects.filter(role=Assignment.Role.ADMINISTRATOR).exists():
        say("Đã cập nhật cơ sở dữ liệu. Người quản trị đã có sẵn.")
        return 0
    if not arguments.admin:
        say("Chưa có người quản trị. Hãy chạy lại với: thidua setup --admin TÊN_ĐĂNG_NHẬP")
        return 1
    return _first_administrator(arguments.admin, arguments.full_name)


def _first_administrator(username: str, full_name: str) -> int:
    """Ask for the password and make the account; 1 with the reason where that is refused."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from thidua.accounts.models import User
    from thidua.organisations.services import add_first_administrator
    from thidua.rules.errors import RuleError

    password = _ask_password()
    try:
        validate_password(password, User(username=username, full_name=full_name))
        user = add_first_administrator(
            username=username, full_name=full_name, password=password, at=timezone.now()
        )
    except ValidationError as error:
        say("Mật khẩu chưa đạt: " + " ".join(error.messages))
        return 1
    except RuleError as error:
        say(str(error))
        return 1
    say(f"Đã tạo người quản trị “{user.username}”. Tiếp theo: thidua serve.")
    return 0


def _ask_password() -> str:
    """From the terminal, or one line from a pipe."""
    if sys.stdin.isatty():
        return getpass.getpass("Mật khẩu người quản trị: ")
    return sys.stdin.readline().rstrip("\r\n")


def serve(*, host: str, port: int, with_worker: bool = True) -> None:
    """Granian with two worker processes of four threads, until stopped (design: dependencies).

    Beside it a process that does the background work (decision 0013), ended with it.
    """
    from granian import Granian
    from granian.constants import Interfaces

    from thidua.notices.supervisor import worker_beside

    # A forked worker would inherit the locks of Typst's threads, but not the threads: once this
    # process had made a paper (loading the demo does), every paper of a worker would hang.
    multiprocessing.set_start_method("spawn", force=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    server = Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        log_access=False,
    )
    with worker_beside() if with_worker else nullcontext():
        server.serve()


def run_serve(arguments: argparse.Namespace) -> int:
    """Serve real data; `config.wsgi` refuses a database of the demo."""
    serve(host=arguments.host, port=arguments.port, with_worker=not arguments.no_worker)
    return 0


def run_work(arguments: argparse.Namespace) -> int:
    """The background work of this machine, until stopped; several machines may do so at once."""
    from django.db import DatabaseError, connection

    from config.database import refuse_unsafe
    from thidua.notices.worker import work

    try:
        refuse_unsafe(connection)
        work(once=arguments.once)
    except DatabaseError:
        say("Chưa bắt đầu được việc nền: cơ sở dữ liệu chưa sẵn sàng. Hãy chạy: thidua setup")
        return 1
    return 0


def run_files(arguments: argparse.Namespace) -> int:
    """Re-check every received file against its SHA-256; heal from the second copy (T04)."""
    from thidua.documents import storage
    from thidua.documents.models import StoredFile

    known = StoredFile.objects.values_list("sha256", flat=True).distinct().order_by("sha256")
    found = list(storage.damaged(known.iterator()))
    healed = [sha256 for sha256, is_healed in found if is_healed]
    lost = [sha256 for sha256, is_healed in found if not is_healed]
    if arguments.json:
        say(json.dumps({"healed": healed, "lost": lost}))
        return 1 if lost else 0
    for sha256 in healed:
        say(f"{sha256}: đã khôi phục từ bản thứ hai")
    for sha256 in lost:
        say(f"{sha256}: MẤT, cả hai bản đều hỏng; hãy khôi phục từ bản sao lưu")
    if not found:
        say("Mọi tệp còn nguyên, cả hai bản.")
    return 1 if lost else 0


def run_cleanup(arguments: argparse.Namespace) -> int:
    """Remove what nobody needs any more; the journal and everything people entered stay."""
    from django.utils import timezone

    from thidua.accounts.once import forget_old_posts
    from thidua.accounts.services import forget_ended_sessions, forget_old_failures

    now = timezone.now()
    removed = {
        "sessions": forget_ended_sessions(now),
        "posts": forget_old_posts(now - POSTS_KEPT),
        "failures": forget_old_failures(now),
    }
    if arguments.json:
        say(json.dumps(removed))
        return 0
    say(f"Phiên đăng nhập đã hết hạn: dọn {removed['sessions']}")
    say(f"Mã lần gửi biểu mẫu cũ hơn {POSTS_KEPT.days} ngày: dọn {removed['posts']}")
    say(f"Lần sai mật khẩu không còn tính: dọn {removed['failures']}")
    return 0
