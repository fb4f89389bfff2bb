"""The pre-commit hooks: one module for each, a pure check and a thin main."""
