"""A year's scores gathered from the database into one file that anybody can recompute."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from thidua.accounts.models import User
from thidua.audit.models import Entry
from thidua.organisations.models import EmulationYear, Membership
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Table, table_rules, table_to_data
from thidua.rules.scoring.yearfile import (
    CLAIMED,
    DECIDED,
    FINALISED,
    points_to_data,
    recompute,
    write_year,
)
from thidua.scoring.models import (
    CriteriaSet,
    CriterionScore,
    Evidence,
    ScoreSheet,
    TieDecision,
    UnitTerms,
)
from thidua.scoring.queries import issued_set
from thidua.scoring.queries.facts import claimed_facts, decided_facts
from thidua.scoring.tables import claim_text, to_table

NO_SHEET = "none"


def year_file(year: EmulationYear) -> bytes:
    """The year file of the table in force: equal records give equal bytes.

    Holds only sheets that were handed in; a draft is the unit's own business. Raises RuleError
    while the year has no table in force.
    """
    return write_year(year_content(year))


def year_content(year: EmulationYear) -> dict[str, Any]:
    """The content of the year file; a fixed number of queries whatever the number of members."""
    criteria_set = issued_set(year)
    if criteria_set is None:
        raise RuleError(f"{year} chưa ban hành bảng điểm nên chưa có điểm để xuất.")
    table = to_table(criteria_set)
    gathered = _Gathered(criteria_set, table)
    content: dict[str, Any] = {
        "cluster": year.cluster.name,
        "year": year.year,
        "table": table_to_data(table),
        "table_number": criteria_set.number,
        "fingerprint": criteria_set.fingerprint,
        # A unit hands in before it can know the others, so nobody leads on the claimed side;
        # appraised points are compared once every member has handed in.
        "leads": {CLAIMED: False, DECIDED: gathered.is_complete},
        "units": [gathered.unit(member) for member in _members(year)],
        "ties": [_tie(each) for each in _decisions(criteria_set)],
    }
    computed = recompute(content)
    for unit in content["units"]:
        unit["results"] = gathered.as_stored(unit["key"], computed[unit["key"]])
    return content


def _members(year: EmulationYear) -> Iterable[Membership]:
    return year.memberships.select_related("organisation").order_by("order", "pk")


def _decisions(criteria_set: CriteriaSet) -> Iterable[TieDecision]:
    """Oldest first: of several, the last one holds."""
    decisions = TieDecision.objects.filter(criteria_set=criteria_set)
    return decisions.select_related("decided_by").order_by("decided_at", "pk")


def _tie(decision: TieDecision) -> dict[str, Any]:
    return {
        "order": [str(key) for key in decision.order],
        "reason": decision.reason,
        "by": _name(decision.decided_by),
        "at": _moment(decision.decided_at),
    }


class _Gathered:
    """The records of one table, read once."""

    def __init__(self, criteria_set: CriteriaSet, table: Table) -> None:
        inputs = table_rules(table).inputs
        self.inputs = {key for key, each in inputs.items() if each.formula is None}
        sheets = list(
            criteria_set.sheets.select_related("submitted_by", "finalised_by", "set_aside_by")
        )
        self.is_complete = all(
            sheet.state != ScoreSheet.State.DRAFT or sheet.is_set_aside for sheet in sheets
        )
        self.set_aside = {str(sheet.membership_id): sheet for sheet in sheets if sheet.is_set_aside}
        self.states = {str(sheet.membership_id): sheet.state for sheet in sheets}
        self.sheets = {
            str(sheet.membership_id): sheet
            for sheet in sheets
            if sheet.state != ScoreSheet.State.DRAFT
        }
        keys = [sheet.pk for sheet in self.sheets.values()]
        self.terms = {str(each.membership_id): each for each in criteria_set.unit_terms.all()}
        self.scores = _scores(keys)
        self.evidence = _evidence(keys)
        self.history = _history(keys)

    def unit(self, member: Membership) -> dict[str, Any]:
        """What one member brings; only its name and terms while nothing was handed in."""
        key = str(member.pk)
        unit: dict[str, Any] = {
            "key": key,
            "name": member.organisation.full_name,
            "state": self.states.get(key, NO_SHEET),
            "terms": _terms(self.terms.get(key)),
        }
        if key in self.set_aside:
            unit["set_aside"] = _set_aside(self.set_aside[key])
        sheet = self.sheets.get(key)
        return unit if sheet is None else {**unit, **self._sheet(sheet)}

    def _sheet(self, sheet: ScoreSheet) -> dict[str, Any]:
        scores = self.scores[sheet.pk]
        return {
            CLAIMED: {
                "facts": self._declared(claimed_facts(sheet, scores)),
                "claims": {score.criterion.path: _claimed(score) for score in scores},
                "by": _name(sheet.submitted_by),
                "at": _moment(sheet.submitted_at),
                # Where each figure that no person typed was read: forms, columns, reports.
                **({"sources": sheet.fed} if sheet.fed else {}),
            },
            DECIDED: {
                "facts": self._declared(decided_facts(sheet, scores)),
                "claims": {score.criterion.path: _decided(score) for score in scores},
                "facts_reason": sheet.facts_reason,
                "by": _name(sheet.finalised_by),
                "at": _moment(sheet.finalised_at),
                **({"corrections": sheet.corrected} if sheet.corrected else {}),
            },
            "evidence": self.evidence[sheet.pk],
            "history": self.history[sheet.pk],
        }

    def _declared(self, facts: dict[str, str]) -> dict[str, str]:
        return {key: text for key, text in facts.items() if text and key in self.inputs}

    def as_stored(self, key: str, results: dict[str, Any] | None) -> dict[str, Any] | None:
        """The computed reasons with the points and totals as the database holds them."""
        sheet = self.sheets.get(key)
        if results is None or sheet is None:
            return results
        scores = self.scores[sheet.pk]
        asked = {score.criterion.path: score.self_points for score in scores}
        claimed = _overlaid(results[CLAIMED], asked, total=sheet.allowed_score)
        stored = {**results, CLAIMED: {**claimed, "self_score": points_to_data(sheet.self_score)}}
        if sheet.state == FINALISED:
            final = {score.criterion.path: score.points for score in scores}
            stored[DECIDED] = _overlaid(results[DECIDED], final, total=sheet.final_score)
        return stored


def _overlaid(
    side: dict[str, Any], points: dict[str, Decimal | None], *, total: Decimal | None
) -> dict[str, Any]:
    """One side with its points and total as stored."""
    stored = {path: points_to_data(each) for path, each in points.items()}
    return {**side, "points": stored, "total": points_to_data(total)}


def _scores(sheets: list[int]) -> dict[int, list[CriterionScore]]:
    found: dict[int, list[CriterionScore]] = defaultdict(list)
    scores = CriterionScore.objects.filter(sheet__in=sheets)
    for score in scores.select_related("criterion", "appraised_by").order_by("criterion__order"):
        found[score.sheet_id].append(score)
    return found


def _claimed(score: CriterionScore) -> dict[str, Any]:
    claim = Claim(score.base, score.bonus, score.deduction)
    return {**claim_text(claim), "explanation": score.explanation}


def _decided(score: CriterionScore) -> dict[str, Any]:
    claim = Claim(score.appraised_base, score.appraised_bonus, score.appraised_deduction)
    return {
        **claim_text(claim),
        "reason": score.reason,
        "reply": score.reply,
        "by": _name(score.appraised_by),
        "at": _moment(score.appraised_at),
    }


def _set_aside(sheet: ScoreSheet) -> dict[str, Any]:
    """Why a member hands in nothing: it is left out of comparisons and has no place."""
    return {
        "reason": sheet.set_aside_reason or "",
        "by": _name(sheet.set_aside_by),
        "at": _moment(sheet.set_aside_at),
    }


def _terms(terms: UnitTerms | None) -> dict[str, Any]:
    if terms is None:
        return {"targets": {}, "not_assigned": [], "tiers": {}, "group": ""}
    return {
        "targets": terms.targets,
        "not_assigned": sorted(terms.not_assigned),
        "tiers": terms.tiers,
        "group": terms.group,
    }


def _evidence(sheets: list[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """By sheet and path: each piece known by its SHA-256, never its bytes."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    pieces = Evidence.objects.filter(score__sheet__in=sheets)
    for each in pieces.select_related("file", "score__criterion").order_by("added_at", "pk"):
        at = found[each.score.sheet_id].setdefault(each.score.criterion.path, [])
        at.append(
            {
                "name": each.file.name,
                "sha256": each.file.sha256,
                "size": each.file.size,
                "description": each.description,
            }
        )
    return found


def _history(sheets: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Every act on a sheet, oldest first: who, when, what, old and new values, reason."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    label = ScoreSheet._meta.label_lower
    for entry in Entry.objects.filter(subject_type=label, subject_id__in=sheets).order_by("pk"):
        found[entry.subject_id].append(
            {
                "at": _moment(entry.at),
                "by": entry.actor_label,
                "action": entry.action,
                "details": entry.details,
            }
        )
    return found


def _name(user: User | None) -> str:
    return "" if user is None else user.full_name


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


__all__ = ["year_content", "year_file"]
