/** Questions to begin with; each is answered on both homes. */

export const EXAMPLES: { question: string; query: string }[] = [
  {
    question: 'Who is talked about most?',
    query: `MATCH (d:Document)-[m:MENTIONS]->(e:Entity {status: 'catalog'})
RETURN e.id AS id, e.name AS name, e.type AS type, count(d) AS documents, sum(m.count) AS mentions
ORDER BY mentions DESC, name LIMIT 25`,
  },
  {
    question: 'Albums and the acts that made them',
    query: `MATCH (a:Entity {type: 'album'})-[r:PERFORMED_BY]->(b:Entity)
RETURN a, r, b LIMIT 60`,
  },
  {
    question: 'Documents that speak of an album and of its act',
    query: `MATCH (d:Document)-[:MENTIONS]->(a:Entity {type: 'album'})-[:PERFORMED_BY]->(b:Entity)<-[:MENTIONS]-(d)
RETURN d.id AS document, a.id AS album_id, a.name AS album, b.id AS artist_id, b.name AS artist
ORDER BY document, album LIMIT 50`,
  },
  {
    question: 'What the catalog does not hold',
    query: `MATCH (d:Document)-[m:MENTIONS]->(e:Entity {status: 'provisional'})
RETURN e.id AS id, e.name AS name, e.type AS type, count(d) AS documents, sum(m.count) AS mentions
ORDER BY documents DESC, mentions DESC, name LIMIT 25`,
  },
  {
    question: 'Who is mentioned together',
    query: `MATCH (a:Entity)-[c:CO_MENTIONED]->(b:Entity)
RETURN a, c, b ORDER BY c.documents DESC, c.npmi DESC LIMIT 60`,
  },
  {
    question: 'Entities that several records are one',
    query: `MATCH (r:Record)-[t:RESOLVED_TO]->(e:Entity)
WITH e, count(r) AS records WHERE records > 1
RETURN e.id AS id, e.name AS name, e.type AS type, records ORDER BY records DESC, name LIMIT 50`,
  },
];
