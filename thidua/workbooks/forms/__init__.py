"""A cluster's own forms as a workbook: described sheet by sheet, and read back whole or not at all."""

from thidua.workbooks.forms.read import DescribedForms, read_forms
from thidua.workbooks.forms.write import sample_forms, write_forms

__all__ = ["DescribedForms", "read_forms", "sample_forms", "write_forms"]
