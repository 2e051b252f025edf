"""crossframe: how the same event is framed by different sources, across languages."""

__version__ = "0.1.0"
