"""The tellers' key ceremony (specification, sections 3.1.1 and 4.6): five steps, k of n can decrypt.

Each teller makes a certificate, then a polynomial for the others, then, from what the server
routed to them, a voutput. Whoever makes something checks first what it is made from.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from thidua.rules.ballots.belenios.channels import (
    TellerKeys,
    keys_of,
    read_sealed,
    receive,
    send,
    signed,
)
from thidua.rules.ballots.belenios.group import (
    NAME,
    Q,
    Randomness,
    below,
    g_to,
    random_exponent,
)
from thidua.rules.ballots.belenios.proofs import know, proof_json
from thidua.rules.ballots.belenios.refusals import InvalidCeremony, Malformed, refusing
from thidua.rules.ballots.belenios.tellers import (
    Certificate,
    distinct_certificates,
    evaluated,
    read_certificate,
    read_coefficients,
    read_public_key,
    read_trustees,
    share_of,
)
from thidua.rules.ballots.belenios.wire import fields, private_exponent, read, rows, words, written

_LONGEST = 5_000_000
_AGAIN = "Hãy làm lại bước này; nếu vẫn không được thì lập khóa lại từ đầu."


def certificate(seed: str, random: Randomness = below) -> str:
    """Step 1: the teller's public keys, signed."""
    keys = keys_of(seed)
    made = {"verification": str(keys.verification), "encryption": str(keys.encryption)}
    return written(signed(keys, written(made), random))


def check_certificate(text: str) -> None:
    """Raises InvalidCeremony unless the keys are members of the group and signed by their owner."""
    with refusing(InvalidCeremony, "Chứng thư của người kiểm phiếu không được nhận", _AGAIN):
        read_certificate(text)


def check_certificates(texts: Sequence[str]) -> None:
    """Raises InvalidCeremony unless every certificate holds and no two tellers share a key."""
    _certificates(texts)


def polynomial(
    seed: str, certificates: Sequence[str], threshold: int, random: Randomness = below
) -> str:
    """Step 2: the teller's random polynomial, a value of it in private for each teller."""
    keys, all_keys = keys_of(seed), _certificates(certificates)
    with refusing(InvalidCeremony, "Không góp được phần khóa", _AGAIN):
        _place(keys, all_keys)
        if not 1 <= threshold <= len(all_keys):
            raise Malformed(f"số người cần để kiểm phiếu phải từ 1 đến {len(all_keys)}")
    secret = [random_exponent(random) for _ in range(threshold)]
    raw = written({"polynomial": [str(each) for each in secret]})
    values = [
        send(keys, each.encryption, written({"secret": str(_value(secret, at))}), random)
        for at, each in enumerate(all_keys, start=1)
    ]
    coefexps = written({"coefexps": [str(g_to(each)) for each in secret]})
    return written(
        {
            "polynomial": send(keys, keys.encryption, raw, random),
            "secrets": values,
            "coefexps": signed(keys, coefexps, random),
        }
    )


def check_polynomial(certificates: Sequence[str], owner: int, threshold: int, text: str) -> None:
    """Raises InvalidCeremony unless what teller `owner` (from 1) contributed has the right shape,
    is signed, and commits to `threshold` members of the group. The private values only their
    recipients can check: they do in `voutput`."""
    all_keys = _certificates(certificates)
    with refusing(
        InvalidCeremony, f"Phần khóa của người kiểm phiếu số {owner} không được nhận", _AGAIN
    ):
        _polynomial(text, _owner(all_keys, owner), len(all_keys), threshold)


def vinput(certificates: Sequence[str], polynomials: Sequence[str], owner: int) -> str:
    """Step 4: what the server passes on to teller `owner` (from 1). Raises InvalidCeremony."""
    with refusing(InvalidCeremony, "Chưa chuyển được phần khóa của cả tổ", _AGAIN):
        count = len(certificates)
        contributed = [_parts(each, count) for each in rows(list(polynomials), count)]
        if not 1 <= owner <= count:
            raise Malformed("không có người kiểm phiếu này")
    return written(
        {
            "polynomial": contributed[owner - 1][0],
            "secrets": [secrets[owner - 1] for _, secrets, _ in contributed],
            "coefexps": [coefexps for _, _, coefexps in contributed],
        }
    )


def voutput(
    seed: str,
    certificates: Sequence[str],
    vinput_text: str,
    threshold: int,
    random: Randomness = below,
) -> str:
    """Step 5: the teller checks what everybody contributed and derives the decryption key.

    Raises InvalidCeremony, naming the teller whose contribution is wrong.
    """
    keys, all_keys = keys_of(seed), _certificates(certificates)
    with refusing(InvalidCeremony, "Phần khóa nhận được không đúng", _AGAIN):
        me = _place(keys, all_keys)
        own, secrets, coefexps = fields(
            read(vinput_text, _LONGEST), "polynomial", "secrets", "coefexps"
        )
        count = len(all_keys)
        coefficients = []
        for owner, each in enumerate(rows(coefexps, count), start=1):
            with _of(owner):
                coefficients.append(read_coefficients(each, all_keys[owner - 1], threshold))
        if [g_to(each) for each in _own(keys, words(own))] != list(coefficients[me - 1]):
            raise Malformed("phần góp của chính bạn đã bị thay đổi")
        total = 0
        for owner, each in enumerate(rows(secrets, count), start=1):
            with _of(owner):
                secret = _secret(keys, all_keys[owner - 1], words(each))
                if g_to(secret) != evaluated(coefficients[owner - 1], me):
                    raise Malformed("giá trị nhận được không khớp cam kết")
            total = (total + secret) % Q
        public = share_of(coefficients, me)
        if public == 1:
            raise Malformed("khóa chung bằng không")
    proof = know(total, f"pok|{NAME}|{public}|", random)
    private = written({"decryption_key": str(total)})
    return written(
        {
            "private_key": send(keys, keys.encryption, private, random),
            "public_key": {"pok": proof_json(proof), "public_key": str(public)},
        }
    )


def check_voutput(
    certificates: Sequence[str], polynomials: Sequence[str], owner: int, text: str
) -> None:
    """Raises InvalidCeremony unless the key of teller `owner` follows from all contributions."""
    all_keys = _certificates(certificates)
    with refusing(InvalidCeremony, f"Khóa của người kiểm phiếu số {owner} không được nhận", _AGAIN):
        _owner(all_keys, owner)
        count = len(all_keys)
        parts = [_parts(each, count) for each in rows(list(polynomials), count)]
        threshold = _threshold(parts[0][2])
        coefficients = [
            read_coefficients(part[2], each, threshold)
            for part, each in zip(parts, all_keys, strict=True)
        ]
        private, public = fields(read(text, _LONGEST), "private_key", "public_key")
        read_sealed(words(private))
        read_public_key(public, share_of(coefficients, owner))


def trustees(
    threshold: int,
    certificates: Sequence[str],
    polynomials: Sequence[str],
    voutputs: Sequence[str],
) -> str:
    """Step 6: what is published of the tellers. Raises InvalidCeremony when anything is wrong."""
    with refusing(InvalidCeremony, "Không lập được khóa chung", _AGAIN):
        count = len(certificates)
        parts = [_parts(each, count) for each in rows(list(polynomials), count)]
        made = {
            "threshold": threshold,
            "certs": [read(each, _LONGEST) for each in certificates],
            "coefexps": [coefexps for _, _, coefexps in parts],
            "verification_keys": [
                fields(read(each, _LONGEST), "private_key", "public_key")[1]
                for each in rows(list(voutputs), count)
            ],
        }
    text = written([["Pedersen", made]])
    read_trustees(text)
    return text


def private_key(keys: TellerKeys, message: str) -> int:
    """The decryption key a teller sent to themselves in `voutput`. Raises Malformed."""
    inner = read(receive(keys, keys.verification, message), 1000)
    return private_exponent(fields(inner, "decryption_key")[0])


def _certificates(texts: Sequence[str]) -> tuple[Certificate, ...]:
    with refusing(InvalidCeremony, "Chứng thư của tổ kiểm phiếu không dùng được", _AGAIN):
        return distinct_certificates(texts)


def _place(keys: TellerKeys, certificates: Sequence[Certificate]) -> int:
    """Which teller (from 1) the keys belong to."""
    own = Certificate(keys.verification, keys.encryption)
    if own not in certificates:
        raise Malformed("khóa của bạn không có trong danh sách tổ kiểm phiếu")
    return certificates.index(own) + 1


def _owner(certificates: Sequence[Certificate], owner: int) -> Certificate:
    if not 1 <= owner <= len(certificates):
        raise Malformed("không có người kiểm phiếu này")
    return certificates[owner - 1]


def _parts(text: str, count: int) -> tuple[str, list[str], Any]:
    """polynomial, secrets and coefexps of a contribution."""
    own, secrets, coefexps = fields(read(text, _LONGEST), "polynomial", "secrets", "coefexps")
    return words(own), [words(each) for each in rows(secrets, count)], coefexps


def _polynomial(text: str, owner: Certificate, count: int, threshold: int) -> None:
    own, secrets, coefexps = _parts(text, count)
    for each in (own, *secrets):
        read_sealed(each)
    read_coefficients(coefexps, owner, threshold)


def _threshold(coefexps: Any) -> int:
    inner = read(words(fields(coefexps, "message", "signature")[0]), _LONGEST)
    return len(rows(fields(inner, "coefexps")[0]))


def _own(keys: TellerKeys, text: str) -> list[int]:
    inner = read(receive(keys, keys.verification, text), _LONGEST)
    return [private_exponent(each) for each in rows(fields(inner, "polynomial")[0])]


def _secret(keys: TellerKeys, sender: Certificate, text: str) -> int:
    inner = read(receive(keys, sender.verification, text), 1000)
    return private_exponent(fields(inner, "secret")[0])


@contextmanager
def _of(owner: int) -> Iterator[None]:
    """Names the teller whose contribution is wrong."""
    try:
        yield
    except Malformed as reason:
        raise Malformed(f"phần góp của người kiểm phiếu số {owner} không đúng ({reason})") from None


def _value(coefficients: Sequence[int], at: int) -> int:
    """The polynomial at a small number, modulo Q."""
    total = 0
    for each in reversed(coefficients):
        total = (total * at + each) % Q
    return total
