// Constraints and indexes of the Neo4j graph.
// A statement with {label} stands once for every entity type of the ontology: an index of :Entity does not serve (:Artist {name: $name}).
// Vectors have an index of their own, made with the first vector, for it must know their length.

CREATE CONSTRAINT kg_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;

CREATE CONSTRAINT kg_record_id IF NOT EXISTS FOR (n:Record) REQUIRE n.id IS UNIQUE;

CREATE CONSTRAINT kg_document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE;

CREATE INDEX kg_entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name);

CREATE INDEX kg_entity_type IF NOT EXISTS FOR (n:Entity) ON (n.type);

CREATE INDEX kg_entity_status IF NOT EXISTS FOR (n:Entity) ON (n.status);

CREATE INDEX kg_name_of_{label} IF NOT EXISTS FOR (n:`{label}`) ON (n.name);

CREATE INDEX kg_record_name IF NOT EXISTS FOR (n:Record) ON (n.name);

CREATE INDEX kg_document_published IF NOT EXISTS FOR (n:Document) ON (n.published);

CREATE INDEX kg_mentions_probability IF NOT EXISTS FOR ()-[m:MENTIONS]-() ON (m.probability);

CREATE TEXT INDEX kg_entity_name_text IF NOT EXISTS FOR (n:Entity) ON (n.name);

CREATE FULLTEXT INDEX kg_entity_names IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.aliases]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};

CREATE FULLTEXT INDEX kg_document_titles IF NOT EXISTS FOR (n:Document) ON EACH [n.title]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
