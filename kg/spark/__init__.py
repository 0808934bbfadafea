"""The same work on a Spark cluster: what is done here is sharing it out, never deciding otherwise."""
