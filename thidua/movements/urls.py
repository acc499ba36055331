"""Addresses of the launch."""

from django.urls import path

from thidua.movements import views

app_name = "movements"
urlpatterns = [
    path("<int:year>/", views.launch, name="launch"),
    path("<int:year>/soan/", views.launch_edit, name="launch_edit"),
    path("<int:year>/cong-bo/", views.launch_publish, name="launch_publish"),
    path("<int:year>/xac-nhan/", views.launch_confirm, name="launch_confirm"),
]
