"""After signing in again one is led to a page that can be opened."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
ACT = "/phat-dong/1/xac-nhan/"


def next_of(answer) -> str:
    assert answer.status_code == 302
    return answer.headers["Location"].partition("?next=")[2]


def test_a_page_leads_back_to_itself(client):
    assert next_of(client.get("/nam/1/?a=1")) == "/nam/1/%3Fa%3D1"


def test_an_act_leads_back_to_the_page_it_was_sent_from(client):
    answer = client.post(ACT, headers={"Referer": "http://testserver/phat-dong/1/"})

    assert next_of(answer) == "/phat-dong/1/"


@pytest.mark.parametrize("referer", ["", "https://la.example/x", "khong-phai-dia-chi"])
def test_an_act_sent_from_nowhere_known_leads_to_the_front_page(client, referer):
    answer = client.post(ACT, headers={"Referer": referer} if referer else {})

    assert next_of(answer) == reverse("home:front")
