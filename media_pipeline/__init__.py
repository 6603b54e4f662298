"""Siar's media pipeline: uploaded files become publications, rundowns become channels.

A library and a command line (`python -m media_pipeline --help`). It knows no
Django, no database and no queue; what it writes is read back through `model`.
"""
