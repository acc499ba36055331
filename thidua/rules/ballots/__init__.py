"""Secret ballots: `belenios` is the published protocol, `results` what the counts decide."""
