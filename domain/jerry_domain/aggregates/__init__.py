"""The aggregates: what takes commands and raises events."""
