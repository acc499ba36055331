"""The command line `thidua` (design D14).

Commands that need no database work anywhere, also on a signer's own machine; the others set up
Django first. What a command prints for machines is JSON with `--json`.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thidua.arguments import Parser


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["sheet"]:
        # Work of bounded size, after which the process ends: looking for garbage only takes time.
        gc.disable()
    code = run(arguments)
    # What is left is given back with the process; nobody needs it sorted first.
    gc.freeze()
    sys.exit(code)


def run(argv: Sequence[str]) -> int:
    """Run one command; 0 done, 1 refused or problems found, 2 wrong usage or an unreadable sheet."""
    if argv and argv[0] == "manage":
        return _django_admin(argv[1:])
    parser = Parser(prog="thidua", description="Thi đua – phần mềm cho cụm thi đua.")
    commands: argparse._SubParsersAction[Any] = parser.add_subparsers(
        dest="command", required=True, metavar="LỆNH"
    )
    commands.add_parser("manage", help="lệnh quản trị của Django", add_help=False)
    commands.add_parser("compile-messages", help="dịch các tệp ngôn ngữ khi cài đặt")
    _add_sheets(commands)
    _add_deadlines(commands)
    # These are short commands: they do not wait for what the others import.
    if argv[:1] not in (["sheet"], ["deadline"], ["periods"]):
        _add_signing(commands)
        _add_ballots(commands)
        _add_workbooks(commands)
        _add_server(commands)
    arguments = parser.parse_args(argv)
    if arguments.command == "compile-messages":
        return _compile_messages()
    handler = arguments.run
    if getattr(arguments, "needs_django", False):
        _set_up_django()
        refused = _refused_here(arguments.command)
        if refused:
            print(refused, file=sys.stderr)  # noqa: T201
            return 1
    return int(handler(arguments) or 0)


def _add_sheets(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from thidua.workbooks import sheet_command

    sheet_command.add_parser(commands)


def _add_deadlines(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from thidua.reporting import deadline_command, periods_command

    deadline_command.add_parser(commands)
    periods_command.add_parser(commands)


def _add_signing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from thidua.documents.signing import command

    command.add_parser(commands)


def _add_ballots(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from thidua.ballots import teller_command, verify_command

    for command in (verify_command, teller_command):
        command.add_parser(commands)


def _add_workbooks(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from thidua.workbooks import command

    command.add_parser(commands)


def _add_server(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Commands on the server's own database."""
    from thidua.demo import command as demo
    from thidua.documents import command as documents
    from thidua.home import command as home
    from thidua.home import year_command as year

    for area in (home, year, documents, demo):
        area.add_parser(commands)


def _compile_messages() -> int:
    from thidua.accounts.messages import compile_messages

    compile_messages(Path(__file__).resolve().parent.parent / "locale")
    return 0


def _set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def _refused_here(command: str) -> str:
    """Why no command of real work may touch this database; empty where it may.

    Background work in the demo's mode would tell a real year's people nothing and say it did.
    """
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    from thidua.demo.guard import refuse_mismatch

    if not settings.PRODUCTION and not (settings.DEMO and command == "work"):
        return ""
    try:
        refuse_mismatch()
    except ImproperlyConfigured as error:
        return str(error)
    return ""


def _django_admin(argv: Sequence[str]) -> int:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(["thidua manage", *argv])
    return 0
