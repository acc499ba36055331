"""Figures of accepted reports put into sheets that are still drafts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.scoring import Table
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.queries.fed import Fed, fed_of, fed_places, record_of
from thidua.scoring.services.progress import count_scored

KEPT = "Giữ số của lần chấp nhận trước."


def feed_sheets(
    sheets: Sequence[ScoreSheet], table: Table, *, actor: User, at: datetime, because: str = ""
) -> None:
    """Read the figures of these drafts anew; where one changed, the journal says old and new.

    The sheets are of one table and locked by the caller, or just made. A figure that reports no
    longer give (one was given back) keeps its last accepted value and says so.
    """
    if not sheets or not fed_places(table):
        return
    year = sheets[0].criteria_set.year
    day = timezone.localdate(at)
    found = fed_of(year, table, [sheet.membership_id for sheet in sheets], on=day)
    scores = _scores(sheets)
    for sheet in sheets:
        changed = _feed(sheet, found[sheet.membership_id], scores[sheet.pk])
        if changed:
            _tell(sheet, changed, actor, at, because)
            count_scored(sheet, table)


def _scores(sheets: Iterable[ScoreSheet]) -> dict[int, dict[str, CriterionScore]]:
    found: dict[int, dict[str, CriterionScore]] = {sheet.pk: {} for sheet in sheets}
    for score in CriterionScore.objects.filter(sheet__in=list(found)).select_related("criterion"):
        found[score.sheet_id][score.criterion.path] = score
    return found


def _feed(
    sheet: ScoreSheet, fed: Iterable[Fed], scores: Mapping[str, CriterionScore]
) -> dict[str, tuple[str, str]]:
    """Store the figures of one sheet; out: old and new by input key, where the value changed."""
    records: dict[str, Any] = {}
    changed: dict[str, tuple[str, str]] = {}
    touched: dict[int, CriterionScore] = {}
    facts = dict(sheet.facts)
    for each in fed:
        key, score = each.place.input.key, scores.get(each.place.path)
        records[key] = _record(sheet, each)
        text, home = records[key]["value"], facts if score is None else score.facts
        if not text or home.get(key) == text:
            continue
        changed[key] = (home.get(key, ""), text)
        if score is None:
            facts[key] = text
        else:
            score.facts = {**score.facts, key: text}
            touched[score.pk] = score
    if records != (sheet.fed or {}) or facts != sheet.facts:
        sheet.fed, sheet.facts = records, facts
        sheet.save(update_fields=["fed", "facts"])
    CriterionScore.objects.bulk_update(touched.values(), ["facts"], batch_size=100)
    return changed


def _record(sheet: ScoreSheet, fed: Fed) -> dict[str, Any]:
    """What is kept of one figure: the new reading, or the last one that had a value."""
    stored = dict(record_of(sheet, fed.place.input.key))
    if fed.text or not stored.get("value") or stored["source"] != fed.place.input.indicator:
        return fed.record()
    return {**stored, "missing": [*fed.missing, KEPT]}


def _tell(
    sheet: ScoreSheet, changed: Mapping[str, tuple[str, str]], actor: User, at: datetime, why: str
) -> None:
    record(
        actor,
        Action.FIGURES_FED,
        sheet,
        at=at,
        old_facts={key: old for key, (old, _) in changed.items()},
        new_facts={key: new for key, (_, new) in changed.items()},
        because=why,
    )


__all__ = ["feed_sheets"]
