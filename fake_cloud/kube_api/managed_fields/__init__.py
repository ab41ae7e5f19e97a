"""Who owns which field: tracking every write, and server-side apply."""
