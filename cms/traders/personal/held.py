"""Where data of a trader lies: one list, which a test compares with the models.

A table that gets a relation to a person, stall, product, segment or clip fails the test until
it is here; so does a field of the rows that `copy.py` tells. Add it to the copy and to
erasing first, then here.
"""

GOES = "deleted with the trader's rows"
STAYS = "kept of nobody: it names no trader once the rows that it refers to are gone"
STAFF = "only of people who work for a co-operative, whose accounts are not erased here"
ACCOUNT = "of the account, which keeps a made-up name"

HELD = {
    "articles.ArticlePage": STAFF,
    "articles.SectionPage": STAFF,
    "audience.Proof": "told as `proofs`; loses its names (audience/personal.py)",
    "audience.TapCount": f"told as `taps`; {GOES}",
    "channels.CutIn": STAFF,
    "channels.LastEdit": STAFF,
    "channels.Makegood": "told with `airings`; loses its reason (channels/asrun/personal.py)",
    "channels.Notice": STAFF,
    "channels.PlannedMakegood": STAFF,
    "channels.RotationTurn": STAYS,
    "cooperatives.Membership": f"told as `memberships`; {GOES}",
    "core.User": "told as `person`; emptied",
    "core.User_groups": ACCOUNT,
    "core.User_user_permissions": ACCOUNT,
    "studio.SentPhoto": "told as `waiting_photos`; deleted (studio/sent.py)",
    "traders.Certificate": f"told with its product; {GOES}",
    "traders.Clip": f"told with its product, its film beside it; {GOES}",
    "traders.Consent": f"told with its stall; {GOES}, and `FormerConsent` says that there was one",
    "traders.FeaturedSegment": f"told with its product; {GOES}",
    "traders.FeaturedSegment_regions": GOES,
    "traders.Invitation": f"told with its stall; {GOES}",
    "traders.Product": f"told with its stall; {GOES}",
    "traders.ProductPhoto": f"told with its product; {GOES}",
    "traders.Review": GOES,
    "traders.Stall": f"told as `stalls`; {GOES}",
    "traders.Stall_commodities": f"told with its stall; {GOES}",
    "videos.DirectUpload": STAFF,
    "videos.Media": f"the film of a spot is told as a file; {GOES}",
    "videos.Video": f"told with its segment; {GOES}",
    "wagtailadmin.EditingSession": STAFF,
    "wagtailadmin.FormState": STAFF,
    "wagtailcore.APIToken": STAFF,
    "wagtailcore.Comment": STAFF,
    "wagtailcore.CommentReply": STAFF,
    "wagtailcore.ModelLogEntry": "labels and data of all entries about the trader's rows go",
    "wagtailcore.Page": STAFF,
    "wagtailcore.PageLogEntry": STAFF,
    "wagtailcore.PageSubscription": STAFF,
    "wagtailcore.Revision": f"of a spot's video; {GOES}",
    "wagtailcore.TaskState": GOES,
    "wagtailcore.UploadedFile": STAFF,
    "wagtailcore.WorkflowState": GOES,
    "wagtaildocs.Document": STAFF,
    "wagtailimages.Image": f"told as a file; {GOES}",
    "wagtailusers.UserProfile": ACCOUNT,
}
"""What happens to each table that refers to a person or to what a trader has."""

UNTOLD = {
    # `sessions` tells of devices; the rest is how the account works.
    "core.User": {
        *("password", "is_superuser", "is_staff", "is_active", "sessions_ended_at"),
    },
    "traders.Stall": {"trader", "verified_by"},
    "traders.Product": {"stall", "slug"},
    "traders.FeaturedSegment": {"product", "decided_by"},
    "traders.Consent": {"stall", "recorded_by"},
    "traders.Invitation": {"key", "stall", "digest", "created_by"},
    "traders.Certificate": {"key", "product", "checked_at", "told_at", "ended_at"},
    # How the machine makes it.
    "traders.Clip": {
        *("product", "upload", "created_by", "segment", "shown", "replaces"),
        *("error_code", "attempts", "lease_owner", "leased_until"),
    },
}
"""Fields that a copy leaves out: of other people, or of how the machine works."""
