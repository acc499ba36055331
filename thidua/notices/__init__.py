"""What people are told, by which channel, and the work done in the background."""
