"""A small but whole world: two clusters, their members, heads, officers, superiors, strangers."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from thidua.accounts.models import User
from thidua.organisations.models import (
    Assignment,
    Cluster,
    EmulationYear,
    Membership,
    Milestone,
    Organisation,
)
from thidua.rules.milestones import default_milestones

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=HANOI)
START = date(2020, 1, 1)
Role = Assignment.Role


def make_user(username: str, full_name: str) -> User:
    """A person without a password; tests sign in with `client.force_login`."""
    user = User(username=username, full_name=full_name)
    user.set_unusable_password()
    user.save()
    return user


def make_organisation(name: str, *, parent: Organisation | None = None, **fields) -> Organisation:
    fields.setdefault("kind", Organisation.Kind.PROVINCIAL_INSPECTORATE)
    fields.setdefault("full_name", f"Thanh tra tỉnh {name}")
    return Organisation.objects.create(
        short_name=name,
        place=name,
        parent=parent,
        valid_from=fields.pop("valid_from", START),
        **fields,
    )


def assign(user: User, role: Role, *, organisation=None, cluster=None, post="", **fields):
    return Assignment.objects.create(
        user=user,
        role=role,
        organisation=organisation,
        cluster=cluster,
        post=post,
        valid_from=fields.pop("valid_from", START),
        **fields,
    )


@dataclass
class ClusterWorld:
    """One cluster's year with its people, by short name of the organisation."""

    cluster: Cluster
    year: EmulationYear
    memberships: list[Membership] = field(default_factory=list)
    heads: list[User] = field(default_factory=list)
    officers: list[User] = field(default_factory=list)
    appraiser: User | None = None

    @property
    def lead_head(self) -> User:
        return self.heads[0]

    @property
    def lead_officer(self) -> User:
        return self.officers[0]


@dataclass
class World:
    """`one` is the cluster under test, `two` a neighbour; the first member of each leads."""

    centre: Organisation
    one: ClusterWorld
    two: ClusterWorld
    superior: User
    administrator: User
    stranger: User


def make_cluster(
    centre: Organisation, tag: str, names: list[str], year: int = 2026
) -> ClusterWorld:
    cluster = Cluster.objects.create(name=f"Cụm {tag}", short_name=f"Cụm {tag}", superior=centre)
    opened = EmulationYear.objects.create(
        cluster=cluster, year=year, members_as_of=date(year, 1, 1)
    )
    Milestone.objects.bulk_create(
        Milestone(year=opened, kind=m.kind, due_on=m.due_on, source=m.source)
        for m in default_milestones(year)
    )
    world = ClusterWorld(cluster, opened)
    for order, name in enumerate(names, start=1):
        organisation = make_organisation(name)
        role = Membership.Role.MEMBER
        if order <= 2:
            role = Membership.Role.LEAD if order == 1 else Membership.Role.DEPUTY
        world.memberships.append(
            Membership.objects.create(
                year=opened, organisation=organisation, role=role, order=order
            )
        )
        head = make_user(f"truong-{tag}-{order}", f"Trưởng {name}")
        officer = make_user(f"canbo-{tag}-{order}", f"Cán bộ {name}")
        assign(head, Role.HEAD, organisation=organisation, post="Chánh Thanh tra")
        assign(officer, Role.OFFICER, organisation=organisation, post="Thanh tra viên")
        world.heads.append(head)
        world.officers.append(officer)
    world.appraiser = make_user(f"thamdinh-{tag}", f"Thẩm định {tag}")
    assign(world.appraiser, Role.APPRAISER, cluster=cluster)
    return world


def make_world(members: int = 3) -> World:
    """Cluster "một" with `members` members, cluster "hai" with two, and everyone around them."""
    centre = make_organisation(
        "TTCP", kind=Organisation.Kind.CENTRAL, full_name="Thanh tra Chính phủ"
    )
    department = make_organisation(
        "Vụ TCCB",
        kind=Organisation.Kind.DEPARTMENT,
        full_name="Vụ Tổ chức Cán bộ",
        parent=centre,
    )
    names = ["An", "Bình", "Cường", "Dũng", "Giang", "Hà", "Khánh", "Lâm", "Minh"][:members]
    one = make_cluster(centre, "một", names)
    # The neighbour has another superior, so that the superior of one sees nothing of the other.
    other_centre = make_organisation(
        "Bộ khác", kind=Organisation.Kind.CENTRAL, full_name="Cơ quan trung ương khác"
    )
    two = make_cluster(other_centre, "hai", ["Phú", "Quý"])
    superior = make_user("captren", "Cán bộ cấp trên")
    assign(superior, Role.SUPERIOR, organisation=department)
    administrator = make_user("quantri", "Quản trị")
    assign(administrator, Role.ADMINISTRATOR)
    return World(
        centre=centre,
        one=one,
        two=two,
        superior=superior,
        administrator=administrator,
        stranger=make_user("nguoila", "Người lạ"),
    )
