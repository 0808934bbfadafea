"""`kg stream`: documents come from a topic, decisions go to another, each exactly once."""
