"""A report's forms as a workbook: pre-filled and locked around its cells, and read back whole."""

from thidua.workbooks.reports.layout import Identity
from thidua.workbooks.reports.read import Sent, read_report
from thidua.workbooks.reports.write import write_report

__all__ = ["Identity", "Sent", "read_report", "write_report"]
