"""What the rows about calls share: invented texts, a filled installation, a server to be timed."""
