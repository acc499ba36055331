"""Figures of accepted reports put into sheets that are still drafts."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.scoring import Table
from thidua.scoring.models import CriterionScore, ScoreSheet
from thidua.scoring.queries.fed import (
    Fed,
    fed_of,
    fed_places,
    given_back,
    is_withdrawn,
    record_of,
)
from thidua.scoring.services.progress import count_scored

KEPT = "Giữ số của lần chấp nhận trước."
# An earlier appraisal does not stand for a claim that is not the one appraised.
NO_LONGER_APPRAISED: dict[str, Any] = {
    "appraised_base": None,
    "appraised_bonus": None,
    "appraised_deduction": None,
    "appraised_facts": {},
    "appraised_by": None,
    "appraised_at": None,
    "reason": "",
}


def feed_sheets(
    sheets: Sequence[ScoreSheet], table: Table, *, actor: User, at: datetime, because: str = ""
) -> None:
    """Read the figures of these drafts anew; where one changed, the journal says old and new.

    The sheets are of one table and locked by the caller, or just made. A figure that reports no
    longer give keeps its last accepted value, and says so, while one of them is given back; once
    they are accepted without it nothing stands there, and the unit may type.
    """
    if not sheets or not fed_places(table):
        return
    year = sheets[0].criteria_set.year
    day = timezone.localdate(at)
    found = fed_of(year, table, [sheet.membership_id for sheet in sheets], on=day)
    scores = _scores(sheets)
    waiting = cache(lambda: given_back(sheet.membership_id for sheet in sheets))
    for sheet in sheets:
        changed = _feed(sheet, found[sheet.membership_id], scores[sheet.pk], waiting)
        if changed:
            _tell(sheet, changed, actor, at, because)
            count_scored(sheet, table)


def _scores(sheets: Iterable[ScoreSheet]) -> dict[int, dict[str, CriterionScore]]:
    found: dict[int, dict[str, CriterionScore]] = {sheet.pk: {} for sheet in sheets}
    for score in CriterionScore.objects.filter(sheet__in=list(found)).select_related("criterion"):
        found[score.sheet_id][score.criterion.path] = score
    return found


def _feed(
    sheet: ScoreSheet,
    fed: Iterable[Fed],
    scores: Mapping[str, CriterionScore],
    waiting: Callable[[], Collection[int]],
) -> dict[str, tuple[str, str]]:
    """Store the figures of one sheet; out: old and new by input key, where the value changed."""
    records: dict[str, Any] = {}
    changed: dict[str, tuple[str, str]] = {}
    touched: dict[int, CriterionScore] = {}
    facts = dict(sheet.facts)
    for each in fed:
        key, score = each.place.input.key, scores.get(each.place.path)
        is_gone = is_withdrawn(sheet, each, waiting)
        records[key] = each.record() if is_gone else _record(sheet, each)
        text, home = records[key]["value"], facts if score is None else score.facts
        if home.get(key, "") == text or not (text or is_gone):
            continue
        changed[key] = (home.get(key, ""), text)
        if score is None:
            facts[key] = text
        else:
            score.facts = {**score.facts, key: text}
            touched[score.pk] = score
            if score.appraised_facts.get(key) != text:
                _judge_anew(score)
    if records != (sheet.fed or {}) or facts != sheet.facts:
        old, sheet.fed, sheet.facts = sheet.facts, records, facts
        confirm_anew(sheet, old)
        sheet.save(update_fields=["fed", "facts", "decided_facts", "facts_reason"])
    fields = ["facts", *NO_LONGER_APPRAISED]
    CriterionScore.objects.bulk_update(touched.values(), fields, batch_size=40)
    return changed


def _judge_anew(score: CriterionScore) -> None:
    for name, value in NO_LONGER_APPRAISED.items():
        setattr(score, name, value)


def confirm_anew(sheet: ScoreSheet, old: Mapping[str, str]) -> None:
    """A confirmation of the figures of the whole sheet does not stand where the unit's figures are
    others than those confirmed."""
    changed = {key for key in {*old, *sheet.facts} if old.get(key) != sheet.facts.get(key)}
    if any(sheet.decided_facts.get(key, "") != sheet.facts.get(key, "") for key in changed):
        sheet.decided_facts, sheet.facts_reason = {}, ""


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


__all__ = ["NO_LONGER_APPRAISED", "confirm_anew", "feed_sheets"]
