"""/s/{id} as a bot reads it, and what is there for who does not know an identifier."""

from __future__ import annotations

import datetime as dt
import io
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from PIL import Image

from analytics import view
from analytics.ledger import links
from serving.unfurl import GONE
from tests.ledger.rows import BITCOIN, NOW, SILVER, rows


class Bot(HTMLParser):
    """Reads what a chat reads: tags, the refresh, links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.tags.append(tag)
        if tag == "meta":
            self.meta[held.get("property") or held.get("name") or held.get("http-equiv") or ""] = held.get(
                "content", ""
            )
        if tag == "a":
            self.links.append(held["href"])


@pytest.fixture
def make(desk, frozen_view):
    def made(**more):
        given = {
            "page": "divergence",
            "query": urlencode(view.to_query(frozen_view)),
            "title": "Silver against Bitcoin",
        }
        return links.create(desk.ledger.engine, **given | {"as_of": frozen_view.as_of, "now": NOW} | more)

    return made


def test_a_bot_reads_title_as_of_day_and_picture(client, make):
    link = make()
    answer = client.get(f"/s/{link.id}")
    assert answer.status_code == 200
    found = Bot(answer.text).meta
    assert found["og:title"] == "Silver against Bitcoin"
    assert found["og:description"].startswith("As known on 2 Jun 2026. Frozen data")
    assert found["og:image"] == f"http://testserver/s/{link.id}.png"
    assert found["twitter:card"] == "summary_large_image"
    assert found["robots"] == "noindex"
    assert client.head(f"/s/{link.id}").status_code == 200


def test_a_browser_is_sent_to_the_same_view_without_a_script(client, make, frozen_view):
    link = make()
    found = Bot(client.get(f"/s/{link.id}").text)
    wait, target = found.meta["refresh"].split(";url=")
    assert wait == "0"
    assert found.links == [target]
    assert "script" not in found.tags
    parts = urlsplit(urljoin(f"http://testserver/s/{link.id}", target))
    assert (parts.netloc, parts.path) == ("testserver", "/divergence")
    assert view.from_query(dict(parse_qsl(parts.query))) == (frozen_view, [])


def test_the_picture_is_one(client, make):
    answer = client.get(f"/s/{make().id}.png")
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == (1200, 630)
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 50


def test_the_picture_of_frozen_data_stays_when_the_ledger_learns_more(client, make, desk):
    link = make()
    before = client.get(f"/s/{link.id}.png").content
    live = make(query=urlencode(view.to_query(view.View(span="3m"))))
    live_before = client.get(f"/s/{live.id}.png").content
    for series in (SILVER, BITCOIN):
        desk.ledger.append(series, rows(series, ["2026-05-20", "2026-06-03"], [20.0, 200.0]), NOW)
    assert client.get(f"/s/{link.id}.png").content == before
    assert client.get(f"/s/{live.id}.png").content != live_before


def test_simulated_data_say_so_before_anybody_clicks(client, make, desk):
    desk.live = False
    assert (
        "Simulated demo data, not market prices"
        in Bot(client.get(f"/s/{make().id}").text).meta["og:description"]
    )


def test_a_pair_without_prices_has_a_picture_that_says_so(client, make):
    link = make(query=urlencode(view.to_query(view.View(lead="gold", follow="ether"))))
    assert client.get(f"/s/{link.id}.png").status_code == 200


def gone(make, desk, clock):
    revoked, expired = make(), make(expires_at=NOW + dt.timedelta(hours=1))
    links.revoke(desk.ledger.engine, revoked.id, NOW)
    clock.at = NOW + dt.timedelta(hours=2)
    elsewhere = make(page="../../evil")
    return ["A" * 22, "x", "é" * 22, "A" * 2000, "%2e%2e", revoked.id, expired.id, elsewhere.id]


@pytest.mark.parametrize("suffix", ["", ".png"])
def test_whatever_is_not_there_looks_the_same(suffix, client, make, desk, clock):
    answers = [client.get(f"/s/{identifier}{suffix}") for identifier in gone(make, desk, clock)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert GONE in answers[0].text
    hidden = {"x-request-id"}
    headers = [
        {name: value for name, value in answer.headers.items() if name not in hidden} for answer in answers
    ]
    assert all(one == headers[0] for one in headers)


def test_what_stands_in_the_table_cannot_leave_as_markup_or_lead_elsewhere(client, make):
    """Somebody who writes into the database does not get a script to readers, nor a redirect."""
    evil = '"><script>alert(1)</script><meta http-equiv="refresh" content="0;url=https://evil.example">'
    query = urlencode({"lead": evil, "span": "//evil.example", "as_of": "javascript:alert(1)"})
    answer = client.get(f"/s/{make(title=evil, query=query).id}")
    found = Bot(answer.text)
    assert "script" not in found.tags
    assert found.meta["refresh"].startswith("0;url=../divergence?lead=silver&")
    assert "evil" not in found.meta["refresh"]
    assert client.get(f"/s/{make(title=evil * 2, query=query).id}.png").status_code == 200
