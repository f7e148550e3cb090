"""What is next for me: the first page after signing in. Reads due rows and nothing else; owns no records."""
