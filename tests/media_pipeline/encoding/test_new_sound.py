"""A publication with new sound that copies the pictures of an earlier publication."""

import msgspec
import pytest

from media_pipeline import pipeline
from media_pipeline.errors import PicturesDiffer, StepFailed
from media_pipeline.model import keys
from media_pipeline.verify import InStore, verify

from .conftest import ID, Made, publish, publish_at

EARLIER, MISSING = ID[::-1], "f" * 32


@pytest.fixture
def earlier(film, tmp_path) -> Made:
    """A publication from before there was Opus, called EARLIER."""
    made = publish(film("old.mp4", size="256x144", seconds=6), tmp_path)
    folder = made.store.path(keys.publication_folder(EARLIER))
    made.folder.rename(folder)
    made.publication = msgspec.structs.replace(made.publication, id=EARLIER)
    made.folder = folder
    made.store.write(keys.publication_file(EARLIER), msgspec.json.encode(made.publication))
    return made


def again(earlier: Made, path, tmp_path, *, pictures: str = EARLIER) -> Made:
    scratch = tmp_path / "scratch"
    made = publish_at(path, earlier.store, scratch, opus=True, pictures=pictures)
    return Made(earlier.store, made)


def test_the_pictures_are_the_same_files_and_the_sound_is_new(
    film, earlier, tmp_path, monkeypatch
) -> None:
    """No picture is encoded; the room of the pictures is taken once; all stays when the first goes."""
    monkeypatch.setattr("media_pipeline.steps.title.encode_chunk", None)
    made = again(earlier, film("old.mp4", size="256x144", seconds=6), tmp_path)
    assert [r.name for r in made.publication.renditions if r.is_opus] == ["o28"]
    assert [s.codec for s in earlier.publication.sounds + made.publication.sounds] == [
        "mp4a.40.2",
        "mp4a.40.2",
    ]
    assert made.publication.ends == earlier.publication.ends
    assert len(made.publication.videos) == len(earlier.publication.videos)
    for before, after in zip(earlier.publication.videos, made.publication.videos, strict=True):
        assert earlier.joined(before, tmp_path).read_bytes() == (
            made.joined(after, tmp_path).read_bytes()
        )
        first = made.folder / after.segments[0].uri
        assert first.stat().st_ino == (earlier.folder / before.segments[0].uri).stat().st_ino
    earlier.store.delete_folder(keys.publication_folder(EARLIER))
    assert verify(InStore(made.store, made.publication.id)) == ()


def test_pictures_of_another_film_are_not_taken(film, earlier, tmp_path) -> None:
    """Neither of a longer one nor of a larger one; nothing is left of the attempt."""
    for path in (
        film("longer.mp4", size="256x144", seconds=7),
        film("larger.mp4", size="320x180", seconds=6),
    ):
        with pytest.raises(PicturesDiffer, match=EARLIER):
            again(earlier, path, tmp_path)
        assert not (earlier.folder.parent / ID).exists()
    with pytest.raises(PicturesDiffer, match=MISSING):
        again(earlier, film("old.mp4", size="256x144", seconds=6), tmp_path, pictures=MISSING)


def test_a_picture_that_has_gone_is_said(film, earlier, tmp_path) -> None:
    (earlier.folder / earlier.publication.videos[0].segments[1].uri).unlink()
    with pytest.raises(StepFailed, match="have gone from the published store"):
        again(earlier, film("old.mp4", size="256x144", seconds=6), tmp_path)


def test_the_commands_are_those_of_the_sound(film, earlier, tmp_path) -> None:
    path = film("old.mp4", size="256x144", seconds=6)
    job = pipeline.prepare(
        path,
        earlier.store,
        ID,
        opus=True,
        pictures=EARLIER,
        scratch=tmp_path,
        cancelled=lambda: False,
        now=lambda: earlier.publication.created,
    )
    assert {name for name, _ in pipeline.commands(path, job)} == {"sound", "sound-late"}
    assert sum(task.weight for task in job.tasks) == pytest.approx(1)
