"""Points tables as workbooks: write one, read one, and those that come with the product."""

from thidua.rules.scoring import Table
from thidua.workbooks.scale.read import ScaleImport, read_scale
from thidua.workbooks.scale.shipped import shipped_names, shipped_scale

__all__ = [
    "ScaleImport",
    "read_scale",
    "shipped_names",
    "shipped_scale",
    "write_scale",
    "write_template",
]


# Reading a table must not pay for the writer's library.
def write_scale(table: Table) -> bytes:
    """A points table in the layout; see `thidua.workbooks.scale.write`."""
    from thidua.workbooks.scale.write import write_scale as write

    return write(table)


def write_template() -> bytes:
    """An empty workbook in the layout; see `thidua.workbooks.scale.write`."""
    from thidua.workbooks.scale.write import write_template as write

    return write()
