"""Addresses of the pact."""

from django.urls import path

from thidua.pacts.views import consulting, drafting, reading

app_name = "pacts"
urlpatterns = [
    path("<int:year>/", reading.board, name="board"),
    path("<int:year>/tien-do/", reading.progress, name="progress"),
    path("<int:year>/lap/", drafting.start, name="start"),
    path("<int:year>/loi-van/", drafting.text_edit, name="text_edit"),
    path("<int:year>/nhom/them/", drafting.group_new, name="group_new"),
    path("<int:year>/nhom/<int:pk>/", drafting.group_edit, name="group_edit"),
    path("<int:year>/nhom/<int:pk>/bo/", drafting.group_remove, name="group_remove"),
    path("<int:year>/nhom/<int:pk>/cam-ket/", drafting.commitment_new, name="commitment_new"),
    path("<int:year>/cam-ket/<int:pk>/", drafting.commitment_edit, name="commitment_edit"),
    path("<int:year>/cam-ket/<int:pk>/bo/", drafting.commitment_remove, name="commitment_remove"),
    path("<int:year>/cam-ket/<int:pk>/chuyen/", drafting.commitment_move, name="commitment_move"),
    path("<int:year>/cam-ket/<int:pk>/gop-y/", consulting.comment, name="comment"),
    path("<int:year>/gop-y/<int:pk>/tra-loi/", consulting.answer, name="answer"),
    path("<int:year>/lay-y-kien/", consulting.open_consultation, name="open"),
    path("<int:year>/thong-nhat/", consulting.agree, name="agree"),
    path("<int:year>/chot/", consulting.freeze, name="freeze"),
    path("<int:year>/phien-ban/<int:number>/", reading.version, name="version"),
    path(
        "<int:year>/phien-ban/<int:number>/noi-dung.json", reading.version_json, name="version_json"
    ),
    path("<int:year>/so-sanh/<int:old>/<int:new>/", reading.difference, name="difference"),
]
