"""How far a sheet is, counted when it changes so that lists need not compute points."""

from thidua.rules.scoring import Claim, Table, examine
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries import scored_count
from thidua.scoring.queries.facts import known_of
from thidua.scoring.tables import to_table


def count_scored(sheet: ScoreSheet, table: Table | None = None) -> None:
    """Store how many criteria the unit's page counts as scored.

    One figure may be used by many criteria, so every one is looked at again. The sheet's row is
    locked by the caller.
    """
    table = table or to_table(sheet.criteria_set)
    scores = list(sheet.scores.select_related("criterion"))
    known = known_of(sheet, table, scores, decided=False)
    given = {s.criterion.path: Claim(s.base, s.bonus, s.deduction) for s in scores}
    result = examine(table, given, known.facts(table), leads=known.leads)
    sheet.scored_criteria = scored_count(result)
    sheet.save(update_fields=["scored_criteria"])
