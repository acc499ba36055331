"""What of the demo is real and what is made up: one list for the page and for docs/demo.md."""

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "facts.toml"

HEADING = """# Dữ liệu của bản dùng thử

Bản dùng thử dựng lại hội nghị ký giao ước thi đua năm 2024 của Cụm Thi đua số 2 ngành Thanh tra.
Chỗ nào nguồn công khai không nói, dữ liệu được đặt ra để minh hoạ. Trang “Dữ liệu nào là thật?”
của bản dùng thử hiện đúng bảng này; cả hai lấy từ `thidua/demo/data/facts.toml`.
"""


def demo_facts() -> list[dict[str, Any]]:
    """Parts with a `title` and facts of `what`, `real` and `source`."""
    parts: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["part"]
    return parts


def as_markdown() -> str:
    """The text of docs/demo.md."""
    lines = [HEADING]
    for part in demo_facts():
        lines += [f"## {part['title']}", "", "| Dữ liệu | | Nguồn, ghi chú |", "|---|---|---|"]
        for fact in part["fact"]:
            kind = "Thật" if fact["real"] else "Minh hoạ"
            lines.append(f"| {fact['what']} | {kind} | {fact['source']} |")
        lines.append("")
    return "\n".join(lines)
