"""Addresses of the demo; every one answers 404 outside it."""

from django.urls import path

from thidua.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.sign_in, name="sign_in"),
    path("<int:year>/<int:pk>/", views.sign_in_as, name="sign_in_as"),
    path("du-lieu/", views.about, name="about"),
]
