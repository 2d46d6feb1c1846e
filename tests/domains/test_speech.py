"""Files of every kind, the log-mel spectrogram step by step, the networks and what they cannot hear."""

import io
import struct
import wave

import pytest
import scipy.signal
import soundfile
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnbook.domains import speech
from cnnbook.domains._spectra import FLOOR


def write(path, samples, width=2, rate=8000, channels=1):
    """A WAV file of whole numbers by the standard library."""
    low = 128 if width == 1 else 0
    data = b"".join((value + low).to_bytes(width, "little", signed=width > 1) for value in samples)
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, width, rate, 0, "NONE", ""))
        out.writeframes(data)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (11025, 5)])
def test_a_wav_of_any_width_rate_and_channels_is_read(tmp_path, width, rate, channels):
    full = 2 ** (8 * width - 1)
    values = [0, full - 1, -full, full // 2, -full // 2, 1] * channels
    read, at = speech.read_sound(write(tmp_path / "x.wav", values, width, rate, channels))
    assert (tuple(read.shape), at, read.dtype) == ((channels, 6), rate, torch.float32)
    expected = torch.tensor(values, dtype=torch.float64).reshape(6, channels).T / full
    torch.testing.assert_close(read.double(), expected, rtol=0, atol=1e-7)


def long_form(kind: int, bits: int, data: bytes) -> bytes:
    """A WAV file whose header has the long form: 1 whole numbers, 3 floats."""
    guid = struct.pack("<H", kind) + bytes.fromhex("000000001000800000aa00389b71")
    size = bits // 8
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 1, 8000, 8000 * size, size, bits, 22, bits, 4) + guid
    return riff(form, data)


def riff(form: bytes, data: bytes, size: int | None = None, before: bytes = b"") -> bytes:
    """A WAV file of a format, other chunks, and samples, of which the header says another size if one is given."""
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + before
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("kind", "bits", "data"),
    [
        (1, 24, (2**22).to_bytes(3, "little") * 2),
        (3, 32, struct.pack("<2f", 0.5, 0.5)),
        (3, 64, struct.pack("<2d", 0.5, 0.5)),
    ],
)
def test_the_long_form_of_the_header_is_read_with_whole_numbers_and_floats(kind, bits, data):
    assert speech.decode_sound(long_form(kind, bits, data))[0].tolist() == [[0.5, 0.5]]


PCM = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
HALF = struct.pack("<4h", 16384, -16384, 8192, 0)


@pytest.mark.parametrize(
    ("size", "before"),
    [
        (None, b""),
        (0, b""),  # the recorder was stopped
        (0xFFFFFFFF, b""),  # written into a pipe
        (0x7FFFF000, b""),  # by sox
        (None, b"junk\x03\0\0\0abc"),  # an odd length, and no byte after it
        (None, b"junk\x03\0\0\0abc\0"),
        (0, b"junk\x03\0\0\0abc"),
        (None, b"bext\x08\0\0\0fmt data"),  # the letters in another chunk
        (None, b"LIST\x08\0\0\0INFOdata"),
    ],
)
def test_headers_that_programs_write_are_read(size, before):
    samples, rate = speech.decode_sound(riff(PCM, HALF, size, before))
    assert samples.tolist() == [[0.5, -0.5, 0.25, 0.0]] and rate == 8000


@pytest.mark.parametrize(
    ("kind", "subtype", "error"),
    [
        ("FLAC", "PCM_16", 0.0),
        ("FLAC", "PCM_24", 0.0),
        ("AIFF", "PCM_16", 0.0),
        ("CAF", "PCM_16", 0.0),
        ("W64", "PCM_16", 0.0),
        ("RF64", "PCM_16", 0.0),
        ("WAV", "FLOAT", 0.0),
        ("WAV", "ULAW", 0.02),
        ("WAV", "ALAW", 0.02),
        ("WAV", "IMA_ADPCM", 0.05),
        ("OGG", "VORBIS", 0.1),
        ("OGG", "OPUS", 0.1),
        ("MP3", "MPEG_LAYER_III", 0.1),
    ],
)
def test_sound_of_other_kinds_is_read(kind, subtype, error):
    tone = (torch.sin(torch.arange(16000) / 16000 * 2 * torch.pi * 440) * 16384).round() / 32768
    file = io.BytesIO()
    soundfile.write(file, tone.numpy(), 16000, subtype, format=kind)
    (samples,), rate = speech.decode_sound(file.getvalue())
    assert rate == 16000 and 0 <= len(samples) - 16000 < 400  # some kinds fill their last block
    assert (samples[2000:14000] - tone[2000:14000]).abs().max() <= error


def test_an_mp3_that_is_cut_off_is_refused_as_a_wav_is():
    tone = torch.sin(torch.arange(16000) / 16000 * 2 * torch.pi * 440) / 2
    file = io.BytesIO()
    soundfile.write(file, tone.numpy(), 16000, subtype="MPEG_LAYER_III", format="MP3")
    whole = file.getvalue()
    said = r"^the file is cut off: its header promises 1\.00 s of sound, 0\.[345]\d s are there$"
    with pytest.raises(speech.SoundError, match=said):
        speech.decode_sound(whole[: len(whole) // 2])
    with pytest.raises(speech.SoundError, match=r"^the sound cannot be read: the file is damaged or cut off$"):
        speech.decode_sound(whole[:60])
    assert speech.decode_sound(whole)[0].shape == (1, 16000)


@pytest.mark.parametrize("kind", ["AIFF", "AU", "CAF", "FLAC", "OGG", "RF64", "W64", "WAV"])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_sound_of_any_kind_that_is_cut_off_is_refused(kind, share):
    file = io.BytesIO()
    soundfile.write(
        file, torch.rand(80_000, generator=torch.Generator().manual_seed(0)).numpy() - 0.5, 8000, format=kind
    )
    whole = file.getvalue()
    assert speech.decode_sound(whole)[0].shape[1] >= 80_000
    with pytest.raises(speech.SoundError, match=r"cut off|malformed"):
        speech.decode_sound(whole[: int(share * len(whole))])


def test_a_file_cut_off_anywhere_is_refused_with_its_name(tmp_path):
    whole = write(tmp_path / "x.wav", range(8)).read_bytes()
    for end in range(len(whole)):
        (tmp_path / "cut.wav").write_bytes(whole[:end])
        with pytest.raises(
            speech.SoundError, match=r"(empty|no sound of|cut off|cannot be read|holds none).*cut\.wav$"
        ):
            speech.read_sound(tmp_path / "cut.wav")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"a song by another name", "no sound of a known kind"),
        (b"RIFX\0\0\0\0WAVE", "cannot be read"),
        (riff(PCM, b""), "at least one sample, and the file holds none"),
        (riff(PCM, b"", before=b"LIST\x04\0\0\0INFO"), "at least one sample, and the file holds none"),
        (riff(PCM, b"") + b"LIST\x04\0\0\0INFO", "at least one sample, and the file holds none"),
        (riff(struct.pack("<HHIIHH", 1, 1, 999, 1998, 2, 16), HALF), r"in 1,000…768,000 Hz, got 999 Hz"),
        (riff(struct.pack("<HHIIHH", 1, 1, 768_001, 0, 2, 16), HALF), r"in 1,000…768,000 Hz, got 768,001 Hz"),
        (riff(struct.pack("<HHIIHH", 3, 1, 8000, 32000, 4, 32), struct.pack("<f", float("nan"))), "must be finite"),
        (riff(PCM, bytes(2 * 20_000_001)), "at most 20 million samples"),
    ],
    ids=["empty", "text", "riff", "none", "none-with-list", "none-then-list", "slow", "fast", "nan", "long"],
)
def test_what_is_no_sound_is_refused_with_its_reason(data, message):
    with pytest.raises(speech.SoundError, match=message):
        speech.decode_sound(data)


def test_the_loudest_second_is_taken_and_silence_is_added_on_both_sides():
    wave_ = torch.zeros(50)
    wave_[30:35] = 1.0
    assert speech.one_second(wave_, 10).tolist()[-5:] == [1.0] * 5 or speech.one_second(wave_, 10).sum() == 5
    assert speech.one_second(torch.ones(3), 8).tolist() == [0, 0, 1, 1, 1, 0, 0, 0]
    assert torch.equal(speech.one_second(wave_[:10] + 2, 10), wave_[:10] + 2)


@settings(max_examples=30)
@given(st.sampled_from([8000, 11025, 16000, 22050, 44100, 48000]), st.integers(1, 399))
def test_a_tone_keeps_its_pitch_and_size_at_any_rate(rate, tens):
    """Below half of both rates, resampling gives what would have been recorded at the other rate."""
    hertz = 10 * tens
    there, here = (torch.sin(2 * torch.pi * hertz * torch.arange(r, dtype=torch.float64) / r) for r in (rate, 8000))
    torch.testing.assert_close(speech.resample(there, rate, 8000), here, rtol=0, atol=1e-9)


@pytest.mark.parametrize("samples", [441, 440])
@pytest.mark.parametrize("to", [8000, 8100, 11000, 44100 * 2])
def test_resampling_is_that_of_scipy_but_for_half_the_lower_rate(samples, to):
    torch.manual_seed(0)
    wave_ = torch.randn(3, samples, dtype=torch.float64)
    ours = speech.resample(wave_, 44100, to)
    least = min(samples, ours.shape[-1])
    if least % 2 == 0:  # there is such a frequency, and we leave it out
        spectrum = torch.fft.rfft(wave_)
        spectrum[:, least // 2] = 0
        assert not torch.allclose(ours, torch.from_numpy(scipy.signal.resample(wave_.numpy(), ours.shape[-1], axis=-1)))
        wave_ = torch.fft.irfft(spectrum, n=samples)
    torch.testing.assert_close(ours, torch.from_numpy(scipy.signal.resample(wave_.numpy(), ours.shape[-1], axis=-1)))


def test_resampling_removes_what_would_fold_back():
    high = torch.sin(2 * torch.pi * 5000 * torch.arange(16000, dtype=torch.float64) / 16000)
    assert speech.resample(high, 16000, 8000).abs().max() < 1e-9
    half = torch.cos(
        torch.pi * torch.arange(40, dtype=torch.float64)
    )  # exactly half the lower rate, which has no phase
    for wave_, rate, to in ((half, 8000, 16000), (half.repeat_interleave(2), 16000, 8000)):
        assert speech.resample(wave_, rate, to).abs().max() < 1e-9


def test_frames_and_their_spectra_are_the_short_time_fourier_transform():
    torch.manual_seed(0)
    wave_ = torch.randn(2, 1000, dtype=torch.float64)
    ours = speech.power_spectrum(speech.frames(wave_, 64, 24))
    window = torch.hann_window(64, dtype=torch.float64)
    theirs = torch.stft(wave_, 64, 24, window=window, center=False, return_complex=True).abs().square()
    torch.testing.assert_close(ours, theirs.transpose(1, 2))
    assert ours.shape[1] == 1 + (1000 - 64) // 24


def test_a_spectrogram_is_a_convolution_with_waves_as_kernels():
    torch.manual_seed(0)
    wave_ = torch.randn(2, 1, 1000, dtype=torch.float64)
    t, k = torch.arange(64, dtype=torch.float64), torch.arange(33, dtype=torch.float64)[:, None]
    hann = 0.5 * (1 - torch.cos(2 * torch.pi * t / 64))
    waves = torch.cat([hann * torch.cos(2 * torch.pi * k * t / 64), hann * torch.sin(2 * torch.pi * k * t / 64)])
    cosines, sines = F.conv1d(wave_, waves[:, None], stride=24).chunk(2, dim=1)
    power = cosines.square() + sines.square()
    filters = speech.mel_filters(6, 64, 8000)
    mel = F.conv1d(power, filters.double()[:, :, None])
    ours = speech.log_mel(wave_[:, 0], 8000, bands=6, window=64, hop=24)
    torch.testing.assert_close(ours, 10 * mel.log10())


def test_the_mel_scale_by_hand():
    """700 Hz is 2595 · log₁₀ 2 = 781.2 mel; each further factor of two in 1 + f/700 adds as much."""
    torch.testing.assert_close(speech.hertz_to_mel(700.0).item(), 2595 * 0.30102999566398120)
    torch.testing.assert_close(speech.hertz_to_mel(2100.0), 2 * speech.hertz_to_mel(700.0))
    assert speech.mel_to_hertz(0.0) == 0


def test_mel_filters_by_hand():
    """Two bands up to 4 kHz: corners 0, 620.6, 1791.6, 4000 Hz; the frame's frequencies 0, 1000, … 4000 Hz."""
    filters = speech.mel_filters(2, 8, 8000)
    first = (1791.6 - 1000) / (1791.6 - 620.6)
    expected = [
        [0, first, 0, 0, 0],
        [0, 1 - first, (4000 - 2000) / (4000 - 1791.6), (4000 - 3000) / (4000 - 1791.6), 0],
    ]
    torch.testing.assert_close(filters, torch.tensor(expected), rtol=0, atol=1e-3)


@settings(max_examples=30)
@given(st.integers(1, 30), st.sampled_from([256, 400, 512]), st.sampled_from([8000, 16000, 44100]))
def test_mel_filters_add_up_to_one_and_grow_wider(bands, window, rate):
    try:
        filters = speech.mel_filters(bands, window, rate)
    except ValueError:
        return
    corners = speech.mel_to_hertz(torch.linspace(0, float(speech.hertz_to_mel(rate / 2)), bands + 2).double())
    at = torch.arange(window // 2 + 1) * rate / window
    inside = (at >= corners[1]) & (at <= corners[-2])
    torch.testing.assert_close(filters.sum(0)[inside], torch.ones(int(inside.sum())))
    assert filters.min() >= 0 and filters.max() <= 1 + 1e-6 and (corners.diff().diff() > -1e-6).all()


def test_silence_has_a_finite_loudness_and_a_tone_is_in_its_band():
    silence = speech.log_mel(torch.zeros(1, 8000), 8000)
    assert silence.unique().tolist() == [10 * torch.tensor(FLOOR).log10().item()] and silence.shape == (1, 24, 49)
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(8000) / 8000)
    (band,) = speech.log_mel(tone[None], 8000)[0].argmax(0).unique().tolist()
    centres = speech.mel_to_hertz(torch.linspace(0, float(speech.hertz_to_mel(4000.0)), 26))[1:-1]
    assert band == (centres - 1000).abs().argmin()


def test_ten_times_louder_is_twenty_decibels_and_does_not_count_in_the_end():
    torch.manual_seed(0)
    wave_ = torch.randn(1, 8000)
    quiet, loud = (speech.log_mel(gain * wave_, 8000) for gain in (1.0, 10.0))
    torch.testing.assert_close(loud - quiet, torch.full_like(quiet, 20.0), rtol=0, atol=1e-3)
    torch.testing.assert_close(speech.below_loudest(loud), speech.below_loudest(quiet), rtol=0, atol=1e-4)
    assert speech.below_loudest(quiet).amax() == 1


def test_a_word_that_comes_later_gets_the_same_answer():
    """By a multiple of the stride, in a spectrogram that is silent (0) before and after; otherwise it differs."""
    torch.manual_seed(0)
    word = F.pad(torch.rand(3, 24, 15), (12, 22))
    later = word.roll(6, -1)
    for network, same in ((speech.over_time(), True), (speech.dense(), False)):
        assert torch.allclose(network(word), network(later), atol=1e-5) == same
    picture = speech.over_picture()
    assert torch.allclose(picture(word), picture(word.roll(8, -1)), atol=1e-5)
    assert not torch.allclose(picture(word), picture(word.roll(5, -1)), atol=1e-5), "not a multiple of stride 4"
    assert not torch.allclose(picture(word), picture(word.roll(4, -2)), atol=1e-5), "pitch is kept"


def test_every_network_learns_under_vmap_as_alone():
    torch.manual_seed(0)
    x, sound = torch.rand(4, 24, 49), torch.randn(4, 1, 8000)
    for make, inputs in (
        (speech.dense, x),
        (speech.over_time, x),
        (speech.over_picture, x),
        (speech.over_samples, sound),
    ):
        networks = [make() for _ in range(2)]
        stacked, buffers = torch.func.stack_module_state(networks)
        both = torch.vmap(lambda p, b, n=networks[0], i=inputs: torch.func.functional_call(n, (p, b), (i,)))(
            stacked, buffers
        )
        for one, alone in zip(both, networks, strict=True):
            torch.testing.assert_close(one, alone(inputs), rtol=1e-4, atol=1e-4)


def test_the_spectrum_of_a_filter_peaks_at_its_tone():
    t = torch.arange(256) / 8000
    filters = torch.stack([torch.sin(2 * torch.pi * hertz * t) for hertz in (500, 1250, 3000)])[:, None]
    spectra = speech.filter_spectra(filters, points=1024)
    assert (spectra.argmax(1) * 8000 / 1024).tolist() == [500, 1250, 3000] and spectra.amax(1).tolist() == [1, 1, 1]
    assert speech.filter_spectra(torch.zeros(1, 1, 8)).max() == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: speech.dense(bands=-24, length=-49), "bands must be at least 1, got bands=-24"),
        (lambda: speech.over_time(channels=(0, 32)), "first must be at least 1, got first=0"),
        (lambda: speech.over_picture(bands=-1), "bands must be at least 1, got bands=-1"),
        (lambda: speech.over_samples(hop=0), "hop must be at least 1, got hop=0"),
        (lambda: speech.one_second(torch.zeros(4), -2), "rate must be at least 1, got rate=-2"),
        (lambda: speech.mel_filters(rate=0), "rate must be at least 1, got rate=0"),
        (lambda: speech.mel_filters(rate=float("nan")), "rate must be at least 1, got rate=nan"),
        (lambda: speech.mel_filters(window=0), "window must be at least 1, got window=0"),
        (lambda: speech.below_loudest(torch.zeros(1, 2, 2), depth=0), "depth must be above 0 decibels, got depth=0"),
        (lambda: speech.below_loudest(torch.zeros(1, 2, 2), float("nan")), "above 0 decibels, got depth=nan"),
        (lambda: speech.one_second(torch.zeros(0), 8000), r"one sample at least, got \(0,\)"),
        (lambda: speech.one_second(torch.zeros(2, 9), 8000), r"must be \(samples,\) .* got \(2, 9\)"),
        (lambda: speech.resample(torch.ones(4), 0, 8000), "at least 1 Hz, got rate=0, to=8000"),
        (lambda: speech.frames(torch.ones(4), 5, 1), r"window must be in 1…4 .* got window=5, hop=1"),
        (lambda: speech.frames(torch.ones(4), 2, 0), "hop at least 1, got window=2, hop=0"),
        (lambda: speech.mel_filters(0), "bands must be at least 1, got bands=0"),
        (lambda: speech.mel_filters(100, 256, 8000), r"1 of 100 bands are empty with window=256 at rate=8000"),
        (lambda: speech.filter_spectra(torch.ones(2, 3, 4)), r"got \(2, 3, 4\)"),
        (lambda: speech.filter_spectra(torch.ones(2, 1, 64), points=32), "window at most points=32"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_value(call, message):
    with pytest.raises(ValueError, match=message):
        call()
