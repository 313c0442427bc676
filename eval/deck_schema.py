"""Office files against the schemas of ISO/IEC 29500 transitional, as the Open XML SDK has them.

`openxml-audit` (MIT, an extra of `dev`) holds the SDK's schemas and rules as data: elements and
their order, attributes and their values, ids, relationships. That a part is well-formed it does not
say, and attributes of a part's first element it takes as they are; the first is asked here.
"""

import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree


def schema_errors(file: Path) -> list[str]:
    """What in a .pptx or .docx is not as the schemas say. Raises ModuleNotFoundError."""
    broken = list(_malformed(file))
    if broken:
        return broken
    found = _validator().validate(file).errors
    return list(dict.fromkeys(f"{one.part_uri} {one.path}: {one.description}" for one in found))


@cache
def _validator() -> Any:
    """Reads its schemas once."""
    from openxml_audit import OpenXmlValidator

    return OpenXmlValidator(max_errors=200)


def _malformed(file: Path) -> list[str]:
    wrong = []
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                try:
                    etree.fromstring(archive.read(name))
                except etree.XMLSyntaxError as error:
                    wrong.append(f"/{name}: {error.msg}")
    return wrong
