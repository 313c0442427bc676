"""How every source is encoded: one set of options, so that viewers' players see one stream.

H.264 high profile without B-frames (decoding and showing times are equal), a keyframe every two
seconds, AAC stereo. Beside the stream, on two more pipes: a small picture twice a second and the
sound at a low rate, for the watchdogs (`watching`).
"""

from assistant.push.seams import FRAMES, SOUND_RATE, Shape

KEYFRAME = 2
"""Seconds between keyframes: what platforms ask for."""
VIDEO_RATE = 2000
AUDIO_RATE = 128
"""Bit rates in kbit/s."""
VIEWS = 2
"""Small pictures a second."""
VIEW_SCALE = 4
LEVEL_RATE = 8000
"""Samples a second of the sound that is watched, mono, 16 bits."""
_COLOURS = "out_color_matrix=bt709:out_range=tv,format=yuv420p"
_X264 = f"keyint={KEYFRAME * FRAMES}:min-keyint={KEYFRAME * FRAMES}:scenecut=0:rc-lookahead=10"


def view_of(shape: Shape) -> Shape:
    """The size of the small picture."""
    return Shape(shape.width // VIEW_SCALE, shape.height // VIEW_SCALE)


def graph(shape: Shape, late: float = 0.0) -> str:
    """Filters: input 0 is the picture, input 1 the sound, which is put off by so many seconds."""
    small = view_of(shape)
    return ";".join(
        (
            f"[0:v]fps={FRAMES},scale={shape.width}:{shape.height}:{_COLOURS},split[video][look]",
            f"[look]fps={VIEWS},scale={small.width}:{small.height}:flags=area,format=rgb24[view]",
            f"[1:a]asetpts=PTS+{late}/TB,aresample={SOUND_RATE}:async=1000:first_pts=0,asplit[audio][hear]",
            f"[hear]aresample={LEVEL_RATE}[level]",
        )
    )


def video_options() -> tuple[str, ...]:
    """The encoder of the picture."""
    return (
        *("-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", "0"),
        *("-x264-params", _X264, "-threads", "2", "-r", str(FRAMES)),
        *("-b:v", f"{VIDEO_RATE}k", "-maxrate", f"{VIDEO_RATE * 5 // 4}k"),
        *("-bufsize", f"{VIDEO_RATE * 2}k"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    )


def audio_options() -> tuple[str, ...]:
    """The encoder of the sound."""
    return ("-c:a", "aac", "-b:a", f"{AUDIO_RATE}k", "-ar", str(SOUND_RATE), "-ac", "2")


def outputs(view: int, level: int) -> tuple[str, ...]:
    """The stream on standard output; `view` and `level` are the numbers of the watchers' pipes."""
    return (
        *("-map", "[video]", "-map", "[audio]", *video_options(), *audio_options()),
        *("-map_metadata", "-1", "-flvflags", "no_duration_filesize"),
        *("-flush_packets", "1", "-f", "flv", "pipe:1"),
        *("-map", "[view]", "-c:v", "rawvideo", "-f", "rawvideo", f"pipe:{view}"),
        *("-map", "[level]", "-ac", "1", "-c:a", "pcm_s16le", "-f", "s16le", f"pipe:{level}"),
    )
