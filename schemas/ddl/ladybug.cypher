// Tables of the embedded graph (LadybugDB).
// A statement with {relation} stands once for every relation type of the ontology.

CREATE NODE TABLE IF NOT EXISTS Entity (
    id STRING PRIMARY KEY,
    name STRING,
    type STRING,
    aliases STRING[],
    description STRING,
    popularity DOUBLE,
    status STRING,
    properties STRING
);

CREATE NODE TABLE IF NOT EXISTS Record (
    id STRING PRIMARY KEY,
    source STRING,
    name STRING,
    type STRING,
    aliases STRING[],
    description STRING,
    popularity DOUBLE,
    properties STRING
);

CREATE NODE TABLE IF NOT EXISTS Document (
    id STRING PRIMARY KEY,
    title STRING,
    kind STRING,
    published STRING,
    uri STRING,
    language STRING
);

CREATE REL TABLE IF NOT EXISTS MENTIONS (
    FROM Document TO Entity,
    count INT64,
    probability DOUBLE,
    first_start INT64,
    first_ms INT64
);

CREATE REL TABLE IF NOT EXISTS RESOLVED_TO (
    FROM Record TO Entity,
    probability DOUBLE,
    run_id STRING,
    decided_by STRING
);

CREATE REL TABLE IF NOT EXISTS CO_MENTIONED (
    FROM Entity TO Entity,
    documents INT64,
    npmi DOUBLE
);

CREATE REL TABLE IF NOT EXISTS `{relation}` (
    FROM Entity TO Entity,
    source STRING
);
