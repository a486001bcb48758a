"""Effects from a panel with few clusters, and how sure of them one can be. Arrays in, dataclasses out."""
