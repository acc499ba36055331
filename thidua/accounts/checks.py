"""What `manage.py check` refuses to build."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error

from thidua.accounts.access import access_of, routes


def check_every_route_declares_access(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """One error for each route whose view does not say who may open it (threat model T01)."""
    return [
        Error(
            f"Route {name} ({pattern.pattern}) has no declared access.",
            hint="Mark its view with access.public, access.signed_in or access.requires(…).",
            id="accounts.E001",
        )
        for name, pattern in routes()
        if access_of(pattern.callback) is None
    ]
