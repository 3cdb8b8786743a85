"""The few pages that the server says itself: plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

import html
from urllib.parse import quote

CARD = (1200, 630)
"""Width and height of a link's picture [px]."""
PRODUCT = "Silverlead"
WRONG = "That is not the password."
TOO_OFTEN = "Too many tries. Wait ten minutes, then try again."
_STYLE = (
    "body{font:16px/1.5 'Segoe UI',Helvetica,Arial,sans-serif;max-width:26rem;margin:14vh auto;padding:0 1rem;color:#1F252B;"
    "background:#fff}h1{font-size:1.4rem}input,button,.button{font:inherit;box-sizing:border-box;width:100%;padding:.55rem .7rem;"
    "margin:.35rem 0;border:1px solid #8A8F98;border-radius:.3rem;background:none;color:inherit}button,.button{display:block;"
    "background:#2F6DB5;border-color:#2F6DB5;color:#fff;text-align:center;text-decoration:none;cursor:pointer}a{color:#2F6DB5}"
    "[role=alert]{color:#A8342B}@media(prefers-color-scheme:dark){body{background:#14171A;color:#E7EAED}a{color:#7FB2EE}"
    "[role=alert]{color:#FF9B91}}"
)


def document(title: str, head: str, body: str, *, styled: bool = False) -> str:
    """A whole page; ``head`` and ``body`` are markup, the title is text."""
    style = f"<style>{_STYLE}</style>" if styled else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{html.escape(title)}</title>{style}{head}'
        f"</head><body><h1>{html.escape(title)}</h1>{body}</body></html>"
    )


def password(target: str, problem: str = "") -> str:
    """The form for the shared password."""
    alert = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    return _login(
        f'<p>Sign in to read.</p>{alert}<form method="post" action="/login"><input type="hidden" name="to" value="{html.escape(target)}">'
        '<input name="username" autocomplete="username" value="silverlead" hidden><label for="password">Password</label><input id="password" name="password" type="password" required autofocus '
        'autocomplete="current-password"><button>Open</button></form>'
        f"{_framed(target)}"
    )


def oidc(target: str, domains: str, who: str = "") -> str:
    """The button that leads to the OIDC provider; ``who`` came in there but may not read here."""
    alert = f'<p role="alert">{html.escape(who)} may not read here.</p>' if who else ""
    word = "Use another account" if who else "Sign in"
    place = _framed(target) or f'<a class="button" href="/login/go?to={quote(target, safe="")}">{word}</a>'
    return _login(
        f"{alert}<p>Sign in to read. This server is for people at {html.escape(domains)}.</p>{place}"
    )


def outside(target: str) -> str:
    """What a chat sees of a short link while nobody is signed in: the product's name, whatever the link is."""
    login = f"/login?to={quote(target, safe='')}"
    return document(
        PRODUCT,
        f'<meta property="og:site_name" content="{PRODUCT}"><meta property="og:title" content="{PRODUCT}">'
        f'<meta http-equiv="refresh" content="0;url={html.escape(login)}">',
        f'<p><a href="{html.escape(login)}">Sign in</a></p>',
    )


def leaving(problem: str = "") -> str:
    """The way out: a form, since an address alone could be opened by another site."""
    alert = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    return document(
        PRODUCT,
        "",
        f'{alert}<form method="post" action="/logout"><button>Sign out</button></form><p><a href="/">Stay</a></p>',
        styled=True,
    )


def refused() -> str:
    """A form that did not come from our own page."""
    return document(PRODUCT, "", '<p>This form was not sent from here. <a href="/login">Sign in</a></p>')


def _login(body: str) -> str:
    return document(
        PRODUCT,
        f'<meta property="og:title" content="{PRODUCT}">',
        body,
        styled=True,
    )


def _framed(target: str) -> str:
    """Inside another page's frame neither a provider nor a cookie may work: sign in beside it."""
    if "embed=true" not in target:
        return ""
    return (
        f'<p><a class="button" target="_blank" rel="noopener" href="/login?to={quote(target.replace("embed=true", ""), safe="")}">'
        "Sign in in a new tab</a></p><p>Then reload this page.</p>"
    )
