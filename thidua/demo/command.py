"""`thidua demo …`: load the demo year, serve it, start over."""

import argparse
import os
import shutil
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"  # the demo signs people in without a password: never another address
PORT = 8000


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `demo` with its three acts."""
    demo = commands.add_parser("demo", help="bản dùng thử trên máy này")
    acts = demo.add_subparsers(dest="act", required=True, metavar="VIỆC")
    serve = acts.add_parser("serve", help="nạp (nếu chưa có) và mở bản dùng thử")
    serve.add_argument("--port", type=int, default=PORT)
    _add_start(serve)
    serve.add_argument("--no-worker", action="store_true", help="không chạy việc nền")
    serve.set_defaults(run=run_serve, needs_django=True)
    load = acts.add_parser("load", help="chỉ nạp dữ liệu dùng thử")
    _add_start(load)
    load.set_defaults(run=run_load, needs_django=True)
    reset = acts.add_parser("reset", help="xoá bản dùng thử để làm lại từ đầu")
    reset.add_argument("--yes", action="store_true", required=True, help="đồng ý xoá")
    reset.set_defaults(run=run_reset, needs_django=True)


def _add_start(act: argparse.ArgumentParser) -> None:
    act.add_argument(
        "--before-launch",
        action="store_true",
        help="để năm 2024 ở lúc chưa phát động, cho người muốn tự đi từ đầu năm",
    )


def say(line: str = "") -> None:
    """One line to the terminal."""
    print(line, flush=True)  # noqa: T201


def _only_in_demo_mode() -> bool:
    from django.conf import settings

    if not settings.DEMO:
        say("Lệnh này chỉ chạy khi THIDUA_MODE=demo (hãy dùng: make run).")
    return bool(settings.DEMO)


def run_load(arguments: argparse.Namespace) -> int:
    """Create the tables and fill an empty database; nothing when it is the demo already."""
    if not _only_in_demo_mode():
        return 1
    return 0 if _load(before_launch=arguments.before_launch) else 1


def _load(*, before_launch: bool) -> bool:
    from django.core.management import call_command

    from thidua.demo.guard import is_marked
    from thidua.demo.loading import load_demo
    from thidua.rules.errors import RuleError

    call_command("migrate", verbosity=0)
    if is_marked():
        return True
    say("Đang nạp năm thi đua dùng thử…")
    try:
        load_demo(base_case_played=not before_launch)
    except RuleError as error:
        say(str(error))
        return False
    return True


def run_serve(arguments: argparse.Namespace) -> int:
    """Load if needed, say where and how to sign in, and serve until stopped."""
    from django.conf import settings

    from thidua.home.command import serve
    from thidua.home.static import collect_static

    if not _only_in_demo_mode():
        return 1
    # Printed in the QR codes of the papers that loading makes, and by the workers started below.
    address = f"http://{HOST}:{arguments.port}"
    settings.PUBLIC_URL = os.environ["THIDUA_PUBLIC_URL"] = address
    if not _load(before_launch=arguments.before_launch):
        return 1
    collect_static()
    _say_where(arguments.port)
    serve(host=HOST, port=arguments.port, with_worker=not arguments.no_worker)
    return 0


def _say_where(port: int) -> None:
    from thidua.demo.people import certificates_dir, demo_data, teller_keys_dir

    say()
    say(f"  Thi đua – bản dùng thử:  http://{HOST}:{port}/")
    say("  Đăng nhập: mở địa chỉ trên, bấm “Đăng nhập thử”, chọn một vai (không cần mật khẩu).")
    say(f"  Ký giao ước: tệp khoá dùng thử ở {_short(certificates_dir())}/,")
    say(f"  kiểm phiếu kín: tệp khoá của ba người kiểm phiếu ở {_short(teller_keys_dir())}/,")
    say(f"  mật khẩu tệp khoá: {demo_data()['passphrase']}")
    say("  Làm lại từ đầu: make demo-fresh.  Dừng: Ctrl+C.")
    say("  Tự đi năm 2024 từ lúc phát động: dừng lại, xoá bằng thidua demo reset --yes,")
    say("  rồi mở bằng thidua demo serve --before-launch (đều với THIDUA_MODE=demo).")
    say()


def _short(path: Path) -> str:
    """Relative to where the person stands, when that is shorter."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def run_reset(arguments: argparse.Namespace) -> int:
    """Remove the demo's database and files; refuses a database without the demo's mark."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from thidua.demo.guard import is_marked
    from thidua.demo.people import certificates_dir, teller_keys_dir

    if not _only_in_demo_mode():
        return 1
    if connection.introspection.table_names() and not is_marked():
        say("Cơ sở dữ liệu này không phải bản dùng thử nên không xoá.")
        return 1
    if connection.vendor == "sqlite":
        name: Any = settings.DATABASES["default"]["NAME"]
        connection.close()
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{name}{suffix}").unlink(missing_ok=True)
    else:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", verbosity=0)
    for folder in (settings.FILES_DIR, certificates_dir(), teller_keys_dir()):
        shutil.rmtree(folder, ignore_errors=True)
    say("Đã xoá bản dùng thử.")
    return 0
