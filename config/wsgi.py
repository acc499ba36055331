"""The application that a WSGI server serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.db import connection  # noqa: E402 - needs the applications loaded

from config.database import refuse_unsafe  # noqa: E402
from thidua.demo.guard import refuse_mismatch  # noqa: E402

refuse_unsafe(connection)
refuse_mismatch()
connection.close()
