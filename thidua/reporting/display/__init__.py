"""What the pages of reporting show: lines, words and charts made of what was read."""
