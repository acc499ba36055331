"""A ballot of the demo: keys made by three tellers, the list frozen, and, where the script says, counted.

The tellers' key files are written to the machine on which the demo runs, as tellers would keep them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from thidua.ballots import services
from thidua.ballots.models import Ballot, Question, Teller
from thidua.ballots.script import script_sha256
from thidua.demo.loading.scene import Scene
from thidua.demo.people import plain, teller_keys_dir
from thidua.rules.ballots import belenios
from thidua.rules.ballots.results import ResultRule

THRESHOLD = 2
LEAST_ELECTORS = 5


def play_ballot(scene: Scene) -> None:
    """The ballot of the year's script; nothing in a year without one."""
    script = scene.script.get("ballot")
    if script is None:
        return
    at = scene.at("ballot")
    ballot = _set_up(scene, script, at)
    seeds = _make_keys(scene, ballot, at)
    services.freeze_ballot(
        ballot=ballot, script_sha256=script_sha256(), actor=scene.officer(), at=at
    )
    if "votes" in script:
        _vote(scene, ballot, script["votes"], at)
        _count(scene, ballot, seeds, at)


def _set_up(scene: Scene, script: Mapping[str, Any], at: datetime) -> Ballot:
    lead = scene.officer()
    ballot = services.make_ballot(
        year=scene.year,
        terms=services.BallotTerms(
            title=script["title"],
            purpose=script["purpose"],
            electorate=Ballot.Electorate.UNITS,
            held_on=script.get("held_on") or at.date(),
            place=script["place"],
            chair=scene.head(),
            count_chair=scene.head(scene.member(script["count_chair"])),
            secretary=lead,
            threshold=THRESHOLD,
            quorum_numerator=2,
            quorum_denominator=3,
            minimum_electors=LEAST_ELECTORS,
            allows_paper=True,
            destroys_papers=False,
        ),
        actor=lead,
        at=at,
    )
    members = {member.organisation.short_name: member for member in scene.members}
    for each in script["questions"]:
        services.save_question(
            ballot=ballot,
            question=None,
            kind=each["kind"],
            text=each["text"],
            most=each.get("most", 1),
            reveal=Question.Reveal.TOTALS,
            rule=ResultRule.from_json(each["rule"]),
            candidates=[
                services.CandidateLine(
                    name=str(members[name].organisation), membership=members[name]
                )
                if name in members
                else services.CandidateLine(name=name)
                for name in each["candidates"]
            ],
            actor=lead,
            at=at,
        )
    people = [scene.head(members[name]) for name in script["tellers"]]
    return services.name_tellers(
        ballot=ballot, people=people, threshold=THRESHOLD, actor=lead, at=at
    )


def _make_keys(scene: Scene, ballot: Ballot, at: datetime) -> dict[int, str]:
    """Every step of the ceremony, each sent by its own teller; the seeds by the tellers' numbers."""
    tellers = list(ballot.tellers.select_related("user"))
    seeds = {one.order: belenios.new_seed() for one in tellers}
    folder = teller_keys_dir()
    folder.mkdir(parents=True, exist_ok=True)
    for one in tellers:
        text = belenios.lock_key(seeds[one.order], scene.data["passphrase"], ballot.uuid, one.order)
        name = f"{scene.year.year}-{one.order}-{plain(one.name)}.json"
        (folder / name).write_text(text, encoding="utf-8")
        _send(services.send_certificate, one, belenios.certificate(seeds[one.order]), at)
    certificates = [one.certificate for one in ballot.tellers.all()]
    for one in tellers:
        made = belenios.polynomial(seeds[one.order], certificates, THRESHOLD)
        _send(services.send_polynomial, one, made, at)
    polynomials = [one.polynomial for one in ballot.tellers.all()]
    for one in tellers:
        given = belenios.vinput(certificates, polynomials, one.order)
        made = belenios.voutput(seeds[one.order], certificates, given, THRESHOLD)
        _send(services.send_voutput, one, made, at)
    ballot.refresh_from_db()
    for one in ballot.tellers.select_related("user"):
        made = belenios.rehearsal_partial(
            ballot.trustees, seeds[one.order], one.order, _own_key(one), ballot.rehearsal
        )
        _send(services.send_rehearsal, one, made, at)
    return seeds


def _send(step: Any, teller: Teller, text: str, at: datetime) -> None:
    step(teller=teller, text=text, actor=teller.user, at=at)


def _own_key(teller: Teller) -> str:
    """The decryption key the teller sent to themselves."""
    key: str = json.loads(teller.voutput)["private_key"]
    return key


def _vote(scene: Scene, ballot: Ballot, votes: Sequence[Any], at: datetime) -> None:
    """Everybody takes a code, is present, and votes."""
    electors = list(ballot.electors.select_related("user"))
    codes = {one.pk: belenios.new_credential() for one in electors}
    for one in electors:
        public = belenios.public_credential(ballot.uuid, codes[one.pk])
        services.check_roll(elector=one, credential=public, actor=one.user, at=at)
    present = {one.pk for one in electors}
    services.call_roll(ballot=ballot, present=present, actor=scene.officer(), at=at)
    services.open_ballot(ballot=ballot, actor=scene.head(), at=at)
    ballot.refresh_from_db()
    election = belenios.read_election(ballot.election)
    for one, choices in zip(electors, votes, strict=True):
        text = belenios.make_ballot(election, codes[one.pk], choices)
        services.cast(ballot=ballot, text=text, actor=one.user)


def _count(scene: Scene, ballot: Ballot, seeds: Mapping[int, str], at: datetime) -> None:
    """Closed by who chairs the count; two of three tellers open the sum."""
    chair = ballot.count_chair or ballot.chair
    services.close_ballot(ballot=ballot, actor=chair, at=at)
    ballot.refresh_from_db()
    election = belenios.read_election(ballot.election)
    for one in ballot.tellers.select_related("user").exclude(order=THRESHOLD):
        text = belenios.partial_decryption(
            election,
            ballot.trustees,
            seeds[one.order],
            one.order,
            _own_key(one),
            ballot.encrypted_tally,
        )
        services.send_partial(teller=one, text=text, actor=one.user, at=at)
