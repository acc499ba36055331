"""Pages and acts of scoring, one module per room."""
