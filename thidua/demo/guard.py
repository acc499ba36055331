"""Demo and real work never share a database: two keys must turn, one in each place.

The environment says `THIDUA_MODE=demo`, and the database carries the mark that only the demo
loader sets, and only in an empty database. A server with one of the two refuses to start.
"""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from thidua.demo.models import DemoMark


def is_marked() -> bool:
    """The database was filled by the demo loader."""
    tables = connection.introspection.table_names()
    return DemoMark._meta.db_table in tables and DemoMark.objects.exists()


def is_demo() -> bool:
    """Both keys are turned: only then may anybody sign in without a password."""
    return bool(settings.DEMO) and DemoMark.objects.exists()


def refuse_mismatch() -> None:
    """Stops the start of a server whose mode and database disagree."""
    if settings.PRODUCTION and is_marked():
        raise ImproperlyConfigured(
            "Cơ sở dữ liệu này là bản dùng thử nên không chạy ở chế độ làm việc thật. "
            "Hãy chỉ THIDUA_DATA hoặc DATABASE_URL tới dữ liệu thật."
        )
    if settings.DEMO and not is_marked():
        raise ImproperlyConfigured(
            "Cơ sở dữ liệu này không phải bản dùng thử nên không mở được chế độ dùng thử. "
            "Hãy chạy “thidua demo serve” với một thư mục dữ liệu trống."
        )
