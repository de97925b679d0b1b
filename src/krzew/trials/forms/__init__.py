"""What people type, one module per thing."""
