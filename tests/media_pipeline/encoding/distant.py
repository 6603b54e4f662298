"""A file whose bytes come when they are asked for, and are counted."""

from pathlib import Path

from media_pipeline.model.spans import merged, missing


class DistantCopy:
    """A sparse copy of `original` in `folder`; `need` is what the pipeline takes."""

    def __init__(self, original: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.original, self.path = original, folder / f"copy{original.suffix}"
        self.size = original.stat().st_size
        self.here: tuple[tuple[int, int], ...] = ()
        self.requests = 0
        with self.path.open("wb") as file:
            file.truncate(self.size)

    def need(self, spans) -> None:
        lacking = missing(spans, self.here, self.size)
        with self.original.open("rb") as source, self.path.open("r+b") as target:
            for first, end in lacking:
                source.seek(first)
                target.seek(first)
                target.write(source.read(end - first))
        self.requests += len(lacking)
        self.here = merged([*self.here, *lacking], self.size)

    @property
    def bytes(self) -> int:
        return sum(end - first for first, end in self.here)

    @property
    def share(self) -> float:
        """How much of the file has come, 0 to 1."""
        return self.bytes / self.size
