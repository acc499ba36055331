"""The browser's half of the protocol, in a real browser: shared vectors, mixed ceremonies, foreign judges."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.rules.ballots.elections import CHOOSE, Tellers, ceremony, counted, election_of
from tests.rules.ballots.tool import MISSING, WHY_MISSING, Tool
from thidua.rules.ballots import belenios
from thidua.rules.ballots.belenios import Question

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text())
SCRIPTS = ("/static/ballots/sjcl.js", "/static/ballots/belenios.js")
pytestmark = pytest.mark.django_db(transaction=True)

Call = Callable[..., Any]


@pytest.fixture
def js(open_page: Any) -> Call:
    """Calls a function of Belenios in a page under the product's own content security policy."""
    page = open_page("/tai-khoan/dang-nhap/")
    for address in SCRIPTS:
        page.add_script_tag(url=address)
    return lambda name, *args: page.evaluate(
        "async ([name, args]) => await Belenios[name](...args)", [name, list(args)]
    )


def fails(js: Call, name: str, *args: Any) -> str:
    """The sentence with which the browser refuses."""
    with pytest.raises(Exception, match="Error: ") as caught:
        js(name, *args)
    return str(caught.value)


def test_codes_agree_with_the_vectors(js):
    for one in VECTORS["codes"]:
        assert js("publicCredential", VECTORS["uuid"], one["code"]) == one["public"]
        for typed in one["typed"]:
            assert js("normalCredential", typed) == one["code"]
            assert belenios.normal_credential(typed) == one["code"]
        assert belenios.public_credential(VECTORS["uuid"], one["code"]) == one["public"]


@pytest.mark.parametrize("typed", VECTORS["wrong_codes"])
def test_a_mistyped_code_is_no_code_in_either_language(js, typed):
    assert js("normalCredential", typed) is None
    with pytest.raises(belenios.InvalidCredential):
        belenios.normal_credential(typed)


def test_election_and_tally_agree_with_the_vectors(js):
    election = belenios.read_election(VECTORS["election"])

    assert election.fingerprint == VECTORS["fingerprint"]
    assert belenios.encrypted_tally(election, VECTORS["ballots"]) == VECTORS["tally"]
    assert js("sumOfBallots", VECTORS["election"], VECTORS["ballots"]) == VECTORS["tally"]
    assert [belenios.check_ballot(election, one).tracker for one in VECTORS["ballots"]] == (
        VECTORS["trackers"]
    )


@pytest.mark.parametrize("choices", VECTORS["choices"])
def test_ballots_of_the_browser_hold_for_the_core(js, choices):
    code = VECTORS["codes"][0]

    made = js("encryptBallot", VECTORS["election"], code["code"], choices)

    checked = belenios.check_ballot(belenios.read_election(VECTORS["election"]), made["ballot"])
    assert (checked.credential, checked.tracker) == (code["public"], made["tracker"])


@pytest.mark.parametrize(
    "choices",
    [
        [[0, 0, 0, 0], [0, 0, 0]],  # nothing chosen where one must be
        [[0, 1, 1, 1], [0, 0, 0]],  # three of at most two
        [[1, 1, 0, 0], [0, 0, 0]],  # blank and a choice
        [[0, 2, 0, 0], [0, 0, 0]],
        [[0, 1, 0], [0, 0, 0]],
        [[0, 1, 0, 0]],
    ],
)
def test_the_browser_makes_no_ballot_the_question_forbids(js, choices):
    assert fails(js, "encryptBallot", VECTORS["election"], VECTORS["codes"][0]["code"], choices)


def test_each_ballot_has_fresh_randomness(js):
    args = (VECTORS["election"], VECTORS["codes"][0]["code"], VECTORS["choices"][0])

    first, second = js("encryptBallot", *args), js("encryptBallot", *args)

    numbers = [
        {
            one["alpha"]
            for answer in json.loads(made["ballot"])["answers"]
            for one in answer["choices"]
        }
        for made in (first, second)
    ]
    assert not numbers[0] & numbers[1]


def test_key_files_open_in_both_languages(js):
    found = js("openKey", VECTORS["key_file"], VECTORS["passphrase"], VECTORS["uuid"])
    assert found == {"seed": VECTORS["seeds"][0], "owner": 1}

    made = js(
        "lockKey",
        {"seed": VECTORS["seeds"][1], "uuid": VECTORS["uuid"], "owner": 2},
        VECTORS["passphrase"],
    )
    assert belenios.open_key(made, VECTORS["passphrase"], VECTORS["uuid"]) == (
        VECTORS["seeds"][1],
        2,
    )


def test_a_wrong_passphrase_or_file_is_refused_in_words(js):
    assert "Mật khẩu không đúng" in fails(
        js, "openKey", VECTORS["key_file"], "mật khẩu khác hẳn", VECTORS["uuid"]
    )
    assert "cuộc bỏ phiếu khác" in fails(
        js, "openKey", VECTORS["key_file"], VECTORS["passphrase"], belenios.new_uuid()
    )
    for broken in ("", "{}", "null", "[1]", '{"format":"x"}', "\x00\x01"):
        assert "không phải tệp khóa" in fails(
            js, "openKey", broken, VECTORS["passphrase"], VECTORS["uuid"]
        )
    assert "12 ký tự" in fails(
        js, "lockKey", {"seed": VECTORS["seeds"][0], "uuid": VECTORS["uuid"], "owner": 1}, "ngắn"
    )


def mixed_ceremony(js: Call) -> Tellers:
    """Teller 2 uses the command line, 1 and 3 the browser."""
    seeds = [js("newSeed"), belenios.new_seed(), js("newSeed")]
    in_browser = (True, False, True)
    certificates = [
        js("certificate", seed) if own else belenios.certificate(seed)
        for seed, own in zip(seeds, in_browser, strict=True)
    ]
    belenios.check_certificates(certificates)
    polynomials = [
        js("polynomial", seed, certificates, 2)
        if own
        else belenios.polynomial(seed, certificates, 2)
        for seed, own in zip(seeds, in_browser, strict=True)
    ]
    for owner, one in enumerate(polynomials, 1):
        belenios.check_polynomial(certificates, owner, 2, one)
    vinputs = [belenios.vinput(certificates, polynomials, owner) for owner in (1, 2, 3)]
    voutputs = [
        js("voutput", seed, certificates, given, 2)
        if own
        else belenios.voutput(seed, certificates, given, 2)
        for seed, given, own in zip(seeds, vinputs, in_browser, strict=True)
    ]
    for owner, one in enumerate(voutputs, 1):
        belenios.check_voutput(certificates, polynomials, owner, one)
    trustees = belenios.trustees(2, certificates, polynomials, voutputs)
    return Tellers(2, seeds, certificates, polynomials, vinputs, voutputs, trustees)


@pytest.mark.skipif(MISSING, reason=WHY_MISSING)
def test_an_election_half_in_the_browser_is_accepted_by_the_foreign_judge(js, tmp_path):
    tellers = mixed_ceremony(js)
    agree = Question("Đồng ý?", ("Tỉnh A", "Tỉnh B"), 0, 2)
    election = election_of(tellers, questions=(CHOOSE, agree))
    codes = [js("newCredential"), belenios.new_credential(), js("newCredential")]
    papers = [[[0, 1, 1, 0], [0, 1, 1]], [[1, 0, 0, 0], [1, 0, 0]], [[0, 0, 0, 1], [0, 0, 0]]]
    ballots = [
        belenios.make_ballot(election, code, paper)
        if place == 1
        else js("encryptBallot", election.text, code, paper)["ballot"]
        for place, (code, paper) in enumerate(zip(codes, papers, strict=True))
    ]
    held = counted(election, tellers, codes, ballots, (2, 3))
    opened = {
        owner: js(
            "partialDecryption",
            {
                "election": election.text,
                "trustees": tellers.trustees,
                "seed": tellers.seeds[owner - 1],
                "owner": owner,
                "privateKey": tellers.private(owner),
                "tally": held.tally,
            },
        )
        for owner in (1, 3)
    }
    assert belenios.combine(election, tellers.trustees, held.tally, opened, 3) == held.result

    data = held.archive(partials=opened)

    assert [list(row) for row in belenios.verify_archive(data).result] == held.result
    assert Tool(tmp_path / "judge").accepts(data, election.uuid)


def test_the_rehearsal_opens_and_a_disguised_ballot_does_not(js):
    tellers = ceremony(2, 3)
    mock = belenios.rehearsal(tellers.key)
    asked = {
        "publicKey": str(tellers.key),
        "trustees": tellers.trustees,
        "seed": tellers.seeds[0],
        "owner": 1,
        "privateKey": tellers.private(1),
    }

    text = js("rehearsalPartial", {**asked, "rehearsal": mock})
    belenios.check_rehearsal_partial(tellers.trustees, 1, mock, text)

    election = election_of(tellers)
    ballot = json.loads(
        belenios.make_ballot(election, belenios.new_credential(), VECTORS["choices"][0])
    )
    disguised = json.dumps({**json.loads(mock), **ballot["answers"][0]["choices"][1]})
    assert "có thể đây là lá phiếu thật" in fails(
        js, "rehearsalPartial", {**asked, "rehearsal": disguised}
    )


def test_a_box_with_a_doubled_or_foreign_ballot_is_not_summed(js):
    assert "hai lá phiếu của cùng một mã" in fails(
        js, "sumOfBallots", VECTORS["election"], [VECTORS["ballots"][0]] * 2
    )
    other = election_of(ceremony(2, 3))
    ballot = belenios.make_ballot(other, belenios.new_credential(), VECTORS["choices"][0])
    assert "cuộc bỏ phiếu khác" in fails(js, "sumOfBallots", VECTORS["election"], [ballot])


def test_a_teller_with_another_tellers_file_is_refused(js):
    asked = {
        "election": VECTORS["election"],
        "trustees": VECTORS["trustees"],
        "seed": VECTORS["seeds"][1],
        "owner": 1,
        "privateKey": json.loads(VECTORS["voutputs"][0])["private_key"],
        "tally": VECTORS["tally"],
    }

    assert "không phải của bạn" in fails(js, "partialDecryption", asked)


def test_a_forged_share_is_refused_naming_the_teller(js):
    given = json.loads(VECTORS["vinputs"][0])
    given["secrets"][1], given["secrets"][2] = given["secrets"][2], given["secrets"][1]

    assert fails(js, "voutput", VECTORS["seeds"][0], VECTORS["certificates"], json.dumps(given), 2)
