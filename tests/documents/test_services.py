"""Collecting signatures: an upload is the current revision plus valid signatures, or refused."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from tests.documents.corpus import CHANGES, add_page, changed, encrypted, resaved
from tests.documents.rounds import FOUNDED, PASSPHRASE, authority, crl, paper, signing_in
from tests.factories.world import NOON, START, assign, make_user
from thidua.audit.models import Action, Entry
from thidua.documents.models import (
    Revision,
    Signature,
    SignerCertificate,
    SigningRound,
    StoredFile,
    TrustAnchor,
)
from thidua.documents.services import (
    accept_signed_pdf,
    add_trust_anchor,
    register_certificate,
    withdraw_certificate,
)
from thidua.documents.signing.authority import create_authority, issue_crl, issue_signer
from thidua.documents.signing.refusals import RefusalCode, UploadRefused
from thidua.documents.signing.signer import sign_pdf
from thidua.organisations.models import Assignment
from thidua.rules.errors import RuleError


@pytest.fixture
def signing(world, files_dir):
    return signing_in(world)


def accept(signing, pdf, actor=None, at=NOON):
    return accept_signed_pdf(
        signing=signing.round, pdf=pdf, actor=actor or signing.world.heads[0], at=at
    )


def refused(signing, pdf, **given):
    """The refusal; the current revision stays and the reason is in the journal."""
    before = signing.current()
    with pytest.raises(UploadRefused) as refusal:
        accept(signing, pdf, **given)
    assert signing.current() == before
    entry = Entry.objects.first()
    assert entry.action == Action.SIGNATURE_REFUSED
    assert entry.details["reason"] == str(refusal.value)
    assert entry.details["code"] == refusal.value.code
    return refusal.value


def test_accept_signed_pdf_keeps_the_revision_and_who_signed(signing):
    signed = signing.sign(0)

    [signature] = accept(signing, signed)

    assert signature.place.organisation == signing.world.memberships[0].organisation
    assert signature.certificate == signing.certificates[0]
    assert (signature.received_at, signature.uploaded_by) == (NOON, signing.world.heads[0])
    assert signature.revision.number == 1
    assert signing.current() == signed
    assert Entry.objects.first().action == Action.SIGNATURE_ACCEPTED


def test_accept_signed_pdf_one_head_after_the_other_until_all_have(signing):
    for position in range(3):
        accept(signing, signing.sign(position), actor=signing.world.heads[position])

    assert Signature.objects.count() == 3
    assert list(Revision.objects.values_list("number", flat=True)) == [0, 1, 2, 3]


def test_accept_signed_pdf_with_two_new_signatures_at_once(signing):
    both = signing.sign(1, signing.sign(0))

    accepted = accept(signing, both)

    assert [signature.place.order for signature in accepted] == [1, 2]
    assert {signature.revision.number for signature in accepted} == {1}


def test_R11_accept_signed_pdf_the_same_bytes_again_is_the_same_answer(signing):
    signed = signing.sign(0)

    first = accept(signing, signed)
    again = accept(signing, signed)

    assert again == first
    assert Revision.objects.count() == 2
    assert Entry.objects.filter(action=Action.SIGNATURE_ACCEPTED).count() == 1


def test_accept_signed_pdf_of_two_heads_on_one_revision_refers_the_second_to_the_new_one(signing):
    first, second = signing.sign(0), signing.sign(1)
    accept(signing, first)

    refusal = refused(signing, second, actor=signing.world.heads[1])

    assert refusal.code == RefusalCode.STALE_REVISION
    assert "Hãy tải bản mới nhất" in str(refusal)


def test_T17_unsigned_current_revision_is_refused(signing):
    assert refused(signing, signing.current()).code == RefusalCode.SAME_AS_CURRENT


def test_T17_what_is_no_pdf_is_refused(signing):
    assert refused(signing, b"chu ky".ljust(2000)).code == RefusalCode.NOT_A_PDF


def test_T17_nothing_at_all_is_refused(signing):
    assert refused(signing, b"").code == RefusalCode.NOT_A_PDF


def test_T17_one_changed_byte_is_refused(signing):
    signed = bytearray(signing.sign(0))
    signed[5000] ^= 1

    assert refused(signing, bytes(signed)).code == RefusalCode.ALTERED


def test_T17_a_file_saved_again_by_a_viewer_is_refused(signing):
    assert refused(signing, resaved(signing.sign(0))).code == RefusalCode.ALTERED


def test_T17_an_encrypted_copy_is_refused(signing):
    assert refused(signing, encrypted(signing.current())).code == RefusalCode.ENCRYPTED


def test_T17_an_added_page_is_refused_before_and_after_the_signature(signing):
    page_then_signature = signing.sign(0, changed(signing.current(), add_page))
    signature_then_page = changed(signing.sign(0), add_page)

    assert refused(signing, page_then_signature).code == RefusalCode.ADDED_CONTENT
    assert refused(signing, signature_then_page).code == RefusalCode.ADDED_CONTENT


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_T17_anything_but_signatures_is_refused(signing, change):
    refusal = refused(signing, changed(signing.sign(0), change))

    assert refusal.code == RefusalCode.ADDED_CONTENT


def test_T17_another_paper_is_refused(signing):
    other = sign_pdf(
        paper(2),
        pkcs12=signing.signers[0].pkcs12,
        passphrase=PASSPHRASE,
        at=NOON,
        field_name="don-vi-01",
    )

    assert refused(signing, other).code in {RefusalCode.OTHER_DOCUMENT, RefusalCode.ALTERED}


def signed_by(signing, issued, field_name="don-vi-01", at=NOON):
    return sign_pdf(
        signing.current(), pkcs12=issued.pkcs12, passphrase=PASSPHRASE, at=at, field_name=field_name
    )


def issued_by(authority, *, at=FOUNDED, days=1825, name="Người ngoài"):
    return issue_signer(
        authority,
        name=name,
        organisation="Cơ quan khác",
        at=at,
        days=days,
        passphrase=PASSPHRASE,
    )


def test_T17_a_signer_of_a_foreign_authority_is_refused(signing):
    foreign = create_authority(name="CA lạ", at=FOUNDED)

    assert refused(signing, signed_by(signing, issued_by(foreign))).code == RefusalCode.UNTRUSTED


def test_T17_a_certificate_nobody_registered_is_refused(signing):
    from tests.documents.rounds import authority

    stranger = issued_by(authority())

    refusal = refused(signing, signed_by(signing, stranger))

    assert refusal.code == RefusalCode.UNREGISTERED_SIGNER


def test_T17_an_expired_certificate_is_refused(signing):
    after = NOON + timedelta(days=6 * 365)
    add_trust_anchor(
        certificate=bytes(TrustAnchor.objects.get().der),
        crl=_fresh_crl(after),
        actor=None,
        at=after,
    )

    refusal = refused(signing, signing.sign(0, at=after), at=after)

    assert refusal.code == RefusalCode.EXPIRED


def _fresh_crl(at):
    from tests.documents.rounds import authority

    return issue_crl(authority(), at=at - timedelta(days=1))


def test_T17_a_revoked_certificate_is_refused(signing):
    from tests.documents.rounds import authority

    revoked = issue_crl(
        authority(),
        at=NOON - timedelta(days=1),
        revoked={signing.signers[0].serial: NOON - timedelta(days=2)},
    )
    add_trust_anchor(certificate=authority().certificate, crl=revoked, actor=None, at=NOON)

    assert refused(signing, signing.sign(0)).code == RefusalCode.REVOKED


def test_T17_without_revocation_data_unknown_is_not_valid(signing):
    TrustAnchor.objects.update(crl=None)

    assert refused(signing, signing.sign(0)).code == RefusalCode.REVOCATION_UNKNOWN


def test_T17_a_second_signature_of_the_same_head_is_refused(signing):
    accept(signing, signing.sign(0))

    twice = signed_by(signing, signing.signers[0], field_name="don-vi-02")

    assert refused(signing, twice).code == RefusalCode.ALREADY_SIGNED


def test_T17_a_signature_in_the_field_of_another_is_refused(signing):
    misplaced = signed_by(signing, signing.signers[0], field_name="don-vi-02")

    assert refused(signing, misplaced).code == RefusalCode.WRONG_FIELD


def test_accept_signed_pdf_by_a_withdrawn_certificate_is_refused(signing, world):
    withdraw_certificate(
        certificate=signing.certificates[0], year=world.one.year, actor=world.superior, at=NOON
    )

    assert refused(signing, signing.sign(0)).code == RefusalCode.UNREGISTERED_SIGNER


def test_accept_signed_pdf_by_a_former_head_is_refused(signing, world):
    signed = signing.sign(1)
    Assignment.objects.filter(user=world.one.heads[1]).update(valid_to=NOON - timedelta(days=1))

    refusal = refused(signing, signed, actor=world.one.officers[1])

    assert refusal.code == RefusalCode.UNREGISTERED_SIGNER


def test_accept_signed_pdf_may_be_brought_by_the_own_officer_or_the_lead(signing, world):
    accept(signing, signing.sign(1), actor=world.one.officers[1])
    accept(signing, signing.sign(2), actor=world.one.lead_officer)

    assert Signature.objects.count() == 2


def test_accept_signed_pdf_by_others_is_refused(signing, world):
    signed = signing.sign(0)

    for actor in (
        world.two.lead_head,
        world.superior,
        world.administrator,
        world.one.appraiser,
        world.stranger,
    ):
        with pytest.raises(PermissionDenied):
            accept(signing, signed, actor=actor)

    assert not Signature.objects.exists()


def test_accept_signed_pdf_after_closing_is_refused(signing):
    SigningRound.objects.update(is_closed=True)

    with pytest.raises(RuleError, match="đã ngừng nhận chữ ký"):
        accept(signing, signing.sign(0))


def test_T03_revisions_and_signatures_cannot_be_changed_in_the_database(signing):
    accept(signing, signing.sign(0))

    for rows, change in (
        (Revision.objects.all(), {"number": 9}),
        (Signature.objects.all(), {"received_at": FOUNDED}),
    ):
        with pytest.raises(DatabaseError, match="không được thay đổi"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="không được thay đổi"), transaction.atomic():
            rows.all()._raw_delete("default")


def test_T03_what_was_signed_and_by_whom_cannot_be_changed_in_the_database(signing):
    accept(signing, signing.sign(0))
    rounds = SigningRound.objects.filter(pk=signing.round.pk)
    certificates = SignerCertificate.objects.filter(pk=signing.certificates[0].pk)
    rounds.update(is_closed=True)
    certificates.update(withdrawn_at=NOON)
    attempts = [
        partial(StoredFile.objects.all()._raw_delete, "default"),
        partial(signing.round.places.update, signer_name="Khác"),
        partial(rounds.update, title="Khác"),
        partial(rounds.update, content_fingerprint="b" * 64),
        partial(rounds.update, is_closed=False),
        partial(certificates.update, der=b"khac"),
        partial(certificates.update, holder=signing.world.heads[2]),
        partial(certificates.update, withdrawn_at=None),
        partial(certificates._raw_delete, "default"),
    ]

    for attempt in attempts:
        with pytest.raises(DatabaseError, match="không được"), transaction.atomic():
            attempt()


def test_accept_signed_pdf_of_the_next_head_records_who_signed_not_who_was_printed(signing, world):
    Assignment.objects.filter(user=world.one.heads[1]).update(valid_to=NOON - timedelta(days=1))
    place = signing.round.places.get(order=2)
    head = make_user("truong-moi", "Trưởng Mới")
    assign(head, Assignment.Role.HEAD, organisation=place.organisation, valid_from=NOON.date())
    issued = issued_by(authority(), name="Trưởng Mới")
    register(world, issued.certificate, position=1, holder=head)

    [signature] = accept(signing, signed_by(signing, issued, field_name="don-vi-02"), actor=head)

    assert (signature.place, signature.certificate.holder) == (place, head)
    entry = Entry.objects.first()
    assert (entry.action, entry.details["signer"]) == (Action.SIGNATURE_ACCEPTED, "Trưởng Mới")
    public = Client().get(reverse("documents:verify_token", args=[signing.round.token]))
    assert "Trưởng Mới (văn bản in tên Trưởng Bình)" in public.content.decode()


# --- Certificates ----------------------------------------------------------------------------
def register(world, certificate, *, position=0, actor=None, holder=None, year=None):
    return register_certificate(
        holder=holder or world.one.heads[position],
        organisation=world.one.memberships[position].organisation,
        data=certificate,
        year=year or world.one.year,
        actor=actor or world.superior,
        at=NOON,
    )


@pytest.fixture(scope="module")
def issued():
    return issued_by(create_authority(name="CA", at=FOUNDED), name="Trưởng An")


def test_register_certificate_keeps_its_facts(world, issued):
    certificate = register(world, issued.certificate)

    assert (certificate.holder, certificate.registered_by) == (world.one.heads[0], world.superior)
    assert certificate.subject == "Trưởng An"
    assert certificate.is_demo
    assert Entry.objects.first().action == Action.CERTIFICATE_REGISTERED


def test_register_certificate_twice_is_refused(world, issued):
    register(world, issued.certificate)

    with pytest.raises(RuleError, match="đã được đăng ký"):
        register(world, issued.certificate, position=1)


def test_register_certificate_is_a_superiors_act(world, issued):
    for actor in (
        world.one.lead_head,
        world.one.heads[1],
        world.administrator,
        world.two.lead_head,
    ):
        with pytest.raises(PermissionDenied):
            register(world, issued.certificate, actor=actor)


def test_register_certificate_for_who_is_no_head_is_refused(world, issued):
    with pytest.raises(RuleError, match="không phải thủ trưởng"):
        register(world, issued.certificate, holder=world.one.officers[0])


def test_register_certificate_for_an_organisation_outside_the_year_is_refused(world, issued):
    with pytest.raises(RuleError, match="không phải thành viên"):
        register_certificate(
            holder=world.two.heads[0],
            organisation=world.two.memberships[0].organisation,
            data=issued.certificate,
            year=world.one.year,
            actor=world.superior,
            at=NOON,
        )


@pytest.mark.parametrize("kind", ["rubbish", "empty", "key-store", "authority"])
def test_register_certificate_of_something_else_is_refused(world, issued, kind):
    data = {
        "rubbish": b"khong phai chung thu",
        "empty": b"",
        "key-store": issued.pkcs12,
        "authority": create_authority(name="CA", at=FOUNDED).certificate,
    }[kind]

    with pytest.raises(RuleError):
        register(world, data)


def test_register_certificate_again_after_withdrawing(world, issued):
    first = register(world, issued.certificate)
    withdraw_certificate(certificate=first, year=world.one.year, actor=world.superior, at=NOON)

    assert register(world, issued.certificate).pk != first.pk


def test_withdraw_certificate_twice_is_refused(world, issued):
    certificate = register(world, issued.certificate)
    withdraw_certificate(
        certificate=certificate, year=world.one.year, actor=world.superior, at=NOON
    )

    with pytest.raises(RuleError, match="đã được thu hồi trước đó"):
        withdraw_certificate(
            certificate=certificate, year=world.one.year, actor=world.superior, at=NOON
        )


def test_withdraw_certificate_is_for_the_superior_of_that_member(world, issued):
    certificate = register(world, issued.certificate)
    other = make_user("captren-2", "Cấp trên của cụm hai")
    assign(
        other,
        Assignment.Role.SUPERIOR,
        organisation=world.two.cluster.superior,
        valid_from=START,
    )

    for actor, year in ((world.one.lead_head, world.one.year), (other, world.two.year)):
        with pytest.raises(PermissionDenied):
            withdraw_certificate(certificate=certificate, year=year, actor=actor, at=NOON)


def test_add_trust_anchor_renews_the_revocation_list(world):
    from tests.documents.rounds import authority

    for given in (None, crl(), None):
        anchor = add_trust_anchor(
            certificate=authority().certificate, crl=given, actor=None, at=NOON
        )

    anchor.refresh_from_db()
    assert TrustAnchor.objects.count() == 1
    assert bytes(anchor.crl) == crl()


def test_add_trust_anchor_of_a_persons_certificate_is_refused(world, issued):
    with pytest.raises(RuleError, match="không phải của tổ chức chứng thực"):
        add_trust_anchor(certificate=issued.certificate, crl=None, actor=None, at=NOON)
