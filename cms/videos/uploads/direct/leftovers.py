"""The sweep of uploads that nobody goes on with.

What a browser has asked to be made a video becomes one, however late, if that is possible within
KEEP_WHOLE; all else is removed KEEP after its last sign of life, also where all parts are there: the person may have cancelled it on
a line that was dead, and until then can go on with it in the upload screen.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from cms.core.refusals import Refused
from cms.videos.models import DirectUpload, Media
from cms.videos.uploads import people
from cms.videos.uploads.direct import arrivals
from cms.videos.uploads.direct.faults import MultipartGone
from cms.videos.uploads.folder import KEEP, KEEP_WHOLE

AGAIN = timedelta(hours=1)
"""When the bytes of what was given up are removed for the last time: addresses hold that long."""
logger = logging.getLogger(__name__)


def do_sweep(now: datetime) -> int:
    """Finish what waits to become a video, remove what was left; return how many."""
    if not arrivals.have_bucket():
        return 0
    stale, whole = Q(touched__lt=now - KEEP), Q(stored_at__isnull=False)
    asked = Q(asked_at__lt=now - arrivals.JOINING)  # its browser does not try any more
    given_up = Q(user=None, cooperative=None)
    done = 0
    for upload in DirectUpload.objects.filter(stale | asked | whole | given_up):
        try:
            done += _sweep_one(upload, now)
        # One upload that cannot be finished must not keep the others from it.
        except Exception:
            logger.exception("upload %s could not be finished", upload.pk)
    return done + _sweep_strays(now)


def _sweep_one(upload: DirectUpload, now: datetime) -> int:
    """Make a video of what was asked for, even late; remove what was not."""
    if upload.is_given_up:
        arrivals.do_clear(upload, now, AGAIN)
        return 1
    if Media.objects.filter(upload=upload.pk).exists():
        return upload.delete()[0]  # of an earlier version, which kept the row
    try:
        if arrivals.was_asked_for(upload):
            arrivals.do_complete(upload, now)
        else:
            arrivals.do_give_up(upload, now, stale_before=now - KEEP)
    except (arrivals.PartsMissing, MultipartGone):
        arrivals.do_give_up(upload, now, stale_before=now - KEEP)
    except people.MayNoLonger:
        arrivals.do_give_up(upload, now, stale_before=now - KEEP_WHOLE)
    except (Refused, arrivals.UploadGone, arrivals.StillJoining):
        pass  # it has been given up, or a browser goes on with it
    # Whatever keeps it from becoming a video, the bucket is not filled by it for ever.
    except Exception:
        arrivals.do_give_up(upload, now, stale_before=now - KEEP_WHOLE)
        raise
    return 1


def _sweep_strays(now: datetime) -> int:
    """Give up what was begun in the bucket and written down nowhere; return how many."""
    known = set(DirectUpload.objects.values_list("multipart", flat=True))
    done = 0
    # A day more than KEEP: an upload that goes on slowly may be older than its last sign of life.
    for name, multipart in list(arrivals.bucket().unfinished(now - KEEP - timedelta(days=1))):
        if multipart not in known:
            arrivals.bucket().give_up(name, multipart)
            done += 1
    return done
