"""Addresses of reporting periods and reports."""

from django.urls import path

from thidua.reporting.views import report_forms, report_lists, report_pages, report_workbooks

app_name = "reports"
urlpatterns = [
    path("nam/<int:year>/", report_lists.report_list, name="list"),
    path("nam/<int:year>/mo-ky/", report_lists.periods_open, name="periods_open"),
    path("nam/<int:year>/ky/<int:period>/", report_lists.period, name="period"),
    path("nam/<int:year>/ky/<int:period>/ngay/", report_lists.period_edit, name="period_edit"),
    path("nam/<int:year>/ky/<int:period>/lam/", report_lists.report_start, name="start"),
    path(
        "nam/<int:year>/ky/<int:period>/nop-muon/<int:member>/",
        report_lists.late_allow,
        name="late_allow",
    ),
    path("nam/<int:year>/<int:report>/", report_pages.report, name="report"),
    path("nam/<int:year>/<int:report>/in/", report_pages.report_print, name="print"),
    path("nam/<int:year>/<int:report>/giai-trinh/", report_pages.finding_explain, name="explain"),
    path("nam/<int:year>/<int:report>/tep/", report_workbooks.report_xlsx, name="xlsx"),
    path("nam/<int:year>/<int:report>/nap/", report_workbooks.report_upload, name="upload"),
    path("nam/<int:year>/<int:report>/nop/", report_pages.report_submit, name="submit"),
    path("nam/<int:year>/<int:report>/tra-lai/", report_pages.report_return, name="return"),
    path("nam/<int:year>/<int:report>/chap-nhan/", report_pages.report_accept, name="accept"),
    path("nam/<int:year>/<int:report>/bieu/<slug:form>/", report_forms.report_form, name="form"),
]
