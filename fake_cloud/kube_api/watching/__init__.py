"""Watches: opening them, and the stream that each of them is."""
