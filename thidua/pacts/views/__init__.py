"""The pact's pages, by what a person does: read, draft, consult."""
