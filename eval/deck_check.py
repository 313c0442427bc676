"""Checks deck files: `python -m eval.deck_check FILE.pptx … [--pictures DIR]`.

Reads each file again and measures it (`studio.deck.lint`), holds it against Office's schemas
(`eval.deck_schema`), opens it in LibreOffice with a profile of its own, and looks whether every
page holds its slide's text. Exits 1 where anything is wrong; says what is not installed here.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from assistant.studio.deck.lint import Finding, lint
from assistant.studio.deck.reading import read
from assistant.studio.deck.theme import FACE
from eval.deck_schema import schema_errors

SECONDS = 180
_FONTS = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<match><test name="family"><string>{FACE}</string></test><edit name="family" mode="assign"
binding="same"><string>Noto Sans CJK SC</string></edit></match></fontconfig>"""
"""Stands in for the typeface of offices, whose Chinese glyphs are as wide."""


def main() -> int:
    """Check the files named on the command line."""
    parser = argparse.ArgumentParser(prog="eval.deck_check", description="Checks deck files")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--pictures", type=Path, help="keep a picture of every page here")
    asked = parser.parse_args()
    wrong = [list(_checked(file, asked.pictures)) for file in asked.files]
    return int(any(wrong))


def _checked(file: Path, pictures: Path | None) -> Iterator[Finding]:
    found = lint(file.read_bytes()) + against_schemas(file)
    began = time.perf_counter()
    if shutil.which("soffice"):
        found += rendered(file, pictures)
        print(f"{file.name}: rendered in {time.perf_counter() - began:.1f} s")
    else:
        print(f"{file.name}: no LibreOffice here, not rendered")
    for one in found:
        print(f"{file.name}: slide {one.slide}: {one.rule}: {one.what}")
    print(f"{file.name}: {len(read(file.read_bytes()).slides)} slides, {len(found)} findings")
    yield from found


def against_schemas(file: Path) -> list[Finding]:
    """What is not as the schemas say."""
    try:
        return [Finding(0, "schema", wrong) for wrong in schema_errors(file)]
    except ModuleNotFoundError:
        print(f"{file.name}: no openxml-audit here, not held against the schemas")
        return []


def rendered(file: Path, pictures: Path | None = None) -> list[Finding]:
    """What is wrong with a file as LibreOffice shows it."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            pdf = to_pdf(file, Path(folder))
        except (subprocess.SubprocessError, FileNotFoundError) as error:
            return [Finding(0, "rendering", f"LibreOffice failed: {type(error).__name__}")]
        if pictures is not None:
            _keep(pdf, file.stem, pictures)
        return list(_lost(file, pdf))


def to_pdf(file: Path, folder: Path) -> Path:
    """The file as LibreOffice prints it. Raises CalledProcessError, TimeoutExpired."""
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file],
        check=True,
        capture_output=True,
        timeout=SECONDS,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(folder)},
    )
    return (folder / file.name).with_suffix(".pdf")


def _lost(file: Path, pdf: Path) -> Iterator[Finding]:
    """Characters of a slide that its page does not show, and pages that are missing."""
    slides = read(file.read_bytes()).slides
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    if len(pages) != len(slides):
        yield Finding(0, "rendering", f"{len(pages)} pages of {len(slides)} slides")
    for slide, page in zip(slides, pages, strict=False):
        lost = _characters("".join(one.text for one in slide.shown)) - _characters(page)
        if lost:
            yield Finding(slide.number, "rendering", f"not shown: {''.join(lost)[:40]}")


def _characters(text: str) -> Counter[str]:
    return Counter("".join(text.split()).replace("\x02", ""))


def _keep(pdf: Path, name: str, folder: Path) -> None:
    """A picture of every page, 1280 px across."""
    folder.mkdir(parents=True, exist_ok=True)
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number, page in enumerate(document, start=1):
            image = page.render(scale=1280 / page.get_width()).to_pil()
            image.save(folder / f"{name}-{number:02}.png")
    finally:
        document.close()


if __name__ == "__main__":
    sys.exit(main())
