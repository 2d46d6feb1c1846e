"""Sound from a file, by libsndfile: WAV of every kind, AIFF, FLAC, OGG (Vorbis, Opus), MP3 and more."""

from __future__ import annotations

import io
import re
from pathlib import Path

import torch
from torch import Tensor

from cnnbook.errors import CnnbookError

MOST_SAMPLES = 20_000_000  # in all channels: three and a half minutes of stereo at 48 kHz
RATES = 1000, 768_000  # Hz
MPEG_FRAME = 1152  # samples in a frame of an MP3 file; where a byte of the last one is missing, it is not decoded
BLOCK = 2**16  # samples that are decoded at once
# What libsndfile says of a length that is not so: of the sound in WAV and CAF, AIFF, AU; of the whole of W64 and RF64.
LENGTHS = re.compile(r"^ *(?:data|SSND|Data Size|riff|Riff size) *: (\d+) \(should be (\d+)\)", re.M)
PLACEHOLDER = 2**31 - 2**16  # from here on, a length says that it was not known when the header was written
OTHERS = {  # marks of what people have and libsndfile does not read: place, bytes, name
    (4, b"ftyp"): "M4A or MP4 (AAC, ALAC)",
    (0, b"\x1aE\xdf\xa3"): "WebM or Matroska",
    (0, b"\x30\x26\xb2\x75"): "WMA",
    (0, b"\xff\xf1"): "AAC",
    (0, b"\xff\xf9"): "AAC",
    (0, b"#!AMR"): "AMR",
    (0, b"MThd"): "MIDI, which holds notes and no sound",
    (0, b"MAC "): "Monkey's Audio",
    (0, b"wvpk"): "WavPack",
    (0, b"TTA"): "True Audio",
    (0, b"DSD "): "DSD",
}


class SoundError(CnnbookError, ValueError):
    """What cannot be read as a sound."""


class _File(io.BytesIO):
    """Bytes in which a damaged header may ask for a place before their beginning: it stays where it is."""

    def seek(self, offset: int, whence: int = 0) -> int:
        try:
            return super().seek(offset, whence)
        except (ValueError, OverflowError):
            return self.tell()


def read_sound(path: str | Path) -> tuple[Tensor, int]:
    """The samples of a file.

    Args:
        path: The file: WAV, FLAC, OGG, MP3, or another kind that libsndfile reads.

    Returns:
        As `decode_sound`.

    Raises:
        OSError: The file cannot be read.
        SoundError: As `decode_sound`; the message names the file.

    Examples:
        >>> import tempfile, wave
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = f"{folder}/two.wav"
        ...     with wave.open(path, "wb") as out:
        ...         out.setparams((1, 2, 8000, 0, "NONE", ""))
        ...         out.writeframes(bytes([0, 64, 0, 192]))  # 16384 and −16384, low byte first
        ...     read_sound(path)
        (tensor([[ 0.5000, -0.5000]]), 8000)
    """
    try:
        return decode_sound(Path(path).read_bytes())
    except SoundError as error:
        raise SoundError(f"{error}: {path}") from None


def decode_sound(data: bytes) -> tuple[Tensor, int]:
    r"""The samples of a file that was read.

    Whole numbers of b bits become shares of the full range; those of 8 bits are unsigned in WAV files:

    $$x = \frac{v}{2^{b-1}}, \qquad b = 8:\; x = \frac{v - 128}{128}$$

    Args:
        data: All bytes of the file.

    Returns:
        ``float32 (channels, samples)``, −1…1 unless the file holds floats beyond that, and the rate in Hz.

    Raises:
        SoundError: There is no sound of a known kind in it; it is damaged, cut off or empty; its rate is not in
            1 kHz…768 kHz, or it has more than 20 million samples.

    References:
        E. de Castro Lopo et al., libsndfile, https://libsndfile.github.io/libsndfile/.

    Examples:
        >>> decode_sound(b"ID3")
        Traceback (most recent call last):
        cnnbook.domains._decoding.SoundError: this is no sound of a known kind (WAV, FLAC, OGG, MP3 …)
    """
    try:
        import soundfile  # noqa: F401
    except (ImportError, OSError) as error:  # OSError: the library in C is not there
        raise SoundError(f"sound is read by the package soundfile, which cannot be loaded ({error})") from None
    if not data:
        raise SoundError("the file is empty")
    for (place, mark), name in OTHERS.items():
        if data[place:].startswith(mark):
            raise SoundError(f"this is {name}, which is not read here; save it as WAV, FLAC, OGG or MP3")
    failed = None
    for version in (bytes, _plain_wav):  # the file itself, then a WAV file put in order
        if (one := version(data)) is None:
            break
        try:
            samples, rate = _decoded(one)
        except SoundError:
            raise
        except Exception as error:  # decoders of some twenty kinds
            failed = error
            continue
        if samples.numel():
            if not bool(samples.isfinite().all()):
                raise SoundError("samples must be finite, and some are infinite or no numbers (NaN)")
            return samples, rate
        failed = None
    none = "there must be at least one sample, and the file holds none, or is cut off before the first"
    raise SoundError(_reason(failed) if failed else none)


def _decoded(data: bytes) -> tuple[Tensor, int]:
    """What libsndfile makes of a file. A header is believed only as far as there are samples."""
    import soundfile

    with soundfile.SoundFile(_File(data)) as file:
        rate, channels = file.samplerate, file.channels
        if not RATES[0] <= rate <= RATES[1]:
            raise SoundError(f"a rate must be in {RATES[0]:,}…{RATES[1]:,} Hz, got {rate:,} Hz")
        for promised, held in LENGTHS.findall(file.extra_info):
            if int(held) < int(promised) < PLACEHOLDER:
                raise SoundError(f"the file is cut off: its header promises {promised} bytes, {held} are there")
        if data[:4] == b"OggS" and _last_page_is_cut(data):
            raise SoundError("the file is cut off in the middle of a page")
        blocks, there = [], 0
        while True:
            try:
                block = file.read(max(1, BLOCK // channels), dtype="float32", always_2d=True)
            except soundfile.LibsndfileError as error:
                words = _words(error)
                raise SoundError(f"the file is damaged or cut off after {there / rate:.2f} s ({words})") from None
            if not len(block):
                break
            blocks.append(torch.from_numpy(block))
            there += len(block)
            if there * channels > MOST_SAMPLES:
                most = f"{MOST_SAMPLES // 10**6} million"
                raise SoundError(f"a sound must have at most {most} samples in all channels; cut out the part you mean")
        if file.subtype.startswith("MPEG") and there + MPEG_FRAME < file.frames:
            raise SoundError(
                f"the file is cut off: its header promises {file.frames / rate:.2f} s of sound, {there / rate:.2f} s "
                "are there"
            )
    return (torch.cat(blocks).T.contiguous() if blocks else torch.empty(channels, 0)), rate


def _last_page_is_cut(data: bytes) -> bool:
    """Whether an OGG file ends before its last page does: 27 bytes, the lengths of its pieces, and these (RFC 3533)."""
    page = data[data.rfind(b"OggS") :]
    return len(page) < 27 or len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]])


def _words(error: Exception) -> str:
    """What libsndfile says went wrong."""
    words = " ".join(getattr(error, "error_string", str(error)).split()).removeprefix("Error : ")
    return words.rstrip(".") or type(error).__name__


def _reason(error: Exception) -> str:
    words = _words(error)
    if "not recognised" in words or "unknown format" in words:
        return "this is no sound of a known kind (WAV, FLAC, OGG, MP3 …)"
    if "does not exist" in words:  # said of bytes in which a decoder finds no beginning
        return "the sound cannot be read: the file is damaged or cut off"
    return f"the sound cannot be read (libsndfile: {words})"


def _plain_wav(data: bytes) -> bytes | None:
    """A WAV file with its format and its samples alone, where libsndfile finds none; nothing if there are none.

    It knows two headers that are common: of a recorder that was stopped before it wrote the length of the sound, which
    is then 0, and of programs that leave out the byte after a chunk of odd length.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    place, form = 12, b""
    while (size := _chunk(data, place)) is not None:
        name, end = data[place : place + 4], place + 8 + size
        if name == b"fmt ":
            form = data[place:end]
        elif name == b"data":
            sound = data[place + 8 : end] if size else data[place + 8 :]
            if not form or not sound or (not size and _chunk(data, end) is not None):
                return None
            body = b"WAVE" + form + b"data" + len(sound).to_bytes(4, "little") + sound
            return b"RIFF" + len(body).to_bytes(4, "little") + body
        place = end if size % 2 == 0 or _chunk(data, end) is not None else end + 1
    return None


def _chunk(data: bytes, place: int) -> int | None:
    """The size of the chunk at a place, if one with a name in letters begins there."""
    name, size = data[place : place + 4], data[place + 4 : place + 8]
    if len(size) < 4 or not all(32 <= letter < 127 for letter in name):
        return None
    return int.from_bytes(size, "little")
