// Constraints and indexes of the Neo4j graph.

CREATE CONSTRAINT kg_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;

CREATE CONSTRAINT kg_record_id IF NOT EXISTS FOR (n:Record) REQUIRE n.id IS UNIQUE;

CREATE CONSTRAINT kg_document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE;

CREATE INDEX kg_entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name);

CREATE INDEX kg_entity_type IF NOT EXISTS FOR (n:Entity) ON (n.type);

CREATE FULLTEXT INDEX kg_entity_names IF NOT EXISTS FOR (n:Entity) ON EACH [n.name, n.aliases];
