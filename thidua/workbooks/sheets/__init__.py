"""The self-score workbook of a unit: a blank form made from a table, read back, and checked."""

from thidua.rules.scoring import Table
from thidua.workbooks.sheets.check import LeafReport, Report, check
from thidua.workbooks.sheets.filled import Filled
from thidua.workbooks.sheets.read import read_form

__all__ = ["Filled", "LeafReport", "Report", "check", "read_form", "write_form"]


def write_form(
    table: Table, *, unit: str = "", year: int = 0, filled: Filled | None = None
) -> bytes:
    """The self-score workbook for a table, the bytes of an .xlsx; reading it back gives `filled`.

    In: the unit's name and the emulation year where known, what is filled in already. Raises
    RuleError when the table's rules cannot be read or a text is too long for a cell.
    """
    # Reading a form must not pay for the writer's library.
    from thidua.workbooks.sheets.write import write

    return write(table, filled or Filled(), unit=unit, year=year)
