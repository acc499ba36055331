"""Ours and `belenios-tool` in one election: what either makes, the other accepts."""

import json
from collections.abc import Callable

import pytest

from tests.rules.ballots.elections import PAPERS, TIME, Tellers, counted, election_of, expected
from tests.rules.ballots.tool import GROUP, Tool
from thidua.rules.ballots import belenios

TOOLS_BALLOTS = 4


@pytest.fixture(scope="session")
def mixed(new_tool: Callable[[], Tool]) -> Tellers:
    """Teller 1 and the routing by the tool, tellers 2 and 3 by ours; any two can count."""
    tool = new_tool()
    tool.threshold(1)
    (key,) = tool.names(".key")
    seeds = [tool.read(key), belenios.new_seed(), belenios.new_seed()]
    certificates = [tool.read(tool.names(".cert")[0]), *map(belenios.certificate, seeds[1:])]
    belenios.check_certificates(certificates)
    tool.write("certs.jsons", "\n".join(certificates) + "\n")
    certs = ("--certs", "certs.jsons")
    tool.threshold(2, *certs)
    polynomials = [
        tool.threshold(3, *certs, "--key", key, "--threshold", "2"),
        *(belenios.polynomial(seed, certificates, 2) for seed in seeds[1:]),
    ]
    for owner, text in enumerate(polynomials, start=1):
        belenios.check_polynomial(certificates, owner, 2, text)
    tool.write("polynomials.jsons", "\n".join(polynomials) + "\n")
    tool.threshold(4, *certs, "--polynomials", "polynomials.jsons")
    vinputs = [belenios.vinput(certificates, polynomials, owner) for owner in (1, 2, 3)]
    assert sorted(map(tool.read, tool.names(".vinput"))) == sorted(vinputs)
    voutputs = [
        tool.threshold(5, *certs, "--key", key, given=vinputs[0]),
        belenios.voutput(seeds[1], certificates, vinputs[1], 2),
        belenios.voutput(seeds[2], certificates, vinputs[2], 2),
    ]
    for owner, text in enumerate(voutputs, start=1):
        belenios.check_voutput(certificates, polynomials, owner, text)
    lines = "\n".join(voutputs) + "\n"
    published = tool.threshold(6, *certs, "--polynomials", "polynomials.jsons", given=lines)
    ours = belenios.trustees(2, certificates, polynomials, voutputs)
    assert json.loads(ours) == [["Pedersen", json.loads(published)]]
    return Tellers(2, seeds, certificates, polynomials, vinputs, voutputs, ours)


@pytest.mark.parametrize("voters", [5, 7, 9, 34])
def test_election_of_ours_and_the_tool_together_is_accepted_by_both(mixed, tool, voters):
    election = election_of(mixed)
    codes = [belenios.new_credential() for _ in range(voters)]
    papers = [PAPERS[place % len(PAPERS)] for place in range(voters - 2)]
    credentials = [belenios.public_credential(election.uuid, code) for code in codes]
    start = belenios.archive(election.text, mixed.trustees, credentials, [], timestamp=TIME)
    tool.write(f"{election.uuid}.bel", start)

    ballots = [
        _tools_ballot(tool, code, paper)
        if place < TOOLS_BALLOTS
        else belenios.make_ballot(election, code, paper)
        for place, (code, paper) in enumerate(zip(codes, papers, strict=False))
    ]
    checked = [belenios.check_ballot(election, ballot) for ballot in ballots]
    held = counted(election, mixed, codes, ballots, (1, 3))
    tool.write(f"{election.uuid}.bel", held.archive(partials={}, result=None))
    partials = {1: _tools_partial(tool, mixed), 3: held.partials[3]}
    belenios.check_partial(election, mixed.trustees, 1, held.tally, partials[1])
    result = belenios.combine(election, mixed.trustees, held.tally, partials, len(ballots))
    archive = held.archive(partials=partials, result=result)

    assert [each.credential for each in checked] == credentials[: len(ballots)]
    assert result == expected(papers)
    verified = belenios.verify_archive(archive)
    assert verified.result == result
    assert verified.trackers == tuple(sorted(each.tracker for each in checked))
    assert tool.accepts(archive, election.uuid)


def _tools_ballot(tool: Tool, code: str, paper: list[list[int]]) -> str:
    tool.write("code", code)
    tool.write("choices", json.dumps(paper))
    return tool.run("election", "generate-ballot", "--privcred", "code", "--ballot", "choices")


def _tools_partial(tool: Tool, tellers: Tellers) -> str:
    """Teller 1 decrypts with the tool, from the archive in its folder."""
    tool.write("seed", tellers.seeds[0] + "\n")
    tool.write("private", tellers.private(1) + "\n")
    keys = ("--key", "seed", "--decryption-key", "private", "--trustee-id", "1")
    return tool.run("election", "decrypt-threshold", *keys).splitlines()[0]


@pytest.fixture(scope="session")
def tools_own(new_tool: Callable[[], Tool]) -> tuple[str, bytes]:
    """The uuid and archive of an election made by the tool alone: three voters, two of two tellers."""
    tool = new_tool()
    uuid = tool.run("setup", "generate-token")
    tool.run("setup", "generate-credentials", "--uuid", uuid, *GROUP, "--count", "3")
    (tool.folder / tool.names(".pubcreds")[0]).rename(tool.folder / "public_creds.json")
    codes = [line.split()[1] for line in tool.read(tool.names(".privcreds")[0]).splitlines()]
    _tools_tellers(tool)
    question = {"answers": ["A", "B"], "blank": True, "min": 1, "max": 1, "question": "Ai?"}
    template = {"description": "d", "name": "Bầu", "questions": [question]}
    tool.write("template.json", json.dumps(template))
    tool.run("setup", "make-election", "--uuid", uuid, *GROUP, "--template", "template.json")
    tool.run("archive", "init")
    for code, paper in zip(codes, [[[0, 1, 0]], [[0, 1, 0]], [[1, 0, 0]]], strict=True):
        _add(tool, "Ballot", _tools_ballot(tool, code, paper))
    _add(tool, "EndBallots", "")
    _add(tool, "EncryptedTally", tool.run("election", "compute-encrypted-tally"))
    for owner, key in enumerate(tool.folder.glob("*.key"), start=1):
        name = key.name
        keys = ("--key", name, "--decryption-key", name.replace(".key", ".dkey"))
        partial = tool.run("election", "decrypt-threshold", *keys, "--trustee-id", str(owner))
        _add(tool, "PartialDecryption", partial)
    _add(tool, "Result", tool.run("election", "compute-result"))
    return uuid, (tool.folder / f"{uuid}.bel").read_bytes()


def _tools_tellers(tool: Tool) -> None:
    keys = []
    for _ in range(2):
        tool.threshold(1)
    keys = [path.name for path in tool.folder.glob("*.key")]
    certs = "\n".join(tool.read(key.replace(".key", ".cert")) for key in keys) + "\n"
    tool.write("certs.jsons", certs)
    given = ("--certs", "certs.jsons")
    made = [tool.threshold(3, *given, "--key", key, "--threshold", "2") for key in keys]
    tool.write("polynomials.jsons", "\n".join(made) + "\n")
    polynomials = ("--polynomials", "polynomials.jsons")
    tool.threshold(4, *given, *polynomials)
    voutputs = [
        tool.threshold(5, *given, "--key", key, given=tool.read(key.replace(".key", ".vinput")))
        for key in keys
    ]
    lines = "\n".join(voutputs) + "\n"
    tool.write("threshold.json", tool.threshold(6, *given, *polynomials, given=lines))
    tool.write("public_keys.jsons", "")
    tool.run("setup", "make-trustees")


def _add(tool: Tool, kind: str, text: str) -> None:
    tool.run("archive", "add-event", f"--type={kind}", given=text)


def test_archive_of_the_tool_alone_is_accepted_and_written_again_for_both(tools_own, tool):
    uuid, data = tools_own

    verified = belenios.verify_archive(data, any_order=True)
    said = verified.archive
    again = belenios.archive(
        said.election,
        said.trustees,
        said.credentials,
        said.ballots,
        timestamp=said.timestamp,
        tally_text=said.tally,
        partials=dict(said.partials),
        result=said.result,
    )

    assert verified.result == [[1, 2, 0]]
    assert belenios.verify_archive(again).result == [[1, 2, 0]]
    assert tool.accepts(again, uuid)


def test_question_without_a_blank_vote_is_proved_as_the_tool_does(tellers, tool):
    question = belenios.Question("Ai?", ("A", "B", "C"), 1, 2, blank=False)
    election = election_of(tellers, questions=[question])
    codes = [belenios.new_credential() for _ in range(2)]
    credentials = [belenios.public_credential(election.uuid, code) for code in codes]
    start = belenios.archive(election.text, tellers.trustees, credentials, [], timestamp=TIME)
    tool.write(f"{election.uuid}.bel", start)

    ballots = [
        _tools_ballot(tool, codes[0], [[1, 0, 1]]),
        belenios.make_ballot(election, codes[1], [[1, 0, 0]]),
    ]
    for ballot in ballots:
        belenios.check_ballot(election, ballot)
    held = counted(election, tellers, codes, ballots, (2, 3))

    assert held.result == [[2, 0, 1]]
    assert belenios.verify_archive(held.archive()).election == election
    assert tool.accepts(held.archive(), election.uuid)
    with pytest.raises(belenios.InvalidBallot, match="phải chọn từ 1 đến 2, đã chọn 0"):
        belenios.make_ballot(election, codes[1], [[0, 0, 0]])


def test_tally_and_result_computed_by_the_tool_are_ours(held, tool):
    tool.write(f"{held.election.uuid}.bel", held.archive(result=None))

    assert json.loads(tool.run("election", "compute-result")) == {"result": held.result}
    tool.write(f"{held.election.uuid}.bel", held.archive(tally=None, partials={}, result=None))
    assert tool.run("election", "compute-encrypted-tally").splitlines()[0] == held.tally


@pytest.mark.parametrize("owners", [(1,), (1, 2), (1, 2, 3)])
def test_archive_before_the_result_is_accepted_by_both(held, tool, owners):
    partials = {owner: held.tellers.partial(held.election, held.tally, owner) for owner in owners}
    archive = held.archive(partials=partials, result=None)

    assert belenios.verify_archive(archive).result is None
    assert tool.accepts(archive, held.election.uuid)
