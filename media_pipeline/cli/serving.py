"""`origin`: serve channels and programmes from a store."""

import argparse
import sys


def origin(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C; return 1 if the port is taken or the folder is none."""
    # Serving needs a web server's libraries, which encoding machines may lack.
    from media_pipeline.origin import serve

    try:
        serve.serve(
            arguments.store,
            arguments.port,
            arguments.host,
            media_url=arguments.media_url,
            endpoint=arguments.s3_endpoint,
            region=arguments.s3_region,
        )
    except OSError as error:  # the port is taken, or the folder is none
        print(error, file=sys.stderr)
        return 1
    return 0
