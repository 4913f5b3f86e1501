"""The IRC dialect: the client protocol as modern.ircdocs.horse describes it."""
