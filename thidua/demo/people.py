"""The people of the demo: accounts, roles, and signing certificates of a demo authority."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from django.conf import settings

from thidua.accounts.models import User
from thidua.documents.services import add_trust_anchor, register_certificate
from thidua.documents.signing.authority import create_authority, issue_crl, issue_signer
from thidua.organisations.loading import Loaded
from thidua.organisations.models import Assignment, Cluster, EmulationYear, Organisation
from thidua.organisations.services import give_assignment

DATA = Path(__file__).parent / "data"
YEARS = ("year_2024", "year_2026")
Role = Assignment.Role
# Roles begin with the demo's first year, or with the organisation where that is younger.
START = date(2024, 1, 1)


@cache
def demo_data() -> Mapping[str, Any]:
    """The demo's script; what happens in a year stands under `year_2024`, `year_2026`."""
    return {**_read("demo"), **{year: _read_year(year) for year in YEARS}}


def _read_year(name: str) -> dict[str, Any]:
    """What happens in a year; its reports stand in a file of their own."""
    return {**_read(name), "reports": _read(name.replace("year", "reports"))}


def script_file(name: str) -> Path:
    """Where a part of the script stands."""
    return DATA / f"{name}.toml"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(script_file(name).read_text(encoding="utf-8"))


def certificates_dir() -> Path:
    """Where the demo signers' own key files lie: on this machine, outside the database."""
    return Path(settings.DATA_DIR) / "chung-thu-dung-thu"


def teller_keys_dir() -> Path:
    """Where the demo tellers' key files lie: on this machine, outside the database."""
    return Path(settings.DATA_DIR) / "khoa-kiem-phieu-dung-thu"


@dataclass
class Cast:
    """Who plays whom; heads and officers by organisation key."""

    cluster: Cluster
    superior: User
    passphrase: bytes
    heads: dict[int, User] = field(default_factory=dict)
    officers: dict[int, User] = field(default_factory=dict)
    appraisers: list[User] = field(default_factory=list)
    keys: dict[int, bytes] = field(default_factory=dict)


def plain(text: str) -> str:
    """A name without tones, for account and file names: "Vĩnh Phúc" → "vinh-phuc"."""
    letters = normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in letters if c.isascii() and (c.isalnum() or c == " ")).replace(
        " ", "-"
    )


def _user(username: str, full_name: str) -> User:
    """An account without a password: the demo signs in by a button. Letters go to the terminal."""
    user = User.objects.create_user(username, full_name)
    user.email = f"{username}@demo.example"
    user.save(update_fields=["email"])
    return user


def make_cast(data: Mapping[str, Any], loaded: Loaded, at: datetime) -> Cast:
    """Those who belong to no member: superior, administrator, appraisers."""
    cluster = loaded.clusters["cum-2"]
    others = data["others"]
    cast = Cast(cluster, _user("ttcp", others["superior"]), data["passphrase"].encode())
    administrator = _user("quan-tri", others["administrator"])
    _give(
        cast.superior, Role.SUPERIOR, at, organisation=loaded.by_key["vu-tccb"], post="Chuyên viên"
    )
    _give(administrator, Role.ADMINISTRATOR, at)
    for number in (1, 2):
        appraiser = _user(f"tham-dinh-{number}", others[f"appraiser-{number}"])
        _give(appraiser, Role.APPRAISER, at, cluster=cluster)
        cast.appraisers.append(appraiser)
    return cast


def make_people(
    cast: Cast, data: Mapping[str, Any], members: Sequence[Organisation], at: datetime
) -> None:
    """A head and an officer for every member that has none yet."""
    for organisation in members:
        if organisation.pk not in cast.heads:
            # After the merger an organisation of the same name is another one.
            later = organisation.valid_from > START
            heads, tag = ("heads_after", "-2026") if later else ("heads", "")
            _unit(cast, organisation, data[heads], data["officers"], at, tag)


def _unit(
    cast: Cast,
    organisation: Organisation,
    heads: Mapping[str, str],
    officers: Mapping[str, str],
    at: datetime,
    tag: str,
) -> None:
    name = organisation.short_name
    head = _user(f"truong-{plain(name)}{tag}", heads[name])
    officer = _user(f"can-bo-{plain(name)}{tag}", officers[name])
    _give(head, Role.HEAD, at, organisation=organisation, post="Chánh Thanh tra")
    _give(officer, Role.OFFICER, at, organisation=organisation, post="Thanh tra viên")
    cast.heads[organisation.pk] = head
    cast.officers[organisation.pk] = officer


def _give(user: User, role: Assignment.Role, at: datetime, **place: Any) -> None:
    organisation: Organisation | None = place.get("organisation")
    since = max(START, organisation.valid_from) if organisation else START
    give_assignment(user=user, role=role, valid_from=since, actor=None, at=at, **place)


class Issuer:
    """A demo authority: a key file for every head, and the registration by the superior.

    The key files are written to the machine on which the demo runs, as a signer would keep them;
    the product itself only ever receives the public certificates.
    """

    def __init__(self, cast: Cast, at: datetime) -> None:
        self.cast = cast
        self.folder = certificates_dir()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.authority = create_authority(name="Tổ chức chứng thực dùng thử", at=at)
        self.renew(at)

    def renew(self, at: datetime) -> None:
        """The authority is trusted, with a list of revocations as of that moment."""
        add_trust_anchor(
            certificate=self.authority.certificate,
            crl=issue_crl(self.authority, at=at),
            actor=None,
            at=at,
        )

    def register(self, year: EmulationYear, at: datetime) -> None:
        """Every head of the year who has no certificate yet."""
        for membership in year.memberships.select_related("organisation"):
            if membership.organisation_id not in self.cast.keys:
                self._issue(membership.organisation, year, at)

    def _issue(self, organisation: Organisation, year: EmulationYear, at: datetime) -> None:
        head = self.cast.heads[organisation.pk]
        issued = issue_signer(
            self.authority,
            name=head.full_name,
            organisation=organisation.full_name,
            post="Chánh Thanh tra",
            at=at,
            passphrase=self.cast.passphrase,
        )
        self.cast.keys[organisation.pk] = issued.pkcs12
        (self.folder / f"{head.username}.p12").write_bytes(issued.pkcs12)
        register_certificate(
            holder=head,
            organisation=organisation,
            data=issued.certificate,
            year=year,
            actor=self.cast.superior,
            at=at,
        )
