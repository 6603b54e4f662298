"""Taps and reach, counted without knowing anyone."""
