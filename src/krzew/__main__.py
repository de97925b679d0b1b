"""`python -m krzew` is the same as `krzew`."""

from krzew.cli.main import run

run()
