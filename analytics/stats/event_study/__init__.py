"""What happens after events: the test, and the mean path with its band."""
