"""What touches the world: readers of files and stores; they decide nothing."""
