"""The only code that changes the state of this room: one module per thing, one act per function."""
