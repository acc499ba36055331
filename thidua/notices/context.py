"""The bell in the header of every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from thidua.notices.models import Notice


def bell(request: HttpRequest) -> dict[str, object]:
    """`unseen_notices`: how many the person has not seen; one counted index, and only if shown."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "unseen_notices": SimpleLazyObject(lambda: Notice.objects.visible_to(user).unseen().count())
    }
