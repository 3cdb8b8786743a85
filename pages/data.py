"""Data: can I trust it?"""

from pages.shell import parts, show, vault
from pages.shell.frame import open_page

page = open_page("data")
with show.place("The series"):
    rows = vault.rows(page)
    show.reading(vault.reading(rows))
    vault.refresh_button(page)
    vault.series_table(page, rows)
    left, right = parts.two()
    with left:
        vault.troubles(page, rows)
    with right:
        vault.revisions(page)
    vault.attempts(page)
    vault.downloads(page)
    vault.typed_symbols(page)
    vault.short_links(page)
    vault.notices(page)
