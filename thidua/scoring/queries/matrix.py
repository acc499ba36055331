"""The matrix of units and criteria."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.db.models.sql.compiler import SQLCompiler

from thidua.organisations.models import EmulationYear
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.queries.scale import issued_set


@dataclass(frozen=True)
class Matrix:
    """Units × criteria: the final points of every leaf, the claimed ones before that."""

    criteria: tuple[Criterion, ...]
    sheets: tuple[ScoreSheet, ...]
    points: dict[int, tuple[Decimal | None, ...]]
    totals: dict[int, Decimal | None]

    @property
    def leaves(self) -> tuple[Criterion, ...]:
        """The columns, in the order of `points`."""
        return tuple(criterion for criterion in self.criteria if criterion.is_leaf)


class Joined(Aggregate):
    """Texts of a group as one, parted by spaces, in any order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


def joined_points(sheets: Sequence[int]) -> Iterable[tuple[int, str]]:
    """Per sheet its points as "criterion:points criterion:points"; unset points are left out.

    Joined by the database: 6,000 rows of numbers, each made an object, cost most of the page. A
    number of at most 15 digits reads back exactly from both databases' texts. Final points are
    there exactly when the sheet is final; claimed ones since it was handed in.
    """
    pair = Concat(
        Cast("criterion_id", TextField()),
        Value(":"),
        Cast(Coalesce("points", "self_points"), TextField()),
        output_field=TextField(),
    )
    return (
        CriterionScore.objects.filter(sheet__in=sheets, self_points__isnull=False)
        .order_by()
        .values("sheet_id")
        .annotate(joined=Joined(pair))
        .values_list("sheet_id", "joined")
    )


def matrix(
    year: EmulationYear, sheets: Sequence[ScoreSheet], criteria_set: CriteriaSet | None = None
) -> Matrix | None:
    """The stored points of these sheets in three queries; drafts have none.

    Sheets of a version that is no longer in force are left out.
    """
    criteria_set = criteria_set or issued_set(year)
    if criteria_set is None:
        return None
    shown = tuple(sheet for sheet in sheets if sheet.criteria_set_id == criteria_set.pk)
    criteria = tuple(
        criteria_set.criteria.only(
            "criteria_set_id", "parent_id", "path", "order", "code", "title", "maximum", "is_leaf"
        )
    )
    columns = [criterion.pk for criterion in criteria if criterion.is_leaf]
    position = {str(key): column for column, key in enumerate(columns)}
    points: dict[int, list[Decimal | None]] = {sheet.pk: [None] * len(position) for sheet in shown}
    read: dict[str, Decimal] = {}
    for sheet_id, joined in joined_points([sheet.pk for sheet in shown]):
        row = points[sheet_id]
        for pair in joined.split():
            key, _, text = pair.partition(":")
            number = read.get(text)
            if number is None:
                number = read[text] = Decimal(text)
            row[position[key]] = number
    return Matrix(
        criteria,
        shown,
        {key: tuple(row) for key, row in points.items()},
        {
            sheet.pk: sheet.self_score if sheet.final_score is None else sheet.final_score
            for sheet in shown
        },
    )
