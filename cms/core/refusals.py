"""What an action answers to what cannot be done now."""


class Refused(Exception):
    """What was asked for is not possible now; the text says why, in the person's language."""
