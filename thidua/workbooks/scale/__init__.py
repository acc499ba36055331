"""Points tables as workbooks: write one, read one, and those that come with the product."""

from thidua.workbooks.scale.read import ScaleImport, read_scale
from thidua.workbooks.scale.shipped import shipped_names, shipped_scale
from thidua.workbooks.scale.write import write_scale, write_template

__all__ = [
    "ScaleImport",
    "read_scale",
    "shipped_names",
    "shipped_scale",
    "write_scale",
    "write_template",
]
