"""Papers that members attach: small workbooks that say of themselves what they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from thidua.accounts.models import User
from thidua.scoring.models import CriterionScore
from thidua.scoring.services import add_evidence
from thidua.workbooks.writing import Column, write_table


def add_demo_evidence(
    rows: Sequence[tuple[CriterionScore, Mapping[str, Any]]], *, actor: User, at: datetime
) -> None:
    """Attach the script's papers; the same name is the same paper, byte for byte."""
    for score, row in rows:
        add_evidence(
            score=score,
            data=_paper(row["name"]),
            name=row["name"],
            description="Tài liệu minh hoạ của bản dùng thử",
            dated_on=row["dated_on"],
            actor=actor,
            at=at,
        )


@cache
def _paper(name: str) -> bytes:
    return write_table(
        "Tài liệu minh hoạ của bản dùng thử",
        [Column("Tên tài liệu", 45), Column("Ghi chú", 60)],
        [(name, "Nội dung đặt ra để minh hoạ, không phải tài liệu của cơ quan nào.")],
        sheet="Minh hoạ",
    )
