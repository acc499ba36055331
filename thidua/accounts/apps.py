from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.core.checks import Tags, register


class AccountsConfig(AppConfig):
    name = "thidua.accounts"

    def ready(self) -> None:
        from thidua.accounts import checks, middleware

        register(checks.check_every_route_declares_access, Tags.urls)
        user_logged_in.connect(middleware.start_clock, dispatch_uid="accounts.start_clock")
