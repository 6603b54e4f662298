"""Where things stand in the published store. Keys are relative, with forward slashes."""


def publication_folder(publication: str) -> str:
    """The folder of a publication; everything in it is immutable but publication.json."""
    return f"publications/{publication}"


def publication_file(publication: str) -> str:
    """The publication's own description."""
    return f"publications/{publication}/publication.json"


def job_file(publication: str) -> str:
    """What a publication is being made from and how; removed when it is whole."""
    return f"publications/{publication}/job.json"


def parts_folder(publication: str, mark: str) -> str:
    """What the tasks of the job `mark` have made of a publication; removed when it is whole."""
    return f"publications/{publication}/parts/{mark}"


def part_file(publication: str, mark: str, part: str) -> str:
    """One part: what one task has made, or a piece of the sound while it is made."""
    return f"publications/{publication}/parts/{mark}/{part}.json"


def init_uri(mark: str, rendition: str) -> str:
    """The initialisation of a rendition that the job `mark` makes, in the publication's folder."""
    return f"{mark}/{rendition}/init.mp4"


def segment_uri(mark: str, rendition: str, number: int) -> str:
    """Segment `number`, from 1, of a rendition that the job `mark` makes."""
    return f"{mark}/{rendition}/{number:05d}.m4s"


def presentation_file(publication: str) -> str:
    """Cards, captions and chapters of a publication on demand; may change."""
    return f"presentations/{publication}.json"


def rundown_file(channel: str) -> str:
    """The rundown that is in force."""
    return f"channels/{channel}/rundown.json"


def notice_file(channel: str) -> str:
    """The sentence that is shown over the channel's picture, if there is one."""
    return f"channels/{channel}/notice.json"


def generation_mark() -> str:
    """Written after each rundown and notice: while it is the same, origins need not list all channels."""
    return "channels/generation"


def day_folder(channel: str) -> str:
    """The day files of a channel, outside `channels/` so that listing that costs no more."""
    return f"rundowns/{channel}"


def day_file(channel: str, name: str) -> str:
    """The entries of one day, which never change; `rundown_file` says which are in force."""
    return f"rundowns/{channel}/{name}.day"


def rundown_history_file(channel: str, version: int) -> str:
    """A rundown's index as it was written, gzipped; kept for as-run.

    Outside `channels/`, so that an origin lists that folder at the cost of its channels.
    """
    return f"history/{channel}/{version:010d}.json.gz"


def takedown_mark(publication: str) -> str:
    """Its presence makes every segment of the publication answer 410."""
    return f"takedowns/{publication}"


def journal_folder(day: str) -> str:
    """What all origins put on air on a day of UTC; `day` is like 20261124."""
    return f"journal/{day}"


def journal_file(origin: str, minute: str) -> str:
    """What one origin put on air in one minute; `minute` is like 20261124T1327Z."""
    return f"journal/{minute[:8]}/{origin}/{minute}.jsonl.gz"
