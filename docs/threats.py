"""Writes into `bao-mat.md` which tests carry the id of which threat row.

python docs/threats.py            # rewrite the list
python docs/threats.py --check    # 1 when the list is out of date
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "bao-mat.md"
NAMED = re.compile(r"test_([TR]\d\d)_(\w+)", re.IGNORECASE)
BEGIN, END = "<!-- threats -->\n", "<!-- /threats -->\n"


def named_tests() -> Iterator[tuple[str, str, str]]:
    """(row, file, rest of the name) of each test that carries an id, in order of the files."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = isinstance(node, ast.FunctionDef) and NAMED.fullmatch(node.name)
            if found:
                yield found[1].upper(), path.relative_to(ROOT).as_posix(), found[2]


def listing() -> str:
    """The list in Markdown, by row and file."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row, path, name in named_tests():
        rows[row][path].append(name)
    # Attacks before faults, as in the threat model.
    order = sorted(rows, key=lambda row: (row[0] != "T", row))
    return "\n".join(_section(row, rows[row]) for row in order)


def _section(row: str, files: dict[str, list[str]]) -> str:
    count = sum(len(names) for names in files.values())
    lines = [f"### {row}: {count} kiểm thử", ""]
    for path, names in files.items():
        lines.append(f"- `{path}`: " + "; ".join(name.replace("_", " ") for name in names))
    return "\n".join(lines) + "\n"


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    fresh = f"{before}{BEGIN}\n{listing()}\n{END}{after}"
    if "--check" in sys.argv[1:]:
        return int(fresh != text)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
