"""Issued tables, submitted claims and finalised points never change (threat model T03)."""

from django.db import migrations

from thidua.audit.triggers import guard

TABLE = "Bảng điểm đã ban hành nên không thay đổi được."
CLAIM = "Điểm tự chấm đã nộp nên không thay đổi được."
FINAL = "Bảng chấm điểm đã chốt nên không thay đổi được."

ISSUED = (
    "EXISTS (SELECT 1 FROM scoring_criteriaset s "
    "WHERE s.id = {row}.criteria_set_id AND s.state = 'issued')"
)
SHEET = "EXISTS (SELECT 1 FROM scoring_scoresheet s WHERE s.id = {row}.sheet_id AND s.state {test})"


def same(*names: str) -> str:
    """Columns that keep their value. Never NULL itself: a comparison with NULL would be, and a
    trigger whose condition is NULL does not fire."""
    return " AND ".join(
        f"COALESCE(OLD.{name} = NEW.{name}, OLD.{name} IS NULL AND NEW.{name} IS NULL)"
        for name in names
    )


SAME_CLAIM = same(
    "base", "bonus", "deduction", "explanation", "self_points", "criterion_id", "sheet_id"
)
# A sheet handed in is never opened again, and its claimed total stands.
SAME_SUBMISSION = "NEW.state <> 'draft' AND " + same(
    "self_score", "submitted_at", "submitted_by_id", "membership_id", "criteria_set_id"
)
EVIDENCE = (
    "EXISTS (SELECT 1 FROM scoring_scoresheet s JOIN scoring_criterionscore c ON c.sheet_id = s.id "
    "WHERE c.id = {row}.score_id AND s.state <> 'draft')"
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        guard("scoring_criteriaset", ["UPDATE", "DELETE"], TABLE, "OLD.state = 'issued'"),
        guard("scoring_criterion", ["UPDATE", "DELETE"], TABLE, ISSUED.format(row="OLD")),
        guard("scoring_criterion", ["INSERT"], TABLE, ISSUED.format(row="NEW")),
        guard("scoring_scoresheet", ["UPDATE", "DELETE"], FINAL, "OLD.state = 'finalised'"),
        guard(
            "scoring_scoresheet",
            ["UPDATE"],
            CLAIM,
            f"OLD.state = 'submitted' AND NOT ({SAME_SUBMISSION})",
            name="scoring_submission_no",
        ),
        guard(
            "scoring_criterionscore",
            ["UPDATE"],
            FINAL,
            SHEET.format(row="OLD", test="= 'finalised'"),
        ),
        guard(
            "scoring_criterionscore",
            ["UPDATE"],
            CLAIM,
            SHEET.format(row="OLD", test="<> 'draft'") + f" AND NOT ({SAME_CLAIM})",
            name="scoring_claim_no",
        ),
        guard(
            "scoring_criterionscore",
            ["DELETE"],
            CLAIM,
            SHEET.format(row="OLD", test="<> 'draft'"),
        ),
        guard(
            "scoring_criterionscore",
            ["INSERT"],
            CLAIM,
            SHEET.format(row="NEW", test="<> 'draft'"),
        ),
        guard("scoring_evidence", ["UPDATE", "DELETE"], CLAIM, EVIDENCE.format(row="OLD")),
        guard("scoring_evidence", ["INSERT"], CLAIM, EVIDENCE.format(row="NEW")),
        guard("scoring_completedsection", ["UPDATE", "DELETE"], FINAL),
    ]
