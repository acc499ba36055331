"""The people of the demo: accounts, roles, and signing certificates of a demo authority."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

from django.conf import settings

from thidua.accounts.models import User
from thidua.documents.services import add_trust_anchor, register_certificate
from thidua.documents.signing.authority import (
    Authority,
    create_authority,
    issue_crl,
    issue_signer,
)
from thidua.organisations.loading import Loaded
from thidua.organisations.models import Assignment, EmulationYear, Organisation
from thidua.organisations.services import give_assignment

DATA = Path(__file__).parent / "data" / "demo.toml"
Role = Assignment.Role
# Roles begin with the demo's first year, or with the organisation where that is younger.
START = date(2024, 1, 1)


def demo_data() -> dict[str, Any]:
    """The demo's script."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def certificates_dir() -> Path:
    """Where the demo signers' own key files lie: on this machine, outside the database."""
    return Path(settings.DATA_DIR) / "chung-thu-dung-thu"


@dataclass
class Cast:
    """Who plays whom; heads and officers by organisation key."""

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
    """An account without a password: the demo signs in by a button."""
    return User.objects.create_user(username, full_name)


def make_people(data: dict[str, Any], loaded: Loaded, at: datetime) -> Cast:
    """Accounts and roles for both demo years."""
    cluster = loaded.clusters["cum-2"]
    others = data["others"]
    cast = Cast(_user("ttcp", others["superior"]), data["passphrase"].encode())
    administrator = _user("quan-tri", others["administrator"])
    _give(
        cast.superior, Role.SUPERIOR, at, organisation=loaded.by_key["vu-tccb"], post="Chuyên viên"
    )
    _give(administrator, Role.ADMINISTRATOR, at)
    for number in (1, 2):
        appraiser = _user(f"tham-dinh-{number}", others[f"appraiser-{number}"])
        _give(appraiser, Role.APPRAISER, at, cluster=cluster)
        cast.appraisers.append(appraiser)
    before = [loaded.before[name] for name in data["year_2024"]["members"]]
    after = [loaded.after[name] for name in data["year_2026"]["members"]]
    for organisation in before:
        _unit(cast, organisation, data["heads"], data["officers"], at)
    for organisation in after:
        if organisation.pk not in cast.heads:
            _unit(cast, organisation, data["heads_after"], data["officers"], at, tag="-2026")
    return cast


def _unit(
    cast: Cast,
    organisation: Organisation,
    heads: dict[str, str],
    officers: dict[str, str],
    at: datetime,
    tag: str = "",
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


def make_certificates(cast: Cast, years: list[EmulationYear], at: datetime) -> None:
    """A demo authority, a key file for every head, and the registration by the superior.

    The key files are written to the machine on which the demo runs, as a signer would keep them;
    the product itself only ever receives the public certificates.
    """
    folder = certificates_dir()
    folder.mkdir(parents=True, exist_ok=True)
    authority = create_authority(name="Tổ chức chứng thực dùng thử", at=at)
    for year in years:
        for membership in year.memberships.select_related("organisation"):
            organisation = membership.organisation
            if organisation.pk not in cast.keys:
                _certificate(cast, authority, organisation, year, folder, at)
    add_trust_anchor(
        certificate=authority.certificate, crl=issue_crl(authority, at=at), actor=None, at=at
    )


def _certificate(
    cast: Cast,
    authority: Authority,
    organisation: Organisation,
    year: EmulationYear,
    folder: Path,
    at: datetime,
) -> None:
    head = cast.heads[organisation.pk]
    issued = issue_signer(
        authority,
        name=head.full_name,
        organisation=organisation.full_name,
        post="Chánh Thanh tra",
        at=at,
        passphrase=cast.passphrase,
    )
    cast.keys[organisation.pk] = issued.pkcs12
    (folder / f"{head.username}.p12").write_bytes(issued.pkcs12)
    register_certificate(
        holder=head,
        organisation=organisation,
        data=issued.certificate,
        year=year,
        actor=cast.superior,
        at=at,
    )
