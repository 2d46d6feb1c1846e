"""The spoken digits: voices apart, cards right, the archive of real recordings checked by what is in it."""

import gzip
import hashlib
import io
import tarfile
import wave
from dataclasses import replace

import pytest
import torch

from cnnbook.data import DataError, card, load, speech
from cnnbook.data.catalogue import folder_of_files


def test_the_embedded_file_is_what_its_card_says():
    card = load("spoken-digits").card
    (file,) = card.files
    data = (folder_of_files() / file["name"]).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"]) and len(data) < 1_000_000
    train = speech.spoken_digits("train")
    assert (train.spectra.mean().item(), train.spectra.std().item()) == pytest.approx((card.mean, card.std), abs=6e-3)
    for part, count, voices in (("train", 600, 10), ("test", 240, 6)):
        said = getattr(load("spoken-digits"), part)
        assert torch.equal(said.spectra, speech.spoken_digits(part).spectra)
        assert said.spectra.shape == (count, *card.shape) and card.counts[part] == count
        assert said.spectra.min() >= 0 and said.spectra.amax(dim=(1, 2)).unique().tolist() == [1.0]
        table = torch.zeros(10, 2, voices)
        table.index_put_((said.digits, said.languages, said.voices), torch.ones(count), accumulate=True)
        assert len(table.unique()) == 1, "each voice says each word equally often"


def test_clips_are_there_for_each_word():
    clips = [speech.sample(digit, language) for language in speech.LANGUAGES for digit in range(10)]
    assert all(clip.shape == (5600,) and 0.5 < clip.abs().max() <= 1 for clip in clips)
    assert len({tuple(clip.tolist()) for clip in clips}) == 20
    for digit, language in ((10, "en"), (1, "de")):
        with pytest.raises(ValueError, match="digit 0…9 in zh or en"):
            speech.sample(digit, language)


@pytest.fixture
def archive(tmp_path, monkeypatch):
    """A small archive as GitHub packs it, and a card that describes it."""
    monkeypatch.setenv("CNNBOOK_DATA", str(tmp_path / "data"))
    speech._read.cache_clear()
    path, digest = tmp_path / "sent.tar.gz", hashlib.sha256()
    with tarfile.open(path, "w:gz") as tar:
        for name, value in (("3_ann_0", 100), ("7_bob_12", -200)):
            sound = io.BytesIO()
            with wave.open(sound, "wb") as out:
                out.setparams((1, 2, 8000, 0, "NONE", ""))
                out.writeframes(value.to_bytes(2, "little", signed=True) * 5)
            member = tarfile.TarInfo(f"free-spoken-digit-dataset-1/recordings/{name}.wav")
            member.size = len(sound.getvalue())
            tar.addfile(member, io.BytesIO(sound.getvalue()))
            digest.update(f"{name}.wav {hashlib.sha256(sound.getvalue()).hexdigest()}\n".encode())
    file = card("fsdd").files[0].copy()
    file |= {"url": path.as_uri(), "bytes": 1 << 20, "content_sha256": digest.hexdigest()}
    small = replace(card("fsdd"), files=(file,))
    monkeypatch.setattr(speech, "card", {"fsdd": small}.get)
    read = speech._read
    yield path
    read.cache_clear()


def test_recordings_that_are_not_there_name_the_command(archive):
    for call in (speech.recordings, lambda: load("fsdd")):
        with pytest.raises(DataError, match=r"python -m cnnbook\.data fsdd"):
            call()


def test_loading_may_download(archive):
    assert load("fsdd", download=True).names == load("fsdd").names == ("ann", "bob")


def test_the_archive_is_fetched_checked_and_read(archive):
    path = speech.fetch_recordings(archive.as_uri())
    said = speech.recordings()
    assert (said.digits.tolist(), said.speakers.tolist(), said.names) == ([3, 7], [0, 1], ("ann", "bob"))
    assert [clip.tolist() for clip in said.waves] == [[100 / 32768] * 5, [-200 / 32768] * 5]
    assert speech.missing_recordings() == "" and [file.name for file in path.parent.iterdir()] == ["fsdd.tar.gz"]
    assert speech.fetch_recordings("file:///nowhere") == path, "what is there is not fetched again"


def test_other_recordings_and_broken_archives_are_refused_and_do_not_stay(archive):
    speech.card("fsdd").files[0]["content_sha256"] = "0" * 64
    with pytest.raises(DataError, match="SHA-256 of names and files must be 0000"):
        speech.fetch_recordings(archive.as_uri())
    whole = archive.read_bytes()
    for broken in (whole[:100], b"", b"no archive", whole[:200] + b"!" + whole[201:]):
        archive.write_bytes(broken)
        with pytest.raises(DataError, match=r"is no whole tar archive|does not hold the recordings"):
            speech.fetch_recordings(archive.as_uri())
    assert list(speech.recordings_path().parent.iterdir()) == []


def test_an_archive_is_checked_before_anything_of_it_is_unpacked(archive, monkeypatch):
    """A bomb of a few kilobytes ends at a limit; other recordings are never read as sound."""
    monkeypatch.setattr(speech, "_read", lambda path: pytest.fail("this was unpacked"))
    size = speech.UNPACKED * speech.card("fsdd").files[0]["bytes"]
    for name in ("x/recordings/3_ann_0.wav", "x/elsewhere"):
        with gzip.open(archive, "wb", compresslevel=1) as bomb:
            member = tarfile.TarInfo(name)
            member.size = size
            bomb.write(member.tobuf())
            for _ in range(size // (1 << 20) + 1):
                bomb.write(bytes(1 << 20))
        with pytest.raises(DataError, match=f"unpacks to more than the {size} bytes"):
            speech.fetch_recordings(archive.as_uri())
        assert list(speech.recordings_path().parent.iterdir()) == []
    speech.card("fsdd").files[0]["content_sha256"] = "0" * 64
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("x/recordings/3_ann_0.wav"))
    with pytest.raises(DataError, match=r"got [0-9a-f]{64} of 1$"):
        speech.fetch_recordings(archive.as_uri())


def test_an_archive_much_larger_than_its_card_says_is_not_taken(archive):
    speech.card("fsdd").files[0]["bytes"] = 50
    with pytest.raises(DataError, match="where the file may have at most 100"):
        speech.fetch_recordings(archive.as_uri())
    assert list(speech.recordings_path().parent.iterdir()) == []
