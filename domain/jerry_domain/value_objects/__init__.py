"""Values that check themselves."""
