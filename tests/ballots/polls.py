"""Ballots for tests that ask what storage tells: many small ones, quickly, through the services."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from tests.factories.world import NOON, START, Role, World, assign, make_organisation, make_user
from thidua.accounts.models import User
from thidua.ballots import services
from thidua.ballots.models import Ballot, Question, Teller
from thidua.organisations.models import Membership
from thidua.rules.ballots import belenios
from thidua.rules.ballots.results import ResultRule

MAJORITY = {"base": "all_members", "share": "1/2", "more_than": True}


@cache
def key_ceremony(tellers: int = 3, threshold: int = 2):
    """Seeds and messages of a finished ceremony; made once, it takes a second."""
    seeds = [belenios.new_seed() for _ in range(tellers)]
    certificates = [belenios.certificate(seed) for seed in seeds]
    polynomials = [belenios.polynomial(seed, certificates, threshold) for seed in seeds]
    voutputs = [
        belenios.voutput(
            seed, certificates, belenios.vinput(certificates, polynomials, owner), threshold
        )
        for owner, seed in enumerate(seeds, 1)
    ]
    trustees = belenios.trustees(threshold, certificates, polynomials, voutputs)
    return seeds, certificates, polynomials, voutputs, trustees


@dataclass
class Poll:
    """A ballot, the codes its electors hold, and the seeds its tellers hold."""

    ballot: Ballot
    people: list[User]
    codes: dict[int, str]
    seeds: list[str]

    def paper(self, person: User, *choices: list[int]) -> str:
        election = belenios.read_election(self.ballot.election)
        return belenios.make_ballot(election, self.codes[person.pk], list(choices))

    def vote(self, person: User, *choices: list[int]) -> str:
        text = self.paper(person, *choices)
        return services.cast(ballot=self.ballot, text=text, actor=person)

    def fresh(self) -> Ballot:
        self.ballot = Ballot.objects.get(pk=self.ballot.pk)
        return self.ballot

    def partial(self, teller: Teller) -> str:
        """What the teller's own machine makes of the sum."""
        return belenios.partial_decryption(
            belenios.read_election(self.ballot.election),
            self.ballot.trustees,
            self.seeds[teller.order - 1],
            teller.order,
            private_key_message(teller),
            self.ballot.encrypted_tally,
        )

    def tally(self, *owners: int) -> Ballot:
        """These tellers open the sum."""
        self.fresh()
        for teller in self.ballot.tellers.filter(order__in=owners):
            text = self.partial(teller)
            services.send_partial(teller=teller, text=text, actor=teller.user, at=NOON)
        return self.fresh()


def private_key_message(teller: Teller) -> str:
    import json

    return json.loads(teller.voutput)["private_key"]


def more_members(world: World, count: int) -> None:
    """Members beyond those of the world, up to `count`, each with a head."""
    one = world.one
    for order in range(len(one.memberships) + 1, count + 1):
        organisation = make_organisation(f"Tỉnh {order}")
        one.memberships.append(
            Membership.objects.create(year=one.year, organisation=organisation, order=order)
        )
        head = make_user(f"truong-{order}", f"Trưởng tỉnh {order}")
        assign(head, Role.HEAD, organisation=organisation, post="Chánh Thanh tra", valid_from=START)
        one.heads.append(head)


def terms(world: World, **changes) -> services.BallotTerms:
    values = {
        "title": "Suy tôn đơn vị dẫn đầu",
        "purpose": "",
        "electorate": Ballot.Electorate.UNITS,
        "held_on": date(2026, 12, 10),
        "place": "Nam Định",
        "chair": world.one.lead_head,
        "count_chair": None,
        "secretary": world.one.lead_officer,
        "threshold": 2,
        "quorum_numerator": 2,
        "quorum_denominator": 3,
        "minimum_electors": 3,
        "allows_paper": True,
        "destroys_papers": False,
    }
    return services.BallotTerms(**{**values, **changes})


def set_up(
    world: World,
    *,
    questions=None,
    names=("An", "Bình"),
    rule=MAJORITY,
    reveal=Question.Reveal.TOTALS,
    tellers=None,
    **changes,
) -> Ballot:
    """A ballot in set-up whose tellers have their key already."""
    lead = world.one.lead_officer
    ballot = services.make_ballot(
        year=world.one.year, terms=terms(world, **changes), actor=lead, at=NOON
    )
    for kind, most, text in questions or [(Question.Kind.CHOOSE, 1, "Đơn vị dẫn đầu")]:
        services.save_question(
            ballot=ballot,
            question=None,
            kind=kind,
            text=text,
            most=most,
            reveal=reveal,
            rule=ResultRule.from_json(rule),
            candidates=[services.CandidateLine(name=name) for name in names],
            actor=lead,
            at=NOON,
        )
    services.name_tellers(
        ballot=ballot,
        people=tellers or world.one.heads[:3],
        threshold=2,
        actor=lead,
        at=NOON,
    )
    _, certificates, polynomials, voutputs, trustees = key_ceremony()
    for teller in ballot.tellers.all():
        place = teller.order - 1
        teller.certificate = certificates[place]
        teller.polynomial = polynomials[place]
        teller.voutput = voutputs[place]
        teller.rehearsal = "diễn tập"
        teller.save()
    ballot.refresh_from_db()
    ballot.trustees = trustees
    ballot.rehearsal = belenios.rehearsal(belenios.public_key_of(trustees))
    ballot.save()
    return ballot


def ballots_of_every_state(world: World) -> dict[str, int | str]:
    """One ballot for each phase, by the names the access matrix uses."""
    ready = set_up(world, title="Đang chuẩn bị")
    frozen = set_up(world, title="Đã chốt")
    services.freeze_ballot(
        ballot=frozen, script_sha256="0" * 64, actor=world.one.lead_officer, at=NOON
    )
    opened = open_poll(world, title="Đang bỏ").ballot
    closed, tallied, concluded = (
        counted_poll(world, title=title, destroys_papers=True)
        for title in ("Đã đóng", "Đã kiểm", "Đã ký")
    )
    for poll in (tallied, concluded):
        poll.tally(1, 2)
    services.conclude_ballot(
        ballot=concluded.ballot,
        number="01/BB",
        data=b"%PDF-1.7 bien ban",
        name="bien-ban.pdf",
        actor=world.one.lead_head,
        at=NOON,
    )
    question = ready.questions.get()
    return {
        "ballot": ready.pk,
        "ballot_question": question.pk,
        "ballot_candidate": question.candidates.first().pk,
        "ballot_elector": ready.electors.first().pk,
        "ballot_member": world.one.memberships[0].pk,
        "ballot_frozen": frozen.pk,
        "ballot_open": opened.pk,
        "ballot_open_elector": opened.electors.last().pk,
        "ballot_closed": closed.ballot.pk,
        "ballot_channel": "paper",
        "ballot_tallied": tallied.ballot.pk,
        "ballot_tallied_question": tallied.ballot.questions.get().pk,
        "ballot_concluded": concluded.ballot.pk,
        "ballot_uuid": tallied.ballot.uuid,
    }


def counted_poll(world: World, **options) -> Poll:
    """A ballot closed after two of three chose the first candidate."""
    poll = open_poll(world, **options)
    for person, choice in zip(poll.people, ([0, 1, 0], [0, 1, 0], [1, 0, 0]), strict=False):
        poll.vote(person, choice)
    services.close_ballot(ballot=poll.ballot, actor=world.one.lead_head, at=NOON)
    poll.fresh()
    return poll


def open_poll(world: World, *, absent: int = 0, **options) -> Poll:
    """A ballot that everybody but the last `absent` electors has a code for, opened."""
    lead = world.one.lead_officer
    ballot = set_up(world, **options)
    services.freeze_ballot(ballot=ballot, script_sha256="0" * 64, actor=lead, at=NOON)
    codes = {}
    electors = list(ballot.electors.all())
    for elector in electors[: len(electors) - absent]:
        code = belenios.new_credential()
        codes[elector.user_id] = code
        services.check_roll(
            elector=elector,
            credential=belenios.public_credential(ballot.uuid, code),
            actor=elector.user,
            at=NOON,
        )
    present = {one.pk for one in electors[: len(electors) - absent]}
    services.call_roll(ballot=ballot, present=present, actor=lead, at=NOON)
    services.open_ballot(ballot=ballot, actor=world.one.lead_head, at=NOON)
    return Poll(
        ballot=Ballot.objects.get(pk=ballot.pk),
        people=[one.user for one in electors],
        codes=codes,
        seeds=key_ceremony()[0],
    )
