"""From a package and a test to a card of the library, and the paper of the body that decided."""
