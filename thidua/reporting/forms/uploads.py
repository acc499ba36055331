"""A filled workbook as it is sent."""

from django import forms

from thidua.reporting.forms.reports import ReportUpload


class WorkbookUpload(ReportUpload):
    """`sure` is asked for only when some figures look written in another measure."""

    sure = forms.BooleanField(
        label="Đã kiểm tra: các số trên đúng đơn vị tính, vẫn nạp", required=False
    )
