"""What pages show, as plain values: no request, no markup."""
