"""What templates show: plain values made from rows, one module per thing."""
