"""The group BELENIOS-2048 (specification, section 5.1): numbers modulo P in the subgroup of order Q.

Everything that uses gmpy2 is here; the rest of the package sees plain `int`. gmpy2 lets go of the
interpreter lock while it raises to a power, so voters who arrive together do not wait in one line.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import gmpy2  # type: ignore[import-untyped,unused-ignore]

NAME = "BELENIOS-2048"
P: int = gmpy2.mpz(
    "20694785691422546401013643657505008064922989295751104097100884787057374219242"
    "71740192223725449768433812906663313807895840496005438963628979639303877390572"
    "28036059737494276713767776188985898727358650490811670993105358677809800307904"
    "91654063777173764198678527273474476341835600035698305193144284561701911000786"
    "73730733356412397173289791324047457883446826065232797464795113767265869358218"
    "00463179220736688600526271863633860887968821207694323661494910029234443463732"
    "22145884100586421050242120365433561201320481118852408731077014151666200162313"
    "17716937218924807850771182784231749807327659882882516918310312568016207288071"
    "9"
)
G: int = gmpy2.mpz(
    "24023526775018522092276877035323999327122876573783649165100753187876632741463"
    "53219320285676155269678799694668298749389095083896573425601900601068477164491"
    "73547413728310461045868131451178164675540052740288984613986453266121505579709"
    "71620161682703128864324566638348636357821061549184199825343151897406581868686"
    "51151358576410138882215396016043228843603930989333662772848406593138406010231"
    "67509576377798266510360682240663507669776402534625377308513317349519424896775"
    "40525736590494924776314759915751987751777114814909204566002054781270547282381"
    "40972518639858334115700568353695553423781475582491896050296680037745308460627"
)
Q: int = gmpy2.mpz("78571733251071885079927659812671450121821421258408794611510081919805623223441")

Randomness = Callable[[int], int]  # below(n): a number of 0 … n-1, each as likely

below: Randomness = secrets.randbelow

_WINDOW = 8
_ROWS = 32
_ROUNDS = 81
_BLOCK = 4
_MANY = 160


def power(base: int, exponent: int) -> int:
    """`base` to `exponent` (not negative) modulo P."""
    raised: int = gmpy2.powmod(base, exponent, P)
    return raised


def powers(base: int, exponents: Sequence[int]) -> list[int]:
    """One base to several exponents."""
    raised: list[int] = gmpy2.powmod_exp_list(base, exponents, P)
    return raised


def quotient(above: int, under: int) -> int:
    """`above` divided by `under` modulo P."""
    result: int = above * gmpy2.invert(under, P) % P
    return result


def product(elements: Iterable[int]) -> int:
    total: int = gmpy2.mpz(1)
    for each in elements:
        total = total * each % P
    return total


def number(decimal: str) -> int:
    """The number of a decimal text that was checked before."""
    read: int = gmpy2.mpz(decimal)
    return read


class FixedBase:
    """Powers of one base from a table of 32 × 256 entries: 32 products instead of 300."""

    def __init__(self, base: int) -> None:
        self._rows: list[list[int]] = []
        step: int = gmpy2.mpz(base)
        for _ in range(_ROWS):
            row: list[int] = [gmpy2.mpz(1)]
            for _ in range((1 << _WINDOW) - 1):
                row.append(row[-1] * step % P)
            self._rows.append(row)
            step = row[-1] * step % P

    def power(self, exponent: int) -> int:
        """The base to `exponent`, which may be any integer: it is taken modulo Q."""
        digits = int(exponent % Q).to_bytes(_ROWS, "little")
        total = self._rows[0][digits[0]]
        for row, digit in zip(self._rows[1:], digits[1:], strict=True):
            total = total * row[digit] % P
        return total


@lru_cache(maxsize=16)
def fixed(base: int) -> FixedBase:
    """The table of a base used again and again: g, or the key of an election being voted on."""
    return FixedBase(base)


def g_to(exponent: int) -> int:
    return fixed(G).power(exponent)


def all_members(elements: Sequence[int], below: Randomness = secrets.randbelow) -> bool:
    """Whether every number (already in 1 … P-1) lies in the subgroup of order Q.

    Few are raised to Q one by one, which is exact. Many are tested together. (P-1)/2 is odd, so the
    Jacobi symbol tells, for each number and without error, whether it has a part of order 2. A
    wrong number that passes has a part of odd order 3 or more; among its powers 0, 1 and 2 at most
    one can hide it in a product with the others. So a product of all numbers, each to a secret
    random power of {0, 1, 2}, betrays it with 2/3 at least, whatever the factors of (P-1)/Q, and 81
    such products miss it with at most 3^-81 < 2^-128.
    """
    if len(elements) < _MANY:
        raised: list[int] = gmpy2.powmod_base_list(elements, Q, P)
        return all(each == 1 for each in raised)
    if any(gmpy2.jacobi(each, P) != 1 for each in elements):
        return False
    products: list[int] = gmpy2.powmod_base_list(_random_products(elements, below), Q, P)
    return all(each == 1 for each in products)


def _random_products(elements: Sequence[int], below: Randomness) -> list[int]:
    """81 products of all elements, each to a random power of 0, 1 or 2; by tables of four."""
    totals: list[int] = [gmpy2.mpz(1)] * _ROUNDS
    for start in range(0, len(elements), _BLOCK):
        table = _small_powers(elements[start : start + _BLOCK])
        totals = [total * table[below(len(table))] % P for total in totals]
    return totals


def _small_powers(block: Sequence[int]) -> list[int]:
    """Every product of the block's elements to powers of 0, 1, 2."""
    table: list[int] = [gmpy2.mpz(1)]
    for each in block:
        once = [entry * each % P for entry in table]
        twice = [entry * each % P for entry in once]
        table = table + once + twice
    return table


def random_exponent(below: Randomness) -> int:
    drawn: int = gmpy2.mpz(below(int(Q)))
    return drawn
