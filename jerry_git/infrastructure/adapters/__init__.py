"""git, clocks, ids, files of other tools."""
