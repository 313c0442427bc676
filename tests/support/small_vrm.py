"""The smallest VRM 1.0 model that has a body and a face: a head of one triangle, six shapes."""

import json
import struct

SHAPES = ("aa", "ih", "ou", "ee", "oh", "blink")
BONES: dict[str, tuple[str, tuple[float, float, float]]] = {
    "hips": ("", (0, 0.9, 0)),
    "spine": ("hips", (0, 0.15, 0)),
    "head": ("spine", (0, 0.4, 0)),
    "leftUpperArm": ("spine", (0.2, 0.3, 0)),
    "leftLowerArm": ("leftUpperArm", (0.25, 0, 0)),
    "leftHand": ("leftLowerArm", (0.25, 0, 0)),
    "rightUpperArm": ("spine", (-0.2, 0.3, 0)),
    "rightLowerArm": ("rightUpperArm", (-0.25, 0, 0)),
    "rightHand": ("rightLowerArm", (-0.25, 0, 0)),
    "leftUpperLeg": ("hips", (0.1, -0.05, 0)),
    "leftLowerLeg": ("leftUpperLeg", (0, -0.4, 0)),
    "leftFoot": ("leftLowerLeg", (0, -0.4, 0)),
    "rightUpperLeg": ("hips", (-0.1, -0.05, 0)),
    "rightLowerLeg": ("rightUpperLeg", (0, -0.4, 0)),
    "rightFoot": ("rightLowerLeg", (0, -0.4, 0)),
}
_FACE = (-0.1, 0.0, 0.05, 0.1, 0.0, 0.05, 0.0, 0.25, 0.05)


def small_vrm() -> bytes:
    """The file."""
    points = struct.pack("<9f", *_FACE)
    moved = struct.pack("<9f", *[0.0] * 7, 0.02, 0.0)
    binary = points + moved * len(SHAPES)
    body = json.dumps(_described(len(points))).encode()
    body += b" " * (-len(body) % 4)
    chunks = struct.pack("<I4s", len(body), b"JSON") + body
    chunks += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _described(size: int) -> dict[str, object]:
    names = list(BONES)
    nodes: list[dict[str, object]] = [
        {
            "name": name,
            "translation": at,
            "children": [names.index(one) for one in names if BONES[one][0] == name],
        }
        for name, (_, at) in BONES.items()
    ]
    face = len(nodes)
    nodes.append({"name": "face", "mesh": 0})
    nodes[names.index("head")]["children"] = [face]
    for node in nodes:
        if not node.get("children"):
            node.pop("children", None)
    count = 1 + len(SHAPES)
    return {
        "asset": {"version": "2.0"},
        "extensionsUsed": ["VRMC_vrm"],
        "extensions": {"VRMC_vrm": _vrm(names, face)},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": nodes,
        "meshes": [
            {
                "primitives": [
                    {
                        "attributes": {"POSITION": 0},
                        "targets": [{"POSITION": at} for at in range(1, count)],
                    }
                ]
            }
        ],
        "accessors": [
            {
                "bufferView": at,
                "componentType": 5126,
                "count": 3,
                "type": "VEC3",
                "min": [-1, -1, -1],
                "max": [1, 1, 1],
            }
            for at in range(count)
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": at * size, "byteLength": size} for at in range(count)
        ],
        "buffers": [{"byteLength": count * size}],
    }


def _vrm(names: list[str], face: int) -> dict[str, object]:
    shapes = {
        name: {"morphTargetBinds": [{"node": face, "index": at, "weight": 1.0}]}
        for at, name in enumerate(SHAPES)
    }
    return {
        "specVersion": "1.0",
        "meta": {
            "name": "small",
            "authors": ["test"],
            "licenseUrl": "https://vrm.dev/licenses/1.0/",
        },
        "humanoid": {"humanBones": {name: {"node": names.index(name)} for name in names}},
        "expressions": {"preset": shapes},
    }
