"""`origin`: serve channels and programmes from a store."""

import argparse
import signal
import sys

from media_pipeline.cli.stopping import Stopped


def origin(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; return 1 if the port cannot be used.

    SIGTERM is how a supervisor ends a server, and so no failure; who presses Ctrl-C is told.
    """
    # Serving needs a web server's libraries, which encoding machines may lack.
    from media_pipeline.origin import serve

    try:
        came = serve.serve(
            arguments.store,
            arguments.port,
            arguments.host,
            media_url=arguments.media_url,
            endpoint=arguments.s3_endpoint,
            region=arguments.s3_region,
        )
    except serve.PortTaken as error:
        print(error, file=sys.stderr)
        return 1
    if came == signal.SIGINT:
        raise Stopped
    return 0
