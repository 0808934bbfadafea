"""What those who run kg can see of it: log lines, metrics and traces of runs, stages and store calls."""
