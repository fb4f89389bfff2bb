"""Work tracking that lives in your own git repository, as events."""
