"""The command line's own words in Vietnamese – argparse knows only English – and its output file."""

import argparse
import errno
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

_SAID = (
    (r"the following arguments are required: (.+)", r"còn thiếu \1"),
    (r"one of the arguments (.+) is required", r"cần một trong các tuỳ chọn \1"),
    (r"unrecognized arguments: (.+)", r"không có tham số “\1”"),
    (r"argument (.+): expected (?:at least )?one argument", r"\1 cần một giá trị"),
    (r"argument (.+): expected (\d+) arguments", r"\1 cần \2 giá trị"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 không dùng cùng \2"),
    (
        r"argument (.+): invalid choice: '?(.*?)'? \(choose from (.+)\)",
        r"\1 không có “\2”; hãy chọn một trong: \3",
    ),
    (r"argument (.+): invalid int value: '(.*)'", r"\1 phải là số nguyên, không phải “\2”"),
    (r"argument (.+): (.+)", r"\1: \2"),
    (r"ambiguous option: (.+) could match (.+)", r"“\1” chưa rõ là tuỳ chọn nào: \2"),
)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that explains itself and its refusals in Vietnamese; parsers below it do the same."""

    def __init__(self, *, add_help: bool = True, **kwargs: Any) -> None:
        super().__init__(add_help=False, **{"formatter_class": _Formatter, **kwargs})
        self._positionals.title = "Tham số"
        self._optionals.title = "Tuỳ chọn"
        if add_help:
            self.add_argument("-h", "--help", action="help", help="hiện phần hướng dẫn này")

    def error(self, message: str) -> NoReturn:
        """One sentence and the way out; exit status 2."""
        said = message
        for pattern, words in _SAID:
            if re.fullmatch(pattern, message, re.DOTALL):
                said = re.sub(pattern, words, message, flags=re.DOTALL)
                break
        said = said.replace("'", "")
        sys.stderr.write(f"Lệnh chưa đúng: {said}. Xem cách dùng: {self.prog} --help\n")
        sys.exit(2)


def add_out(parser: argparse.ArgumentParser, *, metavar: str) -> None:
    """`--out` and `--overwrite`, for a command that makes one file (`write_out`)."""
    parser.add_argument("--out", required=True, type=Path, metavar=metavar, help="tệp tạo ra")
    parser.add_argument("--overwrite", action="store_true", help="ghi đè nếu tệp đã có")


def write_out(options: argparse.Namespace, data: bytes) -> None:
    """Write what a command made; OSError EEXIST where work of somebody would be lost."""
    out: Path = options.out
    if not options.overwrite and out.exists() and out.stat().st_size:
        raise FileExistsError(errno.EEXIST, "exists", str(out))
    out.write_bytes(data)
