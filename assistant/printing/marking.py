"""Writes the hidden label into a finished file and reads it back before it is given out."""

import io
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter

from assistant.printing.aigc import KEY, AigcLabel, label_of
from assistant.printing.marking_audio import from_mp3, from_wav, into_mp3, into_wav
from assistant.printing.marking_video import from_mp4, into_mp4

XMP = "XML:com.adobe.xmp"
_NS = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_CUSTOM = "docProps/custom.xml"
_CUSTOM_NS = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES_NS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_REL_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_FMTID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def marked(kind: str, data: bytes, label: AigcLabel) -> bytes:
    """The file with the label in it. `kind` is docx, xlsx, pptx, pdf, png, wav, mp3, mp4.

    Raises RuntimeError where the label cannot be read back.
    """
    write, read = _BY_KIND[kind]
    made = write(data, label)
    if read(made) != label:
        raise RuntimeError(f"the AIGC label of a {kind} file cannot be read back")
    return made


def label_in(kind: str, data: bytes) -> AigcLabel | None:
    """The label that a file holds; None where it has none."""
    return _BY_KIND[kind][1](data)


def _into_office(data: bytes, label: AigcLabel) -> bytes:
    """OOXML: a custom document property, its content type and its relation."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            if entry.filename != _CUSTOM:
                new.writestr(entry, _with_custom(entry.filename, old.read(entry)))
        new.writestr(_CUSTOM, _custom_xml(label), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _with_custom(name: str, body: bytes) -> bytes:
    if name == "[Content_Types].xml" and _CUSTOM.encode() not in body:
        part = f'<Override PartName="/{_CUSTOM}" ContentType="{_CUSTOM_TYPE}"/>'
        return body.replace(b"</Types>", part.encode() + b"</Types>")
    if name == "_rels/.rels" and _REL_TYPE.encode() not in body:
        part = f'<Relationship Id="rIdAIGC" Type="{_REL_TYPE}" Target="{_CUSTOM}"/>'
        return body.replace(b"</Relationships>", part.encode() + b"</Relationships>")
    return body


def _custom_xml(label: AigcLabel) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<Properties xmlns="{_CUSTOM_NS}" xmlns:vt="{_TYPES_NS}">'
        f'<property fmtid="{_FMTID}" pid="2" name="{KEY}">'
        f"<vt:lpwstr>{escape(label.text())}</vt:lpwstr></property></Properties>"
    )


def _from_office(data: bytes) -> AigcLabel | None:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        if _CUSTOM not in file.namelist():
            return None
        properties = fromstring(file.read(_CUSTOM))
    for one in properties.iter(f"{{{_CUSTOM_NS}}}property"):
        if one.get("name") == KEY:
            return label_of("".join(one.itertext()))
    return None


def _into_pdf(data: bytes, label: AigcLabel) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.add_metadata({f"/{KEY}": label.text()})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _from_pdf(data: bytes) -> AigcLabel | None:
    metadata = PdfReader(io.BytesIO(data)).metadata
    found = metadata.get(f"/{KEY}") if metadata else None
    return label_of(str(found)) if found else None


def _into_png(data: bytes, label: AigcLabel) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(XMP, _xmp(label))
    made = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.save(made, "PNG", pnginfo=info, optimize=True)
    return made.getvalue()


def _xmp(label: AigcLabel) -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:TC260="{_NS}">'
        f"<TC260:{KEY}>{escape(label.text())}</TC260:{KEY}>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def _from_png(data: bytes) -> AigcLabel | None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        xmp = image.info.get(XMP)
    if not xmp:
        return None
    found = fromstring(xmp).find(f".//{{{_NS}}}{KEY}")
    return label_of(found.text or "") if found is not None else None


_OFFICE = (_into_office, _from_office)
_BY_KIND: Mapping[
    str, tuple[Callable[[bytes, AigcLabel], bytes], Callable[[bytes], AigcLabel | None]]
] = {
    "docx": _OFFICE,
    "xlsx": _OFFICE,
    "pptx": _OFFICE,
    "pdf": (_into_pdf, _from_pdf),
    "png": (_into_png, _from_png),
    "wav": (into_wav, from_wav),
    "mp3": (into_mp3, from_mp3),
    "mp4": (into_mp4, from_mp4),
}
