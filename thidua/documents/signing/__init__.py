"""Digital signatures on papers. Needs no Django: `thidua sign` runs on the signer's own machine."""

import logging

# What pyHanko has to say of a bad file, the person reads as a sentence of ours.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
