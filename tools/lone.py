"""The book as tests have it served: beside its pages the same pages with nothing but the figures of one kind.

A topic's page has thousands of elements, and a browser lays all of them out again at every move of a figure: what tests
do with a figure costs two thirds less where it stands alone. Such a page has the address PAGE/ELEMENT.html.
"""

import re

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from server import Book, allowed

ARTICLE, END = re.compile(r'<article class="md-content__inner[^>]*>'), "</article>"
HEADING = re.compile("<h1.*?</h1>", re.DOTALL)


class Lone(Book):
    def answer(self, request: Request) -> Response:
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
    """A page with its heading and its figures <ELEMENT>, and no more of its article; NotFound where it has none."""
    figure = re.compile(f"<figure(?:(?!</figure>).)*<{re.escape(element)}[ >].*?</figure>", re.DOTALL)
    start, end = ARTICLE.search(page), page.rfind(END)
    if not (found := start and figure.findall(page, start.end(), end)):
        raise NotFound
    heading = HEADING.search(page, start.end(), end)
    return "\n".join([page[: start.end()], heading[0] if heading else "", *found, page[end:]])
