"""What the papers of reporting say, gathered for `thidua.documents` to draw."""
