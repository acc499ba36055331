"""Addresses of notices and of background work."""

from django.urls import path

from thidua.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notice_list, name="list"),
    path("<int:pk>/", views.notice_open, name="open"),
    path("da-xem/", views.all_seen, name="all_seen"),
    path("dia-chi/", views.address, name="address"),
    path("dia-chi/<int:person>/", views.person_address, name="person_address"),
    path("viec-nen/", views.background_work, name="background"),
    path("viec-nen/thu/gui-lai/", views.letters_again, name="letters_again"),
    path("viec-nen/thu/<int:pk>/gui-lai/", views.letter_again, name="letter_again"),
    path("viec-nen/viec/<uuid:job>/lam-lai/", views.job_again, name="job_again"),
]
