"""Scripts, styles and fonts where the server serves them from; made again only when they changed."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Builds of Bootstrap and htmx that no page uses; compressing them takes most of a minute.
UNUSED = [
    "bootstrap-grid*",
    "bootstrap-reboot*",
    "bootstrap-utilities*",
    "*.rtl.*",
    "bootstrap.css*",
    "bootstrap.js*",
    "bootstrap.min.js*",
    "bootstrap.bundle.js*",
    "bootstrap.esm*",
    "jquery*",
    "htmx-2.js",
    "htmx-4*",
    "htmax-4*",
]
STAMP = ".collected"


def collect_static() -> bool:
    """Copy, name by content and compress; True when there was something to do."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / STAMP
    now = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return False
    call_command(
        "collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED
    )
    stamp.write_text(now, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Changes when any static file, or the way they are stored, changes."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list(UNUSED):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
