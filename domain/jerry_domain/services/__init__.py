"""Rules over several events or several items."""
