"""Addresses of clusters' years, organisations and people."""

from django.urls import path

from thidua.organisations.views import people, structure, years

app_name = "organisations"
urlpatterns = [
    path("nam/", years.year_list, name="year_list"),
    path("nam/moi/", years.year_open, name="year_open"),
    path("nam/<int:year>/", years.year_members, name="year_members"),
    path("nam/<int:year>/thiet-lap/", years.year_setup, name="year_setup"),
    path("nam/<int:year>/cac-moc/", years.milestones_edit, name="milestones_edit"),
    path("don-vi/", structure.structure, name="structure"),
    path("don-vi/moi/", structure.organisation_new, name="organisation_new"),
    path("don-vi/ke-thua/", structure.succession_new, name="succession_new"),
    path("cum/moi/", structure.cluster_new, name="cluster_new"),
    path("don-vi/<int:pk>/ket-thuc/", structure.organisation_end, name="organisation_end"),
    path("don-vi/<int:pk>/", years.organisation, name="organisation"),
    path("nguoi-dung/", people.person_list, name="person_list"),
    path("nguoi-dung/moi/", people.person_new, name="person_new"),
    path("nguoi-dung/<int:pk>/", people.person, name="person"),
    path("nguoi-dung/<int:pk>/trang-thai/", people.person_active, name="person_active"),
    path("nguoi-dung/<int:pk>/mat-khau/", people.person_password, name="person_password"),
    path("vai-tro/<int:pk>/ket-thuc/", people.assignment_end, name="assignment_end"),
]
