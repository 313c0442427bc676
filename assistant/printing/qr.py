"""QR codes of addresses."""

import io

import segno


def qr_png(address: str, scale: int = 8) -> bytes:
    """The QR code of an address as PNG: black on white, with its quiet zone, error level M."""
    made = io.BytesIO()
    segno.make(address, error="m", micro=False).save(made, kind="png", scale=scale, border=4)
    return made.getvalue()


def qr_svg(address: str) -> str:
    """The same as an SVG element for a page."""
    code: str = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, omitsize=True
    )
    return code
