"""Pages with figures alone, which tests look at: what is in them is in the page, word for word."""

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from werkzeug.exceptions import NotFound

import policy
from lone import lone

PAGE = """<head><meta></head><nav>of the book</nav><article class="md-content__inner md-typeset">
<h1 id="a">A <i>section</i></h1><p>Text.</p><figure id="one"><svg></svg></figure>
<figure id="two"><ask-image><svg></svg></ask-image><figcaption>2</figcaption></figure>
<p>More.</p><article>a card</article><figure id="three">
<ask-image lang="en"></ask-image></figure></article><footer>after it</footer>
<script src="../assets/javascripts/bundle.1.min.js"></script>"""


def test_heading_and_figures_are_left_and_what_is_around_the_article():
    alone = lone(PAGE, "ask-image")
    for part in ("<nav>of the", '<h1 id="a">A <i>section</i></h1>', "<figcaption>2", 'id="three"', "after it"):
        assert part in alone
    for part in ("javascripts/bundle", "Text.", "More.", "a card", 'id="one"'):
        assert part in PAGE and part not in alone
    assert alone.count("<article") == alone.count("</article>") == 1


def test_a_page_without_the_themes_script_is_no_page_of_the_theme():
    with pytest.raises(ValueError, match="this one 0 times"):
        lone(PAGE.replace("bundle.", "other."), "ask-image")


@pytest.mark.parametrize("element", ["ask-text", "ask", "svg>.*"])
def test_a_figure_that_is_not_there_has_no_page(element):
    with pytest.raises(NotFound):
        lone(PAGE, element)


def test_it_is_served_beside_the_page_under_the_same_policy(site):
    address = f"{site.root}en/domains/images/"
    with urlopen(address) as whole, urlopen(f"{address}ask-image.html") as alone:
        pages = [one.read().decode() for one in (whole, alone)]
        assert whole.headers["Content-Security-Policy"] == alone.headers["Content-Security-Policy"] != ""
    assert policy.declared(pages[1]) and len(pages[1]) < len(pages[0]) / 2
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{address}ask-text.html")


@pytest.mark.parametrize("name, kept", [("en/", "no-cache"), ("en/assets/widgets/ask-image.mjs", "max-age=3600")])
def test_what_pages_bring_with_them_is_kept_and_pages_are_not(site, name, kept):
    with urlopen(site.root + name) as answer:
        assert answer.headers["Cache-Control"] == kept
