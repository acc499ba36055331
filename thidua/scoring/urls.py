from django.urls import path

from thidua.scoring.views import appraisal, claims, evidence, ranking, scale, sheets

app_name = "scoring"
TABLE = "<int:year>/bang-diem/"
SHEETS = "<int:year>/bang-cham/"
SHEET = "<int:year>/bang-cham/<int:sheet>/"
SCORE = "<int:year>/bang-cham/<int:sheet>/tieu-chi/<int:score>/"
PLACES = "<int:year>/xep-hang/"
urlpatterns = [
    path(TABLE, scale.scale, name="scale"),
    path(f"{TABLE}nhap/", scale.scale_import, name="scale_import"),
    path(f"{TABLE}mau/", scale.scale_template, name="scale_template"),
    path(f"{TABLE}tham-dinh/", scale.appraisers, name="appraisers"),
    path(f"{TABLE}<int:number>/", scale.scale_version, name="scale_version"),
    path(f"{TABLE}<int:number>/ban-hanh/", scale.scale_issue, name="scale_issue"),
    path(f"{TABLE}<int:number>/json/", scale.scale_json, name="scale_json"),
    path(f"{TABLE}<int:number>/xlsx/", scale.scale_xlsx, name="scale_xlsx"),
    path(f"{TABLE}<int:old>/<int:number>/", scale.scale_difference, name="scale_difference"),
    path(SHEETS, sheets.sheet_list, name="sheet_list"),
    path(f"{SHEETS}mo-them/", sheets.sheets_open_late, name="sheets_open_late"),
    path(SHEET, sheets.sheet, name="sheet"),
    path(f"{SHEET}nop/", sheets.sheet_submit, name="sheet_submit"),
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
    path(f"{PLACES}pdf/", ranking.ranking_pdf, name="ranking_pdf"),
    path(f"{PLACES}ma-tran/", ranking.matrix, name="matrix"),
    path(f"{PLACES}ma-tran/xlsx/", ranking.matrix_xlsx, name="matrix_xlsx"),
    path(f"{PLACES}ma-tran/pdf/", ranking.matrix_pdf, name="matrix_pdf"),
]
