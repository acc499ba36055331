"""Lists of sheets: how far each is, and what waits for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from thidua.accounts.models import User
from thidua.organisations.models import Assignment, EmulationYear, Membership, valid_on
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, ScoreSheet

# Sheets count their scored criteria whenever they change (`services.progress`). For one kept before
# that was: a number, or anything saved where figures decide.
SCORED = (
    Q(base__isnull=False)
    | (Q(criterion__maximum__isnull=True) & (Q(bonus__isnull=False) | Q(deduction__isnull=False)))
    | (Q(changed_at__isnull=False) & ~Q(criterion__rule__kind="typed"))
)
ANSWERABLE = Q(appraised_at__isnull=False, reply="") & ~Q(reason="")


@dataclass(frozen=True)
class SheetLine:
    """A member's sheet in a list, with its counts of criteria."""

    membership: Membership
    sheet: ScoreSheet
    total: int
    scored: int
    appraised: int
    replies: int
    answerable: int = 0
    """Points that an appraiser changed and the unit has not explained."""

    @property
    def key(self) -> str:
        """The sheet's key as text, for names in a page."""
        return str(self.sheet.pk)


def sheet_lines(criteria_set: CriteriaSet) -> list[SheetLine]:
    """Every member's sheet with its progress; two queries. Whom to show it is the page's duty."""
    sheets = criteria_set.sheets.select_related(
        "membership__organisation", "membership__year", "criteria_set"
    ).order_by("membership__order")
    found: dict[int, Mapping[str, Any]] = {
        row["sheet_id"]: row
        for row in CriterionScore.objects.filter(sheet__criteria_set=criteria_set)
        .order_by()
        .values("sheet_id")
        .annotate(
            total=Count("pk"),
            scored=Count("pk", filter=SCORED),
            appraised=Count("pk", filter=Q(appraised_at__isnull=False)),
            replies=Count("pk", filter=Q(reply_waits=True)),
            answerable=Count("pk", filter=ANSWERABLE),
        )
    }
    return [_line(sheet, found.get(sheet.pk, {})) for sheet in sheets]


def _line(sheet: ScoreSheet, counts: Mapping[str, Any]) -> SheetLine:
    kept = sheet.scored_criteria
    return SheetLine(
        membership=sheet.membership,
        sheet=sheet,
        total=counts.get("total", 0),
        scored=counts.get("scored", 0) if kept is None else kept,
        appraised=counts.get("appraised", 0),
        replies=counts.get("replies", 0),
        answerable=counts.get("answerable", 0),
    )


def members_without_sheet(criteria_set: CriteriaSet) -> list[Membership]:
    """Members that joined after the table was issued and have no sheet under it yet."""
    return list(
        Membership.objects.filter(year=criteria_set.year_id)
        .exclude(score_sheets__criteria_set=criteria_set)
        .select_related("organisation")
    )


@dataclass(frozen=True)
class OwnWork:
    """One section of one submitted sheet that waits for its appraiser."""

    sheet_id: int
    section: Criterion
    total: int
    appraised: int
    replies: int
    completed: bool

    @property
    def is_done(self) -> bool:
        return self.completed and not self.replies


def appraisal_work(
    sheets: Sequence[ScoreSheet], sections: Sequence[Criterion]
) -> dict[int, list[OwnWork]]:
    """By sheet: how far each section is; three queries whatever the number of either."""
    if not sheets or not sections:
        return {}
    leaves = list(
        Criterion.objects.filter(
            criteria_set__in={section.criteria_set_id for section in sections}, is_leaf=True
        ).only("path")
    )
    counted = {}
    for number, section in enumerate(sections):
        # By key: SQLite compares the beginning of texts without regard to case.
        inside = Q(criterion__in=[leaf.pk for leaf in leaves if section.contains(leaf.path)])
        counted[f"total_{number}"] = Count("pk", filter=inside)
        counted[f"appraised_{number}"] = Count("pk", filter=inside & Q(appraised_at__isnull=False))
        counted[f"replies_{number}"] = Count("pk", filter=inside & Q(reply_waits=True))
    keys = [sheet.pk for sheet in sheets]
    rows = CriterionScore.objects.filter(sheet__in=keys).order_by().values("sheet_id")
    completed = set(
        ScoreSheet.objects.filter(pk__in=keys, completed_sections__round=F("round"))
        .order_by()
        .values_list("pk", "completed_sections__criterion")
    )
    found: list[dict[str, int]] = list(rows.annotate(**counted))  # type: ignore[arg-type]
    return {
        row["sheet_id"]: [
            OwnWork(
                sheet_id=row["sheet_id"],
                section=section,
                total=row[f"total_{number}"],
                appraised=row[f"appraised_{number}"],
                replies=row[f"replies_{number}"],
                completed=(row["sheet_id"], section.pk) in completed,
            )
            for number, section in enumerate(sections)
        ]
        for row in found
    }


def appraiser_candidates(year: EmulationYear) -> list[User]:
    """People who may appraise in the year's cluster today: its appraisers and its superior's."""
    superior = year.cluster.superior_id
    return list(
        User.objects.filter(
            valid_on(timezone.localdate(), "assignments__"),
            Q(assignments__role=Assignment.Role.APPRAISER, assignments__cluster=year.cluster_id)
            | (
                Q(assignments__role=Assignment.Role.SUPERIOR)
                & (
                    Q(assignments__organisation=superior)
                    | Q(assignments__organisation__parent=superior)
                )
            ),
            is_active=True,
        )
        .order_by(F("full_name"), "pk")
        .distinct()
    )
