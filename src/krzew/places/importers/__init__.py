"""Reading of official and local data: read, validate everything, then write in one transaction."""
