"""Addresses of the pact."""

from django.urls import path

from thidua.pacts import views

app_name = "pacts"
urlpatterns = [
    path("<int:year>/", views.board, name="board"),
    path("<int:year>/lap/", views.start, name="start"),
    path("<int:year>/loi-van/", views.text_edit, name="text_edit"),
    path("<int:year>/nhom/them/", views.group_new, name="group_new"),
    path("<int:year>/nhom/<int:pk>/", views.group_edit, name="group_edit"),
    path("<int:year>/nhom/<int:pk>/bo/", views.group_remove, name="group_remove"),
    path("<int:year>/nhom/<int:pk>/cam-ket/", views.commitment_new, name="commitment_new"),
    path("<int:year>/cam-ket/<int:pk>/", views.commitment_edit, name="commitment_edit"),
    path("<int:year>/cam-ket/<int:pk>/bo/", views.commitment_remove, name="commitment_remove"),
    path("<int:year>/cam-ket/<int:pk>/chuyen/", views.commitment_move, name="commitment_move"),
    path("<int:year>/cam-ket/<int:pk>/gop-y/", views.comment, name="comment"),
    path("<int:year>/gop-y/<int:pk>/tra-loi/", views.answer, name="answer"),
    path("<int:year>/lay-y-kien/", views.open_consultation, name="open"),
    path("<int:year>/thong-nhat/", views.agree, name="agree"),
    path("<int:year>/chot/", views.freeze, name="freeze"),
    path("<int:year>/phien-ban/<int:number>/", views.version, name="version"),
    path(
        "<int:year>/phien-ban/<int:number>/noi-dung.json", views.version_json, name="version_json"
    ),
    path("<int:year>/so-sanh/<int:old>/<int:new>/", views.difference, name="difference"),
]
