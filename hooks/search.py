"""Keep the search index small: every visit fetches it.

Code and outputs are left out, as prose names what they show; so are the small print of claim cards, and all but names
and first words of the API reference.
"""

from mkdocs.plugins import event_priority

LEFT_OUT = ("pre", *(f'{tag} class="book-claim__{part}"' for tag, part in (
    ("dl", "links"), ("ul", "notes"), ("p", "source"), ("p", "verdict"))))  # fmt: skip


@event_priority(-100)
def on_page_content(html, page, config, files):
    for start in (*LEFT_OUT, "ul", "details") if page.file.src_uri == "reference.md" else LEFT_OUT:
        tag, _, rest = start.partition(" ")
        html = html.replace(f"<{start}", f"<{tag} data-search-exclude {rest}")
    return html
