"""Everything that changes a diagnosis, a report or an enquiry. One act, one function, one event."""
