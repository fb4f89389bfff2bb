"""Work tracking that lives in your own git repository, as events."""

__version__ = "0.1.0"
