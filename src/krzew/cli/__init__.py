"""The `krzew` command: the same acts and queries as the pages, for the terminal and for scripts."""
