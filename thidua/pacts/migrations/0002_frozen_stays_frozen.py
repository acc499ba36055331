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
OLD = ["UPDATE", "DELETE"]


class Migration(migrations.Migration):
    dependencies = [("pacts", "0001_initial")]

    operations = [
        guard("pacts_pactversion", OLD, SAID, "OLD.state = 'frozen'"),
        guard("pacts_commitmentgroup", OLD, SAID, OF_GROUP.format(row="OLD")),
        guard("pacts_commitmentgroup", ["INSERT"], SAID, OF_GROUP.format(row="NEW")),
        guard("pacts_commitment", OLD, SAID, OF_COMMITMENT.format(row="OLD")),
        guard("pacts_commitment", ["INSERT"], SAID, OF_COMMITMENT.format(row="NEW")),
    ]
