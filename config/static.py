"""Which static files are collected: those that some page loads."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class UsedStaticFiles(StaticFilesConfig):
    """Packages ship builds that no page of ours loads; compressing them takes half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.rtl.*",
        "bootstrap-*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.min.js*",
        "bootstrap.bundle.js*",
        "bootstrap.esm*",
        "jquery*",
        "htmx-2.js",
        "htmx-4*",
        "htmax*",
        "django-htmx.js",
        "ext",
        "account",
    ]
