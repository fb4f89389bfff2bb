"""Published event schemas: their registry in git, what may join it, whether the code agrees with it (LES-001)."""
