"""The stores: the graph, and the mentions with their decisions."""
