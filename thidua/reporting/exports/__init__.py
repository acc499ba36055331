"""Reports and totals as workbooks to take away."""
