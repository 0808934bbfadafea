"""The graph stores: embedded (LadybugDB, a file) and neo4j (a server), one protocol, the same answers."""
