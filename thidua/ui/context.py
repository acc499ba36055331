"""What every page knows about the product itself."""

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone


@lru_cache(maxsize=1)
def _version() -> str:
    try:
        return version("thidua")
    except PackageNotFoundError:  # run from a copy that was never installed
        return ""


def product(request: HttpRequest) -> dict[str, object]:
    """`demo`: whether the banner is shown; `version`: of the installed product; `server_time`: in
    milliseconds, for the page to say when the reader's own clock is wrong (R12)."""
    return {
        "demo": settings.DEMO,
        "version": _version(),
        "server_time": int(timezone.now().timestamp() * 1000),
    }
