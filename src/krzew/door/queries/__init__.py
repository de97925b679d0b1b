"""Every read of this room, one module per thing."""
