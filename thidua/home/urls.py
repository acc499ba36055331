"""Addresses of the pages that read across areas."""

from django.urls import path

from thidua.home import views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("nam/<int:year>/", views.year, name="year"),
    path("nam/<int:year>/nhat-ky/", views.journal, name="journal"),
    path("nhat-ky/", views.system_journal, name="system_journal"),
]
