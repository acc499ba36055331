"""A frozen pact, its groups and its commitments never change (design D5, threat model T03)."""

from django.db import migrations

from thidua.audit.triggers import guard

SAID = "Giao ước đã chốt nên không thay đổi được."
OF_GROUP = (
    "EXISTS (SELECT 1 FROM pacts_pactversion p WHERE p.id = {row}.pact_id AND p.state = 'frozen')"
)
OF_COMMITMENT = (
    "EXISTS (SELECT 1 FROM pacts_pactversion p JOIN pacts_commitmentgroup g ON g.pact_id = p.id "
    "WHERE g.id = {row}.group_id AND p.state = 'frozen')"
)
OF_COMMENT = (
    "EXISTS (SELECT 1 FROM pacts_pactversion p JOIN pacts_commitmentgroup g ON g.pact_id = p.id "
    "JOIN pacts_commitment c ON c.group_id = g.id "
    "WHERE c.id = OLD.commitment_id AND p.state = 'frozen')"
)
OLD = ["UPDATE", "DELETE"]


class Migration(migrations.Migration):
    dependencies = [("pacts", "0001_initial")]

    operations = [
        guard("pacts_pactversion", OLD, SAID, "OLD.state = 'frozen'"),
        guard("pacts_commitmentgroup", OLD, SAID, OF_GROUP.format(row="OLD")),
        guard("pacts_commitmentgroup", ["INSERT"], SAID, OF_GROUP.format(row="NEW")),
        guard("pacts_commitment", OLD, SAID, OF_COMMITMENT.format(row="OLD")),
        guard("pacts_commitment", ["INSERT"], SAID, OF_COMMITMENT.format(row="NEW")),
        # Nor may a row be moved into a frozen pact.
        guard(
            "pacts_commitmentgroup",
            ["UPDATE"],
            SAID,
            OF_GROUP.format(row="NEW"),
            name="pacts_group_into_frozen",
        ),
        guard(
            "pacts_commitment",
            ["UPDATE"],
            SAID,
            OF_COMMITMENT.format(row="NEW"),
            name="pacts_commitment_into_frozen",
        ),
        # What the members said and agreed to is part of the frozen version's history.
        guard("pacts_comment", OLD, SAID, OF_COMMENT),
        guard("pacts_agreement", OLD, SAID, OF_GROUP.format(row="OLD")),
    ]
