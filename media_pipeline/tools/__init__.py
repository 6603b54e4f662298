"""Running ffmpeg and ffprobe."""
