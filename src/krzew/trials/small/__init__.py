"""The small test as plain values: its questions, its phases, what n people can show, what was seen."""
