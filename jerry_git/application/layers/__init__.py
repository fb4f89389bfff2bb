"""Which module imports which, and which of them may (LES-002)."""
