"""The page of components; it exists in test mode only."""

from django.urls import path

from thidua.ui import views

app_name = "ui"
urlpatterns = [path("", views.components, name="components")]
