"""The application that a WSGI server serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from thidua.demo.guard import refuse_mismatch  # noqa: E402 - needs the applications loaded

refuse_mismatch()
