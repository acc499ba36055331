"""What every answer carries, and how large a request may be."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BodyLimitMiddleware:
    """Refuses a body over the limit before a byte of it is read (threat model T14).

    Who has not signed in may send no more than a sign-in form or a PDF to verify needs; the
    verification page names its own limit by the attribute `body_limit` of its view.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        length = int(declared) if declared.isdigit() else settings.BODY_LIMIT + 1
        request.META["thidua.content_length"] = length
        if length > settings.BODY_LIMIT:
            return too_large(request)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        # Not the mere cookie: anybody can make one up.
        if request.user.is_authenticated:
            return None
        limit = getattr(view, "body_limit", settings.BODY_LIMIT_ANONYMOUS)
        if request.META["thidua.content_length"] > limit:
            return too_large(request)
        return None


def too_large(request: HttpRequest) -> HttpResponseBase:
    """413 with the limit in words."""
    megabytes = settings.BODY_LIMIT // (1024 * 1024)
    return render(request, "ui/too_large.html", {"megabytes": megabytes}, status=413)


class HeadersMiddleware:
    """Headers Django has no setting for: nothing private is kept by a cache or a sensor."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response
