"""A report's forms as a workbook: pre-filled and locked around its cells, and read back whole."""

from thidua.workbooks.reports.asking import questions
from thidua.workbooks.reports.keep import NotKept, keep_format
from thidua.workbooks.reports.layout import Identity
from thidua.workbooks.reports.read import Sent, read_report
from thidua.workbooks.reports.write import write_report

__all__ = [
    "Identity",
    "NotKept",
    "Sent",
    "keep_format",
    "questions",
    "read_report",
    "write_report",
]
