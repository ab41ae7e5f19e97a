"""Volumes, claims on them, and the classes, attachments and drivers behind them."""
