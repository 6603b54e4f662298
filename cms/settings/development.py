"""The embedded install: `make run`. Secrets are generated for each install."""

from cms.settings.base import *

DEBUG = False
SECRET_KEY = env.str("SIAR_SECRET_KEY")
# An empty line in a file of settings is no key: anybody could sign with it.
PROOF_KEY = env.str("SIAR_PROOF_KEY", default="") or SECRET_KEY
ALLOWED_HOSTS = env.list("SIAR_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

# Queue and database open their files here before anything else runs.
VAR.mkdir(parents=True, exist_ok=True)
