"""Writes into `regulations.md` what follows from the data: every clock, every rule of every form.

python docs/regulations.py            # rewrite the generated part
python docs/regulations.py --check    # 1 when it is out of date, or names a test that is not there
"""

import ast
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from thidua.rules.deadlines import Basis as ClockBasis
from thidua.rules.deadlines import shipped_clocks
from thidua.rules.deadlines.clocks import Clock, Version
from thidua.rules.reporting import Basis, Check, Edition, Template, editions

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "regulations.md"
BEGIN, END = "<!-- generated -->\n", "<!-- /generated -->\n"
TEST = re.compile(r"`(test_\w+)`")
CLOCK_TEST = "test_clock_gives_its_day_by_its_article"
CHECK_TEST = "test_each_check_is_silent_when_it_holds_and_speaks_when_one_cell_is_broken"
BASES = {
    Basis.PRINTED: "in trên biểu",
    Basis.CARRIED: "tồn đầu kỳ bằng tồn cuối kỳ trước",
    Basis.LOGICAL: "suy ra (cảnh báo)",
}


def clock_table() -> Iterator[str]:
    """Every version of every clock, by group: law, article, days, since when, what tests it."""
    tests = _tests_by_code()
    for group, clocks in groupby(shipped_clocks().values(), key=lambda clock: clock.group):
        yield f"### {group}\n"
        yield "| Văn bản, điều | Thời hạn | Mã (`thidua deadline …`) | Hiệu lực | Kiểm thử |"
        yield "|---|---|---|---|---|"
        for clock in clocks:
            for version in clock.versions:
                yield _clock_row(clock, version, tests[clock.code])
        yield ""


def _clock_row(clock: Clock, version: Version, tests: list[str]) -> str:
    lengths = ", ".join(dict.fromkeys(str(length) for length in version.lengths.values()))
    setting = " (**thiết lập**)" if version.basis == ClockBasis.SETTING else ""
    until = f" – {version.valid_to:%d/%m/%Y}" if version.valid_to else " →"
    return (
        f"| {version.citation}{setting} | {clock.name}: {lengths} | `{clock.code}` "
        f"| {version.valid_from:%d/%m/%Y}{until} | {', '.join(f'`{name}`' for name in tests)} |"
    )


def _tests_by_code() -> dict[str, list[str]]:
    """The tests whose text, or whose table of examples, names a clock."""
    found: dict[str, list[str]] = {code: [CLOCK_TEST] for code in shipped_clocks()}
    for path in sorted((ROOT / "tests" / "rules").glob("test_deadlines_*.py")):
        source = path.read_text(encoding="utf-8")
        for node in ast.parse(source).body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            text = "\n".join(
                ast.get_source_segment(source, part) or "" for part in (*node.decorator_list, node)
            )
            for code, names in found.items():
                if f'"{code}"' in text and node.name not in names:
                    names.append(node.name)
    return found


def form_tables() -> Iterator[str]:
    """Every edition of forms with the rules of each form."""
    for edition in editions():
        until = f"{edition.valid_to:%d/%m/%Y}" if edition.valid_to else "nay"
        partial = " Chưa đủ biểu; các biểu thiếu được nêu tên khi dùng." if edition.partial else ""
        yield f"### {edition.key}: {edition.document} ({edition.valid_from:%d/%m/%Y} – {until})\n"
        yield f"Dữ liệu: `thidua/rules/reporting/data/{edition.key.lower()}.toml`.{partial}\n"
        yield "| Biểu | Số cột | Kiểm tra | Loại |"
        yield "|---|---|---|---|"
        yield from _forms(edition)
        yield ""


def _forms(edition: Edition) -> Iterator[str]:
    for template in edition.templates:
        yield from _rules(f"{template.code} {template.title}", template, template.checks)
    yield from _rules("giữa các biểu", None, edition.checks)


def _rules(name: str, template: Template | None, checks: tuple[Check, ...]) -> Iterator[str]:
    columns = str(len(template.indicators)) if template else ""
    if not checks and template:
        yield f"| {name} | {columns} | không có | |"
    for basis in Basis:
        rules = "; ".join(f"`{check.rule}`" for check in checks if check.basis == basis)
        if rules:
            yield f"| {name} | {columns} | {rules} | {BASES[basis]} |"


def generated() -> str:
    """The whole generated part."""
    lines = [
        "## Từng thời hạn\n",
        "Tính ở `thidua/rules/deadlines/computing.py: compute`, dữ liệu ở "
        "`thidua/rules/deadlines/data/clocks/`. Mỗi dòng là một giai đoạn hiệu lực. “Thiết lập” là số ngày "
        "chưa đối chiếu được với văn bản: người quản trị đặt lại được.\n",
        *clock_table(),
        "## Từng kiểm tra của biểu mẫu\n",
        f"Tính ở `thidua/rules/reporting/checks.py: check_report`. Mỗi kiểm tra dưới đây có một lần đúng và "
        f"một lần sai trong `{CHECK_TEST}` (tham số mang tên kiểm tra).\n",
        *form_tables(),
    ]
    return "\n".join(lines)


def unknown_tests(text: str) -> list[str]:
    """Names of tests on the page that no file has."""
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in (*re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8")), path.stem)
    }
    return sorted(set(TEST.findall(text)) - known)


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    fresh = f"{before}{BEGIN}\n{generated()}\n{END}{after}"
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
    missing = unknown_tests(fresh)
    if missing:
        print("regulations.md names tests that do not exist:", *missing, file=sys.stderr)  # noqa: T201
    return int(bool(missing) or ("--check" in sys.argv[1:] and fresh != text))


if __name__ == "__main__":
    sys.exit(main())
