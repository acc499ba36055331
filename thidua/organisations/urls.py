"""Addresses of clusters' years, organisations and people."""

from django.urls import path

from thidua.organisations import views

app_name = "organisations"
urlpatterns = [
    path("nam/", views.year_list, name="year_list"),
    path("nam/moi/", views.year_open, name="year_open"),
    path("nam/<int:year>/", views.year_members, name="year_members"),
    path("nam/<int:year>/thiet-lap/", views.year_setup, name="year_setup"),
    path("nam/<int:year>/cac-moc/", views.milestones_edit, name="milestones_edit"),
    path("don-vi/<int:pk>/", views.organisation, name="organisation"),
    path("nguoi-dung/", views.person_list, name="person_list"),
    path("nguoi-dung/moi/", views.person_new, name="person_new"),
    path("nguoi-dung/<int:pk>/", views.person, name="person"),
    path("nguoi-dung/<int:pk>/trang-thai/", views.person_active, name="person_active"),
    path("nguoi-dung/<int:pk>/mat-khau/", views.person_password, name="person_password"),
    path("vai-tro/<int:pk>/ket-thuc/", views.assignment_end, name="assignment_end"),
]
