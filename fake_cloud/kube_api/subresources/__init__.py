"""Subresources that take or give another kind than the resource they hang below."""
