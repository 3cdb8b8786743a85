"""How the brief looks: a column as wide as an A4 page between its margins, so that paper needs no second layout."""

from __future__ import annotations

from analytics.render.theme import FONT, GRID, MUTED, PAPER, TEXT

POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data: blob:\">"
)
"""No request of any kind leaves the page."""
_TEXT, _MUTED, _LINE, _PAPER = (part["light"] for part in (TEXT, MUTED, GRID, PAPER))
STYLE = f"""
:root{{color-scheme:light}}
*{{box-sizing:border-box}}
body{{margin:0;background:{_PAPER};color:{_TEXT};font:13px/1.4 {FONT};font-variant-numeric:tabular-nums}}
main{{max-width:720px;margin:1.2rem auto;padding:0 9px}}
h1{{font-size:20px;line-height:1.2;margin:.1rem 0 .5rem}}
h2{{font-size:13.5px;line-height:1.3;margin:0 0 2px}}
p{{margin:0 0 5px}}
.kicker,.quiet,footer,.card span,.tile p{{color:{_MUTED}}}
.kicker{{margin:0}}
.words{{font-size:13.5px;font-weight:600;line-height:1.3}}
#stage .words,#balance .words{{font-size:12px;font-weight:500}}
.quiet{{font-size:10.5px;margin-top:1px}}
.mark{{border:1px solid {_TEXT};padding:3px 8px;display:inline-block}}
.why{{border-left:3px solid {_LINE};padding-left:8px}}
.grid{{display:grid;grid-template-columns:1fr 1fr;gap:10px 22px}}
.wide{{grid-column:1/-1}}
section{{min-width:0;break-inside:avoid}}
.cards{{display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:8px}}
.card{{border:1px solid {_LINE};border-radius:4px;padding:6px 8px}}
.card span{{display:block;font-size:10.5px}}
.card b{{display:block;font-size:17px}}
.card svg{{display:block;width:100%;height:26px;margin-top:3px}}
.card polyline{{fill:none;stroke:{_MUTED};stroke-width:1.2}}
.tile{{border:1px solid {_LINE};border-radius:4px;padding:4px 8px;margin-bottom:5px;font-size:12px}}
.tile p{{font-size:11px;line-height:1.3;margin:1px 0 0}}
.state{{border:1px solid {_MUTED};border-radius:3px;padding:0 4px;font-size:11px}}
.table{{overflow-x:auto}}
table{{border-collapse:collapse;width:100%;font-size:10.5px}}
th,td{{padding:1.5px 6px 1.5px 0;text-align:right;border-bottom:1px solid {_LINE};white-space:nowrap}}
tr>:first-child{{text-align:left}}
table.dense{{font-size:8px}}
.dense th,.dense td{{padding-right:3px}}
thead th{{font-weight:600;color:{_MUTED}}}
tbody th{{font-weight:400}}
footer{{font-size:8.5px;line-height:1.3;border-top:1px solid {_LINE};margin-top:10px;padding-top:5px}}
footer h2{{font-size:11px}}
footer dl{{margin:2px 0 4px}}
footer dl div{{display:inline-block;margin-right:10px}}
footer dt,footer dd{{display:inline;margin:0;overflow-wrap:anywhere}}
footer dt{{font-weight:600}}
footer ul{{margin:0 0 4px;padding-left:14px}}
@media (max-width:600px){{.grid{{grid-template-columns:1fr}}main{{padding:0 14px}}}}
@page{{size:A4;margin:11mm 10mm}}
@media print{{main{{margin:0 auto}}body{{-webkit-print-color-adjust:exact;print-color-adjust:exact}}}}
"""
