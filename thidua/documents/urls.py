"""Addresses of papers. That of a verification page is printed in QR codes: it never changes."""

from django.urls import path

from thidua.documents import views

app_name = "documents"
urlpatterns = [
    path("kiem-tra/", views.verify, name="verify"),
    path("kiem-tra/<slug:token>/", views.verify_token, name="verify_token"),
    path("<int:year>/ky/<int:pk>/", views.signing, name="signing"),
    path("<int:year>/ky/<int:pk>/tai-ve/", views.signing_download, name="signing_download"),
    path("<int:year>/ky/<int:pk>/tai-len/", views.signing_upload, name="signing_upload"),
    path("<int:year>/chung-thu/", views.certificates, name="certificates"),
    path(
        "<int:year>/chung-thu/<int:pk>/thu-hoi/",
        views.certificate_withdraw,
        name="certificate_withdraw",
    ),
]
