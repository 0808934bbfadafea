"""The nouns of kg: what exists, what a batch looks like, what a store promises, what can go wrong."""
