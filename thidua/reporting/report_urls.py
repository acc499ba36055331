"""Addresses of reporting periods and reports."""

from django.urls import path

from thidua.reporting.views import (
    narrative_outlines,
    narratives,
    own_form_writing,
    own_forms,
    report_forms,
    report_lists,
    report_pages,
    report_workbooks,
    rollup,
    rollup_more,
    urging,
)

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
    path("nam/<int:year>/<int:report>/loi/<slug:outline>/", narratives.narrative, name="narrative"),
    path("nam/<int:year>/<int:report>/kem-tep/", narratives.attachment_add, name="attachment_add"),
    path(
        "nam/<int:year>/<int:report>/kem-tep/<int:attachment>/",
        narratives.attachment_file,
        name="attachment_file",
    ),
    path(
        "nam/<int:year>/<int:report>/kem-tep/<int:attachment>/bo/",
        narratives.attachment_remove,
        name="attachment_remove",
    ),
    path("nam/<int:year>/<int:report>/van-ban/", narratives.paper_pdf, name="paper_pdf"),
    path("nam/<int:year>/de-cuong/", narrative_outlines.outlines, name="outlines"),
    path("nam/<int:year>/de-cuong/<slug:outline>/", narrative_outlines.outline, name="outline"),
    path("nam/<int:year>/bieu-rieng/", own_forms.own_forms, name="own_forms"),
    path("nam/<int:year>/bieu-rieng/soan/", own_forms.own_forms_start, name="own_forms_start"),
    path("nam/<int:year>/bieu-rieng/them/", own_form_writing.own_form_new, name="own_form_new"),
    path(
        "nam/<int:year>/bieu-rieng/sua/<slug:form>/",
        own_form_writing.own_form_edit,
        name="own_form_edit",
    ),
    path(
        "nam/<int:year>/bieu-rieng/bo/<slug:form>/",
        own_forms.own_form_remove,
        name="own_form_remove",
    ),
    path(
        "nam/<int:year>/bieu-rieng/kiem-tra/",
        own_form_writing.own_forms_checks,
        name="own_forms_checks",
    ),
    path("nam/<int:year>/bieu-rieng/tep/", own_forms.own_forms_xlsx, name="own_forms_xlsx"),
    path(
        "nam/<int:year>/bieu-rieng/nap/", own_form_writing.own_forms_upload, name="own_forms_upload"
    ),
    path(
        "nam/<int:year>/bieu-rieng/bo-du-thao/",
        own_forms.own_forms_discard,
        name="own_forms_discard",
    ),
    path("nam/<int:year>/bieu-rieng/ban-hanh/", own_forms.own_forms_issue, name="own_forms_issue"),
    path(
        "nam/<int:year>/bieu-rieng/<int:number>/<slug:form>/", own_forms.own_form, name="own_form"
    ),
    path("nam/<int:year>/tong-hop/", rollup.rollup, name="rollup"),
    path("nam/<int:year>/tong-hop/tep/", rollup.rollup_xlsx, name="rollup_xlsx"),
    path("nam/<int:year>/tong-hop/pdf/", rollup.rollup_pdf, name="rollup_pdf"),
    path("nam/<int:year>/tong-hop/doi-chieu-ky/", rollup.rollup_periods, name="rollup_periods"),
    path("nam/<int:year>/tong-hop/ty-le/", rollup_more.rates, name="rates"),
    path("nam/<int:year>/tong-hop/cong-bo/", rollup_more.published, name="published"),
    path("nam/<int:year>/tong-hop/buc-tranh/", rollup_more.picture, name="picture"),
    path("nam/<int:year>/don-doc/", urging.urging_setting, name="urging_setting"),
    path("nam/<int:year>/ky/<int:period>/don-doc/", urging.urging, name="urging"),
    path("nam/<int:year>/ky/<int:period>/cong-van/", urging.letter_pdf_file, name="urging_pdf"),
    path(
        "nam/<int:year>/ky/<int:period>/cong-van/docx/",
        urging.letter_docx_file,
        name="urging_docx_file",
    ),
]
