"""Small PDFs written by hand: Chinese text in a font that is not embedded, lines, a picture."""

Mark = tuple[float, float, str]
"""Left and baseline in points (from the lower left corner), and the text."""
Rule = tuple[float, float, float, float]

_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [4 0 R] >>"
)
_CID_FONT = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
    b" /FontBBox [0 -200 1000 900] /Ascent 880 /Descent -120"
    b" /CapHeight 880 /ItalicAngle 0 /StemV 80 >> >>"
)


def make_pdf(
    pages: list[list[Mark]],
    rules: list[list[Rule]] | None = None,
    *,
    size: float = 12,
    trailer: str = "",
) -> bytes:
    """A PDF of A4 pages with the given marks, and ruled lines (x0, y0, x1, y1)."""
    objects: dict[int, bytes] = {3: _FONT, 4: _CID_FONT}
    kids = []
    for index, page in enumerate(pages):
        content = _content(page, (rules or [[]] * len(pages))[index], size)
        kids.append(5 + 2 * index)
        objects[kids[-1]] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (kids[-1] + 1)
        )
        objects[kids[-1] + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    objects[1] = b"<< /Type /Catalog /Pages 2 0 R >>"
    refs = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (refs, len(kids))
    return _file(objects, trailer)


def _content(marks: list[Mark], rules: list[Rule], size: float) -> bytes:
    drawn = [b"%g %g m %g %g l S" % rule for rule in rules]
    for x, y, text in marks:
        code = text.encode("utf-16-be").hex().encode()
        drawn.append(b"BT /F1 %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET" % (size, x, y, code))
    return b"\n".join(drawn) or b" "


def _file(objects: dict[int, bytes], trailer: str) -> bytes:
    out = b"%PDF-1.4\n"
    offsets = {}
    for number in sorted(objects):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offsets[number] for number in sorted(objects))
    head = f"<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>"
    return out + f"trailer\n{head}\nstartxref\n{start}\n%%EOF\n".encode()


def set_lines(
    lines: list[str], *, top: float = 760, leading: float = 24, left: float = 72
) -> list[Mark]:
    """Lines below each other; a line that begins with two spaces is indented by two characters."""
    return [
        (left + (24 if line.startswith("  ") else 0), top - leading * row, line.strip())
        for row, line in enumerate(lines)
    ]
