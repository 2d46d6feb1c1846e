"""The book as tests have it served: beside its pages the same pages with nothing but the figures of one kind.

A topic's page has thousands of elements, and a browser lays all of them out again at every move of a figure: what tests
do with a figure costs two thirds less where it stands alone. Such a page has the address PAGE/ELEMENT.html.

Nor does it run the theme's script, which costs half of what it takes to open a page without text: in its place is one
that tells the book's scripts that the page is there, and follows the system's colours.

What pages bring with them does not change while tests look, and is kept: to ask of each file at each page whether it is
new takes a sixth of the time, as what was compiled of a script is then forgotten.
"""

import re

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from server import Book, allowed

ARTICLE, END = re.compile(r'<article class="md-content__inner[^>]*>'), "</article>"
BUNDLE = re.compile(r'src="[^"]*/javascripts/bundle\.[^"]*"')
STAND_IN = "lone.js"
SCRIPT = """window.document$ = { subscribe: (see) => see(document) };
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => (document.body.dataset.mdColorScheme = dark.matches ? "slate" : "default");
dark.addEventListener("change", follow);
follow();
"""
HEADING = re.compile("<h1.*?</h1>", re.DOTALL)


class Lone(Book):
    def answer(self, request: Request) -> Response:
        answer = self.whole_or_lone(request)
        if answer.mimetype != "text/html":
            answer.headers["Cache-Control"] = "max-age=3600"
        return answer

    def whole_or_lone(self, request: Request) -> Response:
        if request.path == f"/{STAND_IN}":
            return Response(SCRIPT, content_type="text/javascript; charset=utf-8")
        try:
            return super().answer(request)
        except NotFound:
            page, _, name = request.path.lstrip("/").rpartition("/")
            path = self.found(f"{page}/index.html")
            if not name.endswith(".html"):
                raise
            html = lone(path.read_text("utf-8"), name.removesuffix(".html"))
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": allowed(html.encode())}
        return Response(html, headers=headers, content_type="text/html; charset=utf-8")


def lone(page: str, element: str) -> str:
    """A page with its heading and its figures <ELEMENT>, no more of its article, and not the theme's script; NotFound
    where it has none."""
    figure = re.compile(f"<figure(?:(?!</figure>).)*<{re.escape(element)}[ >].*?</figure>", re.DOTALL)
    start, end = ARTICLE.search(page), page.rfind(END)
    if not (found := start and figure.findall(page, start.end(), end)):
        raise NotFound
    heading = HEADING.search(page, start.end(), end)
    after, count = BUNDLE.subn(f'src="/{STAND_IN}"', page[end:])
    if count != 1:
        raise ValueError(f"a page runs the theme's script once, after its article; this one {count} times")
    return "\n".join([page[: start.end()], heading[0] if heading else "", *found, after])
