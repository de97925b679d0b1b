"""Pages: fetch, check, call one act, render."""
