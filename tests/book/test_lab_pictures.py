"""The pictures of labs as files of two schemes: the grey that they are drawn in becomes each scheme's ink."""

import base64
import io
import sys

import pytest
from PIL import Image

from manuscript import ROOT

sys.path.insert(0, str(ROOT / "hooks"))
import pictures

CLEAR, RED, WHITE = (0, 0, 0, 0), (200, 30, 30, 255), (255, 255, 255, 255)


def page(*pixels) -> str:
    image, file = Image.new("RGBA", (len(pixels), 1)), io.BytesIO()
    image.putdata(pixels)
    image.save(file, "PNG")
    return f'<p><img alt="a “b”" src="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"></p>'


@pytest.mark.parametrize("scheme", pictures.INK)
def test_ink_is_of_the_scheme_and_all_else_as_it_was(scheme):
    edge = (*(level + 2 for level in pictures.GREY), 90)
    text, files = pictures.filed(page(CLEAR, (*pictures.GREY, 255), edge, RED, WHITE))
    assert f'<img alt="a “b”" src="1-{scheme}.webp#only-{scheme}" width="5" height="1" loading="lazy">' in text
    with Image.open(io.BytesIO(files[f"1-{scheme}.webp"])) as image:
        found = [image.convert("RGBA").getpixel((x, 0)) for x in range(image.width)]
    ink = pictures.INK[scheme]
    assert found[0][3] == 0 and found[1:] == [(*ink, 255), (*ink, 90), RED, WHITE]


def test_each_picture_has_its_number():
    text, files = pictures.filed(page(RED) + page(WHITE))
    assert list(files) == [f"{number}-{scheme}.webp" for number in (1, 2) for scheme in ("light", "dark")]
    assert text.count("<p>") == 2 and "base64" not in text


def test_the_ink_is_that_of_the_book():
    css = (ROOT / "docs/assets/book/book.css").read_text("utf-8")
    assert all(f"--book-ink: #{bytes(ink).hex()};" in css for ink in pictures.INK.values())
