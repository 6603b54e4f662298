"""HLS, DASH and WebVTT text from values, and back. Pure."""
