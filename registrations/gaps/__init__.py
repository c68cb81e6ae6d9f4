"""Chain-liability gaps: where the chain of a declaration is broken, and what is done about it."""
