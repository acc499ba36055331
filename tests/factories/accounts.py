"""People who can sign in."""

from functools import cache

import factory
from django.contrib.auth.hashers import make_password

from thidua.accounts.models import User

PASSWORD = "mat-khau-thu-123"


@cache
def hashed(password: str) -> str:
    """Argon2 is slow on purpose; one hash serves every person of a test run."""
    return make_password(password)


class UserFactory(factory.django.DjangoModelFactory):
    """A person whose password is PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"can-bo-{n}")
    full_name = factory.Sequence(lambda n: f"Trần Thị Mẫu {n}")
    password = factory.LazyFunction(lambda: hashed(PASSWORD))
