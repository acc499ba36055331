"""The page that shows every component in all its states; for developers, in test mode only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thidua.ui import samples


def components(request: HttpRequest) -> HttpResponse:
    """Every component. config/urls.py marks it public: this area may not import the marks."""
    if settings.MODE != "test":
        raise Http404
    return render(request, "ui/components.html", samples.everything())
