"""What comes with a title: posters, storyboard, cover, download, ingest report."""
