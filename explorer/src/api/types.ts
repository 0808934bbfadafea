/** What the API answers; names are those of its OpenAPI description. */

export type Role = 'reader' | 'reviewer' | 'editor';
export type Way = 'exact' | 'fuzzy' | 'vector';
export type Decision = 'link' | 'review' | 'nil';
export type Direction = 'out' | 'in' | 'both';
export type Scalar = string | number | boolean | null;
export type Json = Scalar | Json[] | { [name: string]: Json };

export interface About {
  version: string;
  entity_types: { name: string; family: string }[];
  relation_types: { name: string; inverse: string }[];
  ways: Way[];
  role: Role | null;
}

export interface Hit {
  id: string;
  name: string;
  type: string;
  alias: string;
  score: number;
}

export interface DrawnEntity {
  id: string;
  name: string;
  type: string;
  status: string;
  popularity: number | null;
  description: string | null;
  mentions: number;
  documents: number;
}

export interface DrawnEdge {
  relation: string;
  from_id: string;
  to_id: string;
  properties: Record<string, Json>;
}

export interface Subgraph {
  entities: DrawnEntity[];
  edges: DrawnEdge[];
  complete: boolean;
}

export interface Neighbour {
  id: string;
  name: string;
  type: string;
  status: string;
  popularity: number | null;
  source: string | null;
  documents: number | null;
  npmi: number | null;
}

export interface Neighbours {
  relation: string;
  direction: Direction;
  count: number;
  neighbours: Neighbour[];
  next: string;
}

export interface Neighbourhood {
  id: string;
  groups: Neighbours[];
}

export interface EntityRecord {
  id: string;
  source: string;
  name: string;
  probability: number;
  run_id: string;
  decided_by: string;
}

export interface CoMention {
  id: string;
  name: string;
  documents: number;
  npmi: number;
}

export interface EntityDocument {
  id: string;
  title: string;
  count: number;
  probability: number;
  first_ms: number | null;
}

export interface EntityFacts {
  id: string;
  name: string;
  type: string;
  status: string;
  aliases: string[] | null;
  description: string | null;
  popularity: number | null;
  properties: Record<string, Json>;
}

export interface Entity {
  id: string;
  facts: EntityFacts;
  records: EntityRecord[];
  documents: EntityDocument[];
  co_mentions: CoMention[];
}

export interface Mention {
  mention_id: string;
  doc_id: string;
  start: number;
  end: number;
  surface: string;
  type: string;
  decision: Decision | null;
  entity_id: string | null;
  best_entity_id: string | null;
  probability: number | null;
  provisional_id: string | null;
  time: string;
  start_ms: number | null;
  speaker: string | null;
  quote: string;
}

export interface MentionPage {
  mentions: Mention[];
  next: string;
}

export interface Timeline {
  entity_id: string;
  step: 'day' | 'month' | 'year';
  periods: { period: string; documents: number; mentions: number }[];
  undated: number;
}

export interface Candidate {
  entity_id: string;
  name: string;
  alias: string;
  channels: string[];
  score: number;
  probability: number;
}

export interface Why {
  mention: {
    mention_id: string;
    doc_id: string;
    start: number;
    end: number;
    surface: string;
    type: string;
    extractor: string;
    sentence: string;
    sentence_start: number;
    title: string;
    speaker: string | null;
    start_ms: number | null;
  };
  decision: {
    decision: Decision;
    entity_id: string | null;
    best_entity_id: string | null;
    probability: number;
    provisional_id: string | null;
    reason: string;
    run_id: string;
    decided_by: string;
  } | null;
  candidates: (Candidate & { features: Record<string, number> })[];
  runner_up: { entity_id: string; name: string; score_behind: number; differences: Record<string, number> } | null;
  history: {
    sequence: number;
    run_id: string;
    decision: string;
    entity_id: string | null;
    probability: number | null;
    decided_by: string | null;
  }[];
}

export interface WhyNot {
  name: string;
  verdict: string;
  contributions: { feature: string; value: number; winner: number; weight: number; contribution: number }[];
  channels: Record<string, Json>[];
}

export interface ToReview {
  mention_id: string;
  doc_id: string;
  start: number;
  end: number;
  surface: string;
  type: string;
  probability: number;
  title: string;
  sentence: string;
  sentence_start: number;
  start_ms: number | null;
  reason: string;
  candidates: Candidate[];
}

export interface Cue {
  start: number;
  end: number;
  start_ms: number;
  end_ms: number;
  speaker: string | null;
}

export interface DocumentRow {
  id: string;
  title: string;
  kind: string;
  published: string;
  uri: string;
  language: string;
}

export interface WholeDocument extends DocumentRow {
  text: string;
  cues: Cue[];
}

export interface Table {
  columns: string[];
  rows: Json[][];
  truncated: boolean;
}

export interface Run {
  run_id: string;
  kind: string;
  sequence: number;
  status: string;
  started_at: string;
  finished_at: string;
  index_version: string;
  model_version: string;
  counts: Record<string, number>;
  seconds: Record<string, number>;
}

export interface Stats {
  stored: Record<string, number>;
  nodes: Record<string, number>;
  entity_types: Record<string, number>;
  index: { version: string; entities: number } | null;
  waiting?: Record<string, number | boolean>;
}

export interface Standing {
  mentions: number;
  decisions: Record<Decision, number>;
  probability: number | null;
  bins: number[];
}

export interface Drift {
  run_id: string;
  kind: string;
  complete: boolean;
  now: Standing;
  before: Standing;
  changed: number;
  flows: { before: string; now: string; mentions: number }[];
  stability: number | null;
}

export interface CalibrationBin {
  low: number;
  high: number;
  mentions: number;
  probability: number | null;
  right: number | null;
}

export interface Evaluation {
  golden_set: string;
  measures: Record<string, number | null>;
  report: { calibration: { mentions: number; ece: number | null; brier: number | null; bins: CalibrationBin[] } };
}
