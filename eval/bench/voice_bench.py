"""How long until a sentence can be heard: `python -m eval.bench.voice_bench [--out FILE.json]`.

Sentences of the knowledge base's FAQs through reading, chain, levelling, labelling and cache, into
a temporary folder: the offline voice, the same from the cache, and the network voice against a
loopback server that answers after 400 ms (so it says what our side costs, not the service). Also
what the offline voice sounds like in numbers, and the load of the machine.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.domain.speech import Speech, SpokenText, Voice
from assistant.voice.cache import AudioCache
from assistant.voice.engines.chain import Chain
from assistant.voice.engines.edge import EdgeEngine
from assistant.voice.engines.guarded import Guarded
from assistant.voice.engines.offline import OfflineEngine
from assistant.voice.reading import Reader
from assistant.voice.sound import measure, read_wav
from assistant.voice.voicing import StoredVoicing, VoicingParts
from tests.support.edge_server import edge_server

FAQS = Path(__file__).parents[2] / "knowledge" / "faqs"
LATENCY = 0.4


def sentences(count: int) -> list[SpokenText]:
    """What the FAQs say, sentence by sentence."""
    reader, found = Reader.load(), []
    for path in sorted(FAQS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            found += [one for one in reader(json.loads(line)["answer"]) if any(one.pinyin)]
    return list(dict.fromkeys(found))[:count]


def voicing(folder: Path, *members: Guarded) -> StoredVoicing:
    """A voice over these engines, with a cache of its own."""
    chain = Chain(members)
    return StoredVoicing(VoicingParts(lambda: chain, AudioCache(folder), Voice(), "0" * 27))


async def timed(
    voice: StoredVoicing, texts: Sequence[SpokenText]
) -> tuple[dict[str, float], list[Speech]]:
    """Milliseconds from a sentence to its speech, its file written."""
    took, speeches = [], []
    for text in texts:
        began = time.perf_counter()
        speeches.append(await voice(text))
        took.append((time.perf_counter() - began) * 1000)
    assert all(one.audio for one in speeches), "a sentence had no sound"
    return summary(took), speeches


def summary(took: Sequence[float]) -> dict[str, float]:
    """P50, P95 and the most, in milliseconds."""
    edges = statistics.quantiles(took, n=20)
    return {
        "n": len(took),
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(edges[-1], 1),
        "max_ms": round(max(took), 1),
    }


def heard(voice: StoredVoicing, speeches: Sequence[Speech]) -> dict[str, float]:
    """The sound in numbers."""
    told = [measure(read_wav(voice.file(one.audio).read_bytes())) for one in speeches]
    seconds = sum(one.seconds for one in told)
    characters = sum(len(one.marks) for one in speeches)
    shapes = sum(len(one.mouth) for one in speeches)
    return {
        "seconds": round(seconds, 1),
        "characters_a_minute": round(characters / seconds * 60),
        "silence": round(sum(one.silence * one.seconds for one in told) / seconds, 3),
        "loudness_dbfs": round(statistics.mean(one.loudness for one in told), 2),
        "peak": round(max(one.peak for one in told), 3),
        "mouth_shapes_a_second": round(shapes / seconds, 1),
    }


async def bench(count: int, network: int) -> dict[str, Any]:
    """All figures."""
    import edge_tts.communicate

    texts = sentences(count)
    offline, edge = OfflineEngine(), EdgeEngine()
    with TemporaryDirectory() as name:
        folder = Path(name)
        began = time.perf_counter()
        await offline.warm()
        start = (time.perf_counter() - began) * 1000
        voice = voicing(folder / "offline", Guarded(offline, 3.0))
        first, speeches = await timed(voice, texts)
        again, _ = await timed(voicing(folder / "offline", Guarded(offline, 3.0)), texts)
        sound = heard(voice, speeches)
        await edge.warm()

        def set_url(url: str) -> None:
            edge_tts.communicate.WSS_URL = url

        async with edge_server(set_url, latency=LATENCY):
            online, _ = await timed(voicing(folder / "edge", Guarded(edge, 2.5)), texts[:network])
        await offline.close()
    spent = first["p50_ms"] * first["n"] / 1000
    return {
        "process_start_ms": round(start, 1),
        "offline": first,
        "cached": again,
        "edge_loopback_400ms": online,
        "offline_sound": sound,
        "offline_real_time_factor": round(spent / sound["seconds"], 4),
        "load": os.getloadavg()[0],
    }


def main() -> None:
    """Print the figures, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--network", type=int, default=40)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    figures = asyncio.run(bench(asked.count, asked.network))
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
