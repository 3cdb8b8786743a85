"""What is sent on: the brief and the bundle, made of the topics' blocks."""
