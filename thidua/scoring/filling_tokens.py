"""What was read from a form, carried signed through the person's preview and back."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core import signing

from thidua.accounts.models import User
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim
from thidua.scoring.models import ScoreSheet
from thidua.scoring.services.filling import FilledLine, Filling
from thidua.scoring.tables import claim_text

SALT = "thidua.scoring.filling"
HOURS = 12
# The rest of the posted form is small.
LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 16 * 1024
GONE = "Bản xem trước không còn dùng được. Hãy nạp lại biểu từ đầu."


def to_token(filling: Filling, sheet: ScoreSheet, user: User) -> str:
    """Signed text for this person and this sheet; RuleError when it would be too much to post."""
    content = {
        "for": [sheet.pk, user.pk],
        "lines": [_line_to_data(line) for line in filling.lines],
        "figures": None if filling.figures is None else dict(filling.figures),
        "figures_version": filling.figures_version,
        "name": filling.name,
        "sha256": filling.sha256,
        "made_at": filling.made_at.isoformat() if filling.made_at else None,
    }
    token = signing.dumps(content, salt=SALT, compress=True)
    if len(token) > LARGEST:
        raise RuleError(
            "Biểu thay đổi quá nhiều nội dung trong một lần. Hãy rút gọn thuyết minh, hoặc nạp một "
            "phần các tiêu chí trước."
        )
    return token


def from_token(token: str, sheet: ScoreSheet, user: User) -> Filling:
    """The same again; RuleError when it is none, too old, or somebody else's."""
    try:
        content = signing.loads(token, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature as error:
        raise RuleError(GONE) from error
    if content["for"] != [sheet.pk, user.pk]:
        raise RuleError(GONE)
    return Filling(
        lines=tuple(_line_from_data(each) for each in content["lines"]),
        figures=content["figures"],
        figures_version=content["figures_version"],
        name=content["name"],
        sha256=content["sha256"],
        made_at=datetime.fromisoformat(content["made_at"]) if content["made_at"] else None,
    )


def _line_to_data(line: FilledLine) -> dict[str, Any]:
    return {
        "score": line.score,
        "version": line.version,
        "claim": claim_text(line.claim),
        "facts": dict(line.facts),
        "explanation": line.explanation,
    }


def _line_from_data(data: dict[str, Any]) -> FilledLine:
    parts = {name: None if text is None else Decimal(text) for name, text in data["claim"].items()}
    return FilledLine(
        score=data["score"],
        version=data["version"],
        claim=Claim(**parts),
        facts=data["facts"],
        explanation=data["explanation"],
    )
