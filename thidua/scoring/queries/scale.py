"""The table in force, and how its tree is cut for pages and for appraisers."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from thidua.accounts.models import User
from thidua.organisations.models import EmulationYear
from thidua.scoring.models import CriteriaSet, Criterion, SectionAppraiser


def issued_set(year: EmulationYear) -> CriteriaSet | None:
    """The table in force: the latest issued version."""
    return (
        CriteriaSet.objects.filter(year=year, state=CriteriaSet.State.ISSUED)
        .order_by("-number")
        .first()
    )


def versions_to_copy(year: EmulationYear) -> list[CriteriaSet]:
    """What a new draft may be copied from: versions issued in this or an earlier year, newest first."""
    return list(
        CriteriaSet.objects.filter(
            year__cluster=year.cluster_id,
            year__year__lte=year.year,
            state=CriteriaSet.State.ISSUED,
        )
        .select_related("year")
        .order_by("-year__year", "-number")
    )


def _children(criteria: Sequence[Criterion]) -> dict[int | None, list[Criterion]]:
    below: dict[int | None, list[Criterion]] = defaultdict(list)
    for criterion in criteria:
        below[criterion.parent_id].append(criterion)
    return below


def _cut(
    below: dict[int | None, list[Criterion]],
    parent: int | None,
    is_whole: Callable[[Criterion], bool],
) -> list[Criterion]:
    """The topmost nodes that are whole; together they hold every leaf once."""
    found: list[Criterion] = []
    for criterion in below.get(parent, []):
        if criterion.is_leaf or is_whole(criterion):
            found.append(criterion)
        else:
            found += _cut(below, criterion.pk, is_whole)
    return found


def appraisal_sections(criteria: Sequence[Criterion]) -> list[Criterion]:
    """The parts given to appraisers: where the table names one, else the largest that name none."""
    below = _children(criteria)
    named = [criterion.path for criterion in criteria if criterion.appraised_by]

    def is_whole(criterion: Criterion) -> bool:
        inside = f"{criterion.path}/"
        return bool(criterion.appraised_by) or not any(path.startswith(inside) for path in named)

    return _cut(below, None, is_whole)


def display_groups(criteria: Sequence[Criterion]) -> list[Criterion]:
    """The parts under one heading on a page: a group, unless it only holds other groups."""
    below = _children(criteria)
    return _cut(below, None, lambda criterion: any(c.is_leaf for c in below[criterion.pk]))


def appraisers_by_section(criteria_set: CriteriaSet) -> dict[int, list[User]]:
    """Who appraises, by the key of the section; one query."""
    found: dict[int, list[User]] = defaultdict(list)
    for named in SectionAppraiser.objects.filter(
        criterion__criteria_set=criteria_set
    ).select_related("user"):
        found[named.criterion_id].append(named.user)
    return dict(found)
