"""The graph as RDF: one set of statements (resources.py), written as Turtle or as JSON-LD."""
