"""The spoken digits: voices apart, cards right, the archive of real recordings checked by what is in it."""

import hashlib
import io
import tarfile
import wave

import pytest
import torch

from cnnbook.data import DataError, speech
from cnnbook.data.catalogue import folder_of_files


@pytest.mark.parametrize("name", ["spoken-digits", "fsdd"])
def test_a_card_is_complete_in_both_languages(name):
    card = speech.sound_card(name)
    for words in (card["title"], card["description"], card["classes"]):
        assert set(words) == {"zh", "en"} and all(words.values())
    assert len(card["classes"]["zh"]) == len(card["classes"]["en"]) == 10
    assert card["citation"] and card["source"].startswith("https://")


def test_the_embedded_file_is_what_its_card_says():
    card = speech.sound_card("spoken-digits")
    (file,) = card["files"]
    data = (folder_of_files() / file["name"]).read_bytes()
    assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"]) and len(data) < 1_000_000
    train = speech.spoken_digits("train")
    assert (train.spectra.mean().item(), train.spectra.std().item()) == pytest.approx(
        (card["mean"], card["std"]), abs=6e-3
    )
    for part, count, voices in (("train", 600, 10), ("test", 240, 6)):
        said = speech.spoken_digits(part)
        assert said.spectra.shape == (count, *card["shape"]) and card["counts"][part] == count
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
    card = speech.sound_card("fsdd")
    card["files"][0] |= {"url": path.as_uri(), "content_sha256": digest.hexdigest()}
    real = speech.sound_card
    monkeypatch.setattr(speech, "sound_card", lambda name: card if name == "fsdd" else real(name))
    yield path
    speech._read.cache_clear()


def test_recordings_that_are_not_there_name_the_command(archive):
    with pytest.raises(DataError, match=r"python -m cnnbook\.data fsdd"):
        speech.recordings()


def test_the_archive_is_fetched_checked_and_read(archive):
    path = speech.fetch_recordings(archive.as_uri())
    said = speech.recordings()
    assert (said.digits.tolist(), said.speakers.tolist(), said.names) == ([3, 7], [0, 1], ("ann", "bob"))
    assert [clip.tolist() for clip in said.waves] == [[100 / 32768] * 5, [-200 / 32768] * 5]
    assert speech.missing_recordings() == "" and [file.name for file in path.parent.iterdir()] == ["fsdd.tar.gz"]
    assert speech.fetch_recordings("file:///nowhere") == path, "what is there is not fetched again"


def test_other_recordings_and_broken_archives_are_refused_and_do_not_stay(archive):
    speech.sound_card("fsdd")["files"][0]["content_sha256"] = "0" * 64
    with pytest.raises(DataError, match="SHA-256 of names and files must be 0000"):
        speech.fetch_recordings(archive.as_uri())
    archive.write_bytes(archive.read_bytes()[:100])
    with pytest.raises(DataError, match="is no whole tar archive"):
        speech.fetch_recordings(archive.as_uri())
    assert list(speech.recordings_path().parent.iterdir()) == []
