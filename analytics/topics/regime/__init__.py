"""What Bitcoin is, and which stage it is."""
