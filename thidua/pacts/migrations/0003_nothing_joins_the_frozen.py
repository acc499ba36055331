"""Nor does a comment or an agreement join a frozen pact, as a new row or by moving (T03)."""

from django.db import migrations

from thidua.audit.triggers import guard

SAID = "Giao ước đã chốt nên không thay đổi được."
OF_AGREEMENT = (
    "EXISTS (SELECT 1 FROM pacts_pactversion p WHERE p.id = NEW.pact_id AND p.state = 'frozen')"
)
OF_COMMENT = (
    "EXISTS (SELECT 1 FROM pacts_pactversion p JOIN pacts_commitmentgroup g ON g.pact_id = p.id "
    "JOIN pacts_commitment c ON c.group_id = g.id "
    "WHERE c.id = NEW.commitment_id AND p.state = 'frozen')"
)


class Migration(migrations.Migration):
    dependencies = [("pacts", "0002_frozen_stays_frozen")]

    operations = [
        guard(
            "pacts_comment",
            ["INSERT", "UPDATE"],
            SAID,
            OF_COMMENT,
            name="pacts_comment_into_frozen",
        ),
        guard(
            "pacts_agreement",
            ["INSERT", "UPDATE"],
            SAID,
            OF_AGREEMENT,
            name="pacts_agreement_into_frozen",
        ),
    ]
