"""Pacts in each of their states."""

from decimal import Decimal

from tests.factories.world import NOON, ClusterWorld
from thidua.pacts import services
from thidua.pacts.content import content_fingerprint
from thidua.pacts.models import Commitment, PactVersion
from thidua.pacts.services import CommitmentText
from thidua.reporting.models import Indicator


def indicator(key: str = "thanh-tra") -> Indicator:
    return Indicator.objects.get_or_create(
        key=key, defaults={"name": "Tỷ lệ cuộc thanh tra hoàn thành", "measure": "%"}
    )[0]


def measured(text: str = "Hoàn thành kế hoạch thanh tra", target: str = "100") -> CommitmentText:
    return CommitmentText(text, indicator(), "at_least", Decimal(target), "%")


def add(world: ClusterWorld, pact: PactVersion, text: CommitmentText, group=None) -> Commitment:
    return services.save_commitment(
        pact=pact,
        group=group or pact.groups.first(),
        commitment=None,
        text=text,
        actor=world.lead_officer,
        at=NOON,
    )


def draft(world: ClusterWorld) -> PactVersion:
    """One group with a measurable and a textual commitment."""
    pact = services.start_pact(
        year=world.year, title="Giao ước thi đua", actor=world.lead_officer, at=NOON
    )
    services.save_group(
        pact=pact, group=None, title="Công tác thanh tra", actor=world.lead_officer, at=NOON
    )
    add(world, pact, measured())
    add(world, pact, CommitmentText("Chuyển kịp thời hồ sơ sang cơ quan điều tra"))
    pact.refresh_from_db()
    return pact


def consulting(world: ClusterWorld) -> PactVersion:
    pact = draft(world)
    return services.open_pact(pact=pact, version=pact.version, actor=world.lead_officer, at=NOON)


def agree_all(world: ClusterWorld, pact: PactVersion) -> None:
    content = content_fingerprint(pact)
    for membership, head in zip(world.memberships, world.heads, strict=True):
        services.agree(pact=pact, membership=membership, content=content, actor=head, at=NOON)


def freeze(world: ClusterWorld, pact: PactVersion) -> PactVersion:
    return services.freeze_pact(pact=pact, version=pact.version, actor=world.lead_head, at=NOON)


def frozen(world: ClusterWorld) -> PactVersion:
    pact = consulting(world)
    agree_all(world, pact)
    return freeze(world, pact)


def say(world: ClusterWorld, pact: PactVersion, text: str = "Nên ghi rõ thời hạn", position=1):
    return services.comment(
        commitment=Commitment.objects.filter(group__pact=pact).first(),
        membership=world.memberships[position],
        text=text,
        actor=world.heads[position],
        at=NOON,
    )
