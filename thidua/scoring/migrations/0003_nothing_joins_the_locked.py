"""Nor is a row moved into what is locked: an issued table, a submitted or a final sheet (T03)."""

from django.db import migrations

from thidua.audit.triggers import guard

TABLE = "Bảng điểm đã ban hành nên không thay đổi được."
CLAIM = "Điểm tự chấm đã nộp nên không thay đổi được."
FINAL = "Bảng chấm điểm đã chốt nên không thay đổi được."

ISSUED = (
    "EXISTS (SELECT 1 FROM scoring_criteriaset s "
    "WHERE s.id = NEW.criteria_set_id AND s.state = 'issued')"
)
SHEET = "EXISTS (SELECT 1 FROM scoring_scoresheet s WHERE s.id = NEW.sheet_id AND s.state {test})"
EVIDENCE = (
    "EXISTS (SELECT 1 FROM scoring_scoresheet s JOIN scoring_criterionscore c ON c.sheet_id = s.id "
    "WHERE c.id = NEW.score_id AND s.state <> 'draft')"
)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0002_locked_points_stay")]

    operations = [
        guard("scoring_criterion", ["UPDATE"], TABLE, ISSUED, name="scoring_criterion_into_issued"),
        guard(
            "scoring_criterionscore",
            ["UPDATE"],
            CLAIM,
            "NEW.sheet_id <> OLD.sheet_id AND " + SHEET.format(test="<> 'draft'"),
            name="scoring_score_into_submitted",
        ),
        guard(
            "scoring_evidence", ["UPDATE"], CLAIM, EVIDENCE, name="scoring_evidence_into_submitted"
        ),
        guard(
            "scoring_completedsection",
            ["INSERT"],
            FINAL,
            SHEET.format(test="= 'finalised'"),
            name="scoring_section_into_final",
        ),
    ]
