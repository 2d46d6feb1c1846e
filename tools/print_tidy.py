"""What Chromium's PDFs lack: headings as they are spelt, Chinese that can be searched, and little waste."""

import io
import re
import unicodedata
from collections.abc import Iterable

# A glyph that a radical shares with a character is copied as the radical, in which nobody searches. Unicode maps one
# block of radicals to characters (NFKC); these are the characters of the other.
SUPPLEMENT = (
    "⺁厂⺇几⺌小⺓幺⺝月⺟母⺠民⺩王⺬示⺭礻⺰纟⺸羊⺻聿⺽臼⺾艹⻁虎⻂衤⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻏阝⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠"
    "⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)
CHARACTERS = dict(zip(SUPPLEMENT[::2], SUPPLEMENT[1::2], strict=True))
CHARACTERS |= {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
HEX = {f"{ord(radical):04X}".encode(): f"{ord(one):04X}".encode() for radical, one in CHARACTERS.items()}
ROW = re.compile(rb"^<(\w+)> (?:<(\w+)> )?<(2[EF]\w\w)>$", re.M)  # of a map from glyphs to characters


def spelt(table: bytes) -> bytes:
    """A map from glyphs to characters, without radicals.

    >>> spelt(b"<03> <2F29>\\n<04> <04> <2ED3>\\n<05> <0041>")
    b'<03> <5C0F>\\n<04> <04> <957F>\\n<05> <0041>'
    """

    def row(hit: re.Match) -> bytes:
        alone = hit[2] in (None, hit[1])
        return hit[0].replace(hit[3] + b">", HEX[hit[3]] + b">") if alone and hit[3] in HEX else hit[0]

    return ROW.sub(row, table)


def squeezed(title: str) -> str:
    return re.sub(r"\s+", "", title)


def tidied(content: bytes, titles: list[str]) -> bytes:
    """The PDF packed, which halves it, with the words of the headings in its outline.

    Chromium joins the lines of a heading without the space between them, and repeats one that begins a sheet.
    """
    import pikepdf

    words = {squeezed(title): title for title in titles}

    def mend(items: Iterable) -> None:
        for item in items:
            key = squeezed(item.title)
            half = key[: len(key) // 2]
            item.title = words.get(key) or (words.get(half) if key == half * 2 else None) or item.title
            mend(item.children)

    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                table = one.ToUnicode
                table.write(spelt(table.read_bytes()))
        with pdf.open_outline() as outline:
            mend(outline.root)
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)
    return packed.getvalue()
