-- Mention store of the embedded home. Text compares as bytes of UTF-8, which is code point order.
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY, kind TEXT NOT NULL, path TEXT NOT NULL, source TEXT NOT NULL,
    content_hash TEXT NOT NULL, rows INTEGER NOT NULL, bad_rows INTEGER NOT NULL, complete INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (
    source TEXT NOT NULL, record_id TEXT NOT NULL, file_id TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (source, record_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_of_file ON records (file_id);
CREATE TABLE IF NOT EXISTS relations (
    subject TEXT NOT NULL, relation TEXT NOT NULL, object TEXT NOT NULL, source TEXT NOT NULL, file_id TEXT NOT NULL,
    PRIMARY KEY (subject, relation, object, source)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS relations_of_file ON relations (file_id);
CREATE TABLE IF NOT EXISTS resolutions (
    record_key TEXT PRIMARY KEY, entity_id TEXT NOT NULL, probability REAL NOT NULL, decided_by TEXT NOT NULL,
    run_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS former_resolutions (
    sequence INTEGER NOT NULL, record_key TEXT NOT NULL, entity_id TEXT NOT NULL, probability REAL NOT NULL,
    decided_by TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY (sequence, record_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pairs (
    left_key TEXT NOT NULL, right_key TEXT NOT NULL, decision TEXT NOT NULL, probability REAL NOT NULL,
    features BLOB NOT NULL, evidence TEXT NOT NULL, run_id TEXT NOT NULL, sequence INTEGER NOT NULL,
    decided_by TEXT NOT NULL, PRIMARY KEY (left_key, right_key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS former_pairs (
    until INTEGER NOT NULL, left_key TEXT NOT NULL, right_key TEXT NOT NULL, decision TEXT NOT NULL,
    probability REAL NOT NULL, features BLOB NOT NULL, evidence TEXT NOT NULL, run_id TEXT NOT NULL,
    sequence INTEGER NOT NULL, decided_by TEXT NOT NULL, PRIMARY KEY (left_key, right_key, until)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS former_pairs_of_run ON former_pairs (until);
CREATE TABLE IF NOT EXISTS record_memory (
    record_key TEXT PRIMARY KEY, since INTEGER NOT NULL, compared TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, published TEXT NOT NULL, uri TEXT NOT NULL,
    language TEXT NOT NULL, file_id TEXT NOT NULL, content_hash TEXT NOT NULL, extraction_key TEXT NOT NULL DEFAULT '',
    decision_key TEXT NOT NULL DEFAULT '', body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS mentions (
    doc_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, mention_id TEXT NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (doc_id, start, "end", mention_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS mentions_by_id ON mentions (mention_id);
-- Decisions lie as they came, behind indexes: rows of a kilobyte inside an index spill into a page each.
CREATE TABLE IF NOT EXISTS decisions (
    doc_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, mention_id TEXT NOT NULL,
    decision TEXT NOT NULL, asserted TEXT, doubt REAL, body BLOB NOT NULL,
    UNIQUE (doc_id, start, "end", mention_id)
);
CREATE UNIQUE INDEX IF NOT EXISTS decisions_by_mention ON decisions (mention_id);
CREATE INDEX IF NOT EXISTS decisions_of_entity ON decisions (asserted, doc_id, start, mention_id) WHERE asserted IS NOT NULL;
CREATE INDEX IF NOT EXISTS review_queue ON decisions (doubt, mention_id) WHERE doubt IS NOT NULL;
CREATE TABLE IF NOT EXISTS decision_log (
    mention_id TEXT NOT NULL, sequence INTEGER NOT NULL, run_id TEXT NOT NULL, decision TEXT NOT NULL, body BLOB,
    UNIQUE (mention_id, sequence DESC)
);
CREATE TABLE IF NOT EXISTS runs (run_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
