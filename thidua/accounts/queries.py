"""The sessions a person is shown."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from thidua.accounts.models import User

# Order matters: Edge and Cốc Cốc also call themselves Chrome, Chrome calls itself Safari.
BROWSERS = (
    ("coc_coc_browser/", "Cốc Cốc"),
    ("edg/", "Edge"),
    ("edga/", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser/", "Samsung Internet"),
    ("firefox/", "Firefox"),
    ("fxios/", "Firefox"),
    ("crios/", "Chrome"),
    ("chrome/", "Chrome"),
    ("version/", "Safari"),
)
SYSTEMS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)


@dataclass(frozen=True)
class OwnSession:
    """One line of "Phiên đăng nhập"."""

    pk: int
    started_at: datetime
    last_seen_at: datetime
    address: str
    browser: str
    current: bool


def own_sessions(user: User, current_key: str | None, now: datetime) -> list[OwnSession]:
    """The sessions of a person that are alive, this one first, then the latest seen."""
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    kept = UserSession.objects.filter(user=user, last_seen_at__gte=now - idle)
    alive = set(
        Session.objects.filter(
            session_key__in=kept.values("session_key"), expire_date__gt=now
        ).values_list("session_key", flat=True)
    )
    found = [
        OwnSession(
            pk=row.pk,
            started_at=row.created_at,
            last_seen_at=row.last_seen_at,
            address=short_address(row.ip),
            browser=in_words(row.user_agent),
            current=row.session_key == current_key,
        )
        for row in kept.order_by("-last_seen_at")
        if row.session_key in alive
    ]
    return sorted(found, key=lambda one: not one.current)


def short_address(address: str) -> str:
    """An address a person can compare: IPv4 whole, IPv6 down to its network."""
    ip = ipaddress.ip_address(address)
    if ip.is_loopback:
        return "máy này"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return ":".join(ip.exploded.split(":")[:4]) + ":…"
    return str(ip)


def in_words(user_agent: str) -> str:
    """ "Chrome 126 trên Windows", as far as the browser says."""
    said = user_agent.lower()
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    for mark, name in BROWSERS:
        found = re.search(re.escape(mark) + r"(\d+)", said)
        if found:
            return f"{name} {found[1]} trên {system}" if system else f"{name} {found[1]}"
    return f"Trình duyệt trên {system}" if system else "Không rõ trình duyệt"
