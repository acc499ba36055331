"""Addresses. Every view declares who may open it (thidua/accounts/access.py)."""

from django.urls import include, path

from thidua.accounts.access import public
from thidua.ui import errors
from thidua.ui.views import components

urlpatterns = [
    path("tai-khoan/", include("thidua.accounts.urls")),
    path("to-chuc/", include("thidua.organisations.urls")),
    path("thong-bao/", include("thidua.notices.urls")),
    path("van-ban/", include("thidua.documents.urls")),
    path("phat-dong/", include("thidua.movements.urls")),
    path("giao-uoc/", include("thidua.pacts.urls")),
    path("bao-cao/", include("thidua.reporting.urls")),
    path("bao-cao/", include("thidua.reporting.report_urls")),
    path("cham-diem/", include("thidua.scoring.urls")),
    path("bo-phieu/", include("thidua.ballots.urls")),
    path("ui/", public(components), name="components"),
    path("dung-thu/", include("thidua.demo.urls")),
    path("", include("thidua.home.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
