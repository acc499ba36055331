from django.urls import path

from thidua.scoring.views import (
    appraisal,
    claims,
    cross_review_results,
    cross_review_scores,
    cross_reviews,
    evidence,
    figures,
    point,
    ranking,
    scale,
    scale_editing,
    setting_aside,
    sheet_forms,
    sheet_papers,
    sheets,
    terms,
    whatif,
    yearfile,
)

app_name = "scoring"
TABLE = "<int:year>/bang-diem/"
DRAFT = "<int:year>/bang-diem/<int:number>/soan/"
SHEETS = "<int:year>/bang-cham/"
SHEET = "<int:year>/bang-cham/<int:sheet>/"
SCORE = "<int:year>/bang-cham/<int:sheet>/tieu-chi/<int:score>/"
PLACES = "<int:year>/xep-hang/"
CROSS = "<int:year>/cham-cheo/"
ROUND = "<int:year>/cham-cheo/<int:round>/"
REVIEW = "<int:year>/cham-cheo/<int:round>/phieu/<int:review>/"
urlpatterns = [
    path(TABLE, scale.scale, name="scale"),
    path(f"{TABLE}nhap/", scale.scale_import, name="scale_import"),
    path(f"{TABLE}mau/", scale.scale_template, name="scale_template"),
    path(f"{TABLE}tham-dinh/", scale.appraisers, name="appraisers"),
    path(f"{TABLE}soan/", scale_editing.scale_new, name="scale_new"),
    path(f"{DRAFT}", scale_editing.scale_edit, name="scale_edit"),
    path(f"{DRAFT}thong-tin/", scale_editing.scale_about, name="scale_about"),
    path(f"{DRAFT}trang/<slug:sheet>/", scale_editing.scale_sheet, name="scale_sheet"),
    path(f"{DRAFT}tieu-chi/", scale_editing.scale_criterion, name="scale_criterion"),
    path(f"{DRAFT}them/", scale_editing.scale_criterion_new, name="scale_criterion_new"),
    path(f"{DRAFT}chuyen/", scale_editing.scale_move, name="scale_move"),
    path(f"{DRAFT}bo/", scale_editing.scale_remove, name="scale_remove"),
    path(f"{TABLE}thong-so/", terms.terms, name="terms"),
    path(f"{TABLE}thong-so/<int:member>/", terms.terms_edit, name="terms_edit"),
    path(f"{TABLE}<int:number>/", scale.scale_version, name="scale_version"),
    path(f"{TABLE}<int:number>/ban-hanh/", scale.scale_issue, name="scale_issue"),
    path(f"{TABLE}<int:number>/json/", scale.scale_json, name="scale_json"),
    path(f"{TABLE}<int:number>/xlsx/", scale.scale_xlsx, name="scale_xlsx"),
    path(f"{TABLE}<int:old>/<int:number>/", scale.scale_difference, name="scale_difference"),
    path(SHEETS, sheets.sheet_list, name="sheet_list"),
    path(f"{SHEETS}mo-them/", sheets.sheets_open_late, name="sheets_open_late"),
    path(SHEET, sheets.sheet, name="sheet"),
    path(f"{SHEET}bieu/", sheet_forms.sheet_form_xlsx, name="sheet_form_xlsx"),
    path(f"{SHEET}nap-bieu/", sheet_forms.sheet_form_upload, name="sheet_form_upload"),
    path(f"{SHEET}nap-bieu/ghi/", sheet_forms.sheet_form_save, name="sheet_form_save"),
    path(f"{SHEET}khong-nop/", setting_aside.sheet_set_aside, name="sheet_set_aside"),
    path(f"{SHEET}bo-khong-nop/", setting_aside.sheet_take_back, name="sheet_take_back"),
    path(f"{SHEET}pdf/", sheet_papers.sheet_pdf, name="sheet_pdf"),
    path(f"{SHEET}xlsx/", sheet_papers.sheet_xlsx, name="sheet_xlsx"),
    path(f"{SHEET}nop/", sheets.sheet_submit, name="sheet_submit"),
    path(f"{SHEET}so-lieu-chung/", figures.sheet_figures, name="sheet_figures"),
    path(f"{SHEET}tra-lai/", figures.sheet_return, name="sheet_return"),
    path(f"{SHEET}chot/", sheets.sheet_finalise, name="sheet_finalise"),
    path(
        f"{SHEET}phan/<int:criterion>/",
        appraisal.section_complete,
        name="section_complete",
    ),
    path(f"{SCORE}tu-cham/", claims.claim, name="claim"),
    path(f"{SCORE}tham-dinh/", appraisal.appraisal, name="appraisal"),
    path(f"{SCORE}giai-trinh/", appraisal.reply, name="reply"),
    path(f"{SCORE}minh-chung/", evidence.evidence_add, name="evidence_add"),
    path("<int:year>/minh-chung/<int:pk>/", evidence.evidence, name="evidence"),
    path("<int:year>/minh-chung/<int:pk>/bo/", evidence.evidence_remove, name="evidence_remove"),
    path(PLACES, ranking.ranking, name="ranking"),
    path(f"{PLACES}xlsx/", ranking.ranking_xlsx, name="ranking_xlsx"),
    path(f"{PLACES}tep-nam/", yearfile.year_download, name="year_file"),
    path(f"{PLACES}pdf/", ranking.ranking_pdf, name="ranking_pdf"),
    path(f"{PLACES}bang-nhau/", ranking.ties, name="ties"),
    path(f"{PLACES}diem/<int:sheet>/<int:criterion>/", point.point, name="point"),
    path(f"{PLACES}thu-thay-doi/", whatif.what_if, name="what_if"),
    path(f"{PLACES}do-vung/", whatif.robustness, name="robustness"),
    path(f"{PLACES}ma-tran/", ranking.matrix, name="matrix"),
    path(f"{PLACES}ma-tran/xlsx/", ranking.matrix_xlsx, name="matrix_xlsx"),
    path(f"{PLACES}ma-tran/pdf/", ranking.matrix_pdf, name="matrix_pdf"),
    path(CROSS, cross_reviews.cross_reviews, name="cross_reviews"),
    path(f"{CROSS}lap/", cross_reviews.cross_review_new, name="cross_review_new"),
    path(ROUND, cross_reviews.cross_review_round, name="cross_review_round"),
    path(f"{ROUND}sua/", cross_reviews.cross_review_edit, name="cross_review_edit"),
    path(f"{ROUND}phan-cong-lai/", cross_reviews.cross_review_replan, name="cross_review_replan"),
    path(f"{ROUND}xung-dot/", cross_reviews.cross_review_conflict, name="cross_review_conflict"),
    path(
        f"{ROUND}xung-dot/<int:conflict>/rut/",
        cross_reviews.cross_review_conflict_withdraw,
        name="cross_review_conflict_withdraw",
    ),
    path(f"{ROUND}mo/", cross_reviews.cross_review_open, name="cross_review_open"),
    path(f"{ROUND}dong/", cross_reviews.cross_review_close, name="cross_review_close"),
    path(REVIEW, cross_review_scores.cross_review, name="cross_review"),
    path(
        f"{REVIEW}noi-dung/<int:score>/",
        cross_review_scores.cross_review_score,
        name="cross_review_score",
    ),
    path(f"{REVIEW}nop/", cross_review_scores.cross_review_hand_in, name="cross_review_hand_in"),
    path(
        f"{ROUND}ket-qua/", cross_review_results.cross_review_results, name="cross_review_results"
    ),
    path(
        f"{ROUND}ket-qua/hieu-chinh/",
        cross_review_results.cross_review_correction,
        name="cross_review_correction",
    ),
    path(
        f"{ROUND}ket-qua/<int:member>/",
        cross_review_results.cross_review_unit,
        name="cross_review_unit",
    ),
    path(
        f"{ROUND}ket-qua/<int:member>/<int:criterion>/",
        cross_review_results.cross_review_settle,
        name="cross_review_settle",
    ),
    path(f"{ROUND}ma-tran/", cross_review_results.cross_review_matrix, name="cross_review_matrix"),
]
