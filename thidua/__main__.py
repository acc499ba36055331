"""`python -m thidua` is the same as `thidua`."""

from thidua.cli import main

main()
