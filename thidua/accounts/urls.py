from django.urls import path

from thidua.accounts import views

# The names of allauth, which it looks up itself; nothing else of it is opened.
urlpatterns = [
    path("dang-nhap/", views.sign_in, name="account_login"),
    path("dang-xuat/", views.sign_out, name="account_logout"),
    path("doi-mat-khau/", views.password, name="account_change_password"),
    path("phien/", views.sessions, name="account_sessions"),
]
