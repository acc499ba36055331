"""Sums that stay exact on both databases."""

from decimal import Decimal
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, Field, TextField
from django.db.models.sql.compiler import SQLCompiler

MILLION = 1_000_000


class ExactSum(Aggregate):
    """The sum of a column of figures (six decimals) as Decimal.

    PostgreSQL adds numeric exactly. SQLite would add in floating point, so whole parts and
    millionths are added as integers, apart, and joined again here.
    """

    function = "SUM"
    name = "ExactSum"
    # Of no number type: Django would read the two parts that SQLite gives as one float.
    output_field: Field[Any, Any] = TextField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        return super().as_sql(
            compiler,
            connection,
            template=(
                "(SUM(CAST(%(expressions)s AS INTEGER)) || '/' || SUM(CAST(ROUND("
                f"(%(expressions)s - CAST(%(expressions)s AS INTEGER)) * {MILLION}) AS INTEGER)))"
            ),
            **extra,
        )

    def convert_value(
        self, value: Any, expression: Any, connection: BaseDatabaseWrapper
    ) -> Decimal | None:
        """Out of the database: a Decimal without trailing zeros."""
        if value is None:
            return None
        if isinstance(value, str):
            whole, _, millionths = value.partition("/")
            value = Decimal(whole) + Decimal(millionths) / MILLION
        return Decimal(value).normalize() + 0
