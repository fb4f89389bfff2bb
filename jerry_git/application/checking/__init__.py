"""The one rule engine: `jerry check`, `jerry audit`, the doctor and every hook ask it (DESIGN 7)."""
