/** What answers of /api/v1 hold; the server's document at /api/v1/openapi.json describes every key. */

export type Quad = 1 | 2 | 3 | 4;
export type Status = "actual" | "future" | "hypothetical" | "negated";

export interface Span {
  start: number;
  end: number;
  text: string;
}
export interface Participant extends Span {
  entity_id: string | null;
  name: string | null;
  country: string | null;
  sectors: string[] | null;
  basis: string | null;
  confidence: number | null;
}
export interface Where extends Span {
  name: string | null;
  country: string | null;
  admin1: string | null;
  lat: number | null;
  lon: number | null;
  resolution: number | null;
  geonames_id: number | null;
  confidence: number | null;
}
export interface When {
  text: string | null;
  start: number | null;
  end: number | null;
  from: string;
  to: string;
  precision: string;
  basis: string | null;
}
export interface Count extends Span {
  low: number | null;
  high: number | null;
}
export interface Event {
  event_id: string;
  article_id: string;
  source_id: string | null;
  section: string;
  event_type: string;
  mode: string | null;
  contexts: string[] | null;
  quad_class: Quad;
  intensity: number;
  cameo: string;
  status: Status;
  historical: boolean;
  trigger: Span;
  quote: Span;
  actors: Participant[] | null;
  recipients: Participant[] | null;
  place: Where | null;
  date: When | null;
  said_by: Participant | null;
  counts: Record<string, Count> | null;
  confidence: Record<string, number | null>;
  reasons: Record<string, string> | null;
  coder_version: string;
  model_digest: string;
  ontology: string;
}
export interface Report {
  event_id: string;
  article_id: string;
  source_id: string | null;
  outlet: string | null;
  title: string | null;
  quote: string;
  section: string;
  intensity: number;
}
export interface Follows {
  incident_id: string;
  score: number;
  reasons: string[] | null;
}
export interface Why {
  event_id: string;
  with_event: string;
  score: number;
  reasons: string[];
}
/** Who said how many, and when. */
export interface Claim {
  event_id: string;
  article_id: string;
  outlet: string | null;
  published_on: string | null;
  said_by: string | null;
  low: number | null;
  high: number | null;
  text: string;
}
export interface Claims {
  low: number | null;
  high: number | null;
  latest: Claim;
  history: Claim[];
}
export interface Denial {
  incident_id: string;
  event_id: string;
  article_id: string;
  by: string[];
  countries: string[];
  quote: string;
}
export interface Incident {
  incident_id: string;
  event_type: string;
  mode: string | null;
  quad_class: Quad;
  status: Status;
  historical: boolean;
  actors: Participant[] | null;
  recipients: Participant[] | null;
  place: Where | null;
  date: When | null;
  events: string[];
  reports: Report[];
  independent_sources: number;
  why: Why[] | null;
  counts: Record<string, Claims> | null;
  denials: Denial[] | null;
  first_seen: string | null;
  last_seen: string | null;
  newsrooms: string[] | null;
  follows: Follows[];
}
export interface Sentence {
  event_id: string;
  article_id: string;
  intensity: number;
  quote: Span;
  trigger: Span;
  outlet: string | null;
  title: string | null;
  url: string | null;
  published_on: string | null;
  /** Who wrote it, when its text is somebody else's. */
  newsroom: string | null;
}
export interface WholeIncident extends Incident {
  evidence: Sentence[];
  /** Its events as single articles tell them. */
  told: Event[];
  followed_by: Follows[];
}
export interface Article {
  article_id: string;
  source_id: string | null;
  url: string | null;
  outlet: string | null;
  title: string | null;
  text: string;
  source: string;
  sections: { start: number; end: number; kind: string; [key: string]: unknown }[] | null;
  language: string | null;
  published_on: string | null;
  published_evidence: Record<string, unknown> | null;
  fetched_at: string | null;
  notes: string[] | null;
  coder_version: string;
  model_digest: string;
}
export interface Hit {
  event_id: string;
  article_id: string;
  event_type: string;
  status: Status;
  date: When | null;
  quote: Span;
  outlet: string | null;
  title: string | null;
  url: string | null;
  published_on: string | null;
  score: number;
  also: string[];
  marks: [number, number][];
}
export interface Actor {
  name: string;
  country: string | null;
  entity_id: string | null;
  sectors: string[] | null;
  events: number;
  as_actor: number;
  as_recipient: number;
}
export interface Page<T> {
  as_of: string | null;
  items: T[];
  next: string | null;
}
export interface Facets {
  total: number;
  event_types: Record<string, number>;
  quad_classes: Record<string, number>;
  statuses: Record<string, number>;
  countries: [string, number][];
  regions: [string, number][];
  outlets: [string, number][];
  periods: { step: "day" | "week" | "month" | "year"; counts: [string, number][] };
  undated: number;
}
export interface Session {
  user: { name: string; role: "reader" | "reviewer" | "admin" } | null;
  csrf: string | null;
  needs_token: boolean;
  has_users: boolean;
  may: { review: boolean; merge: boolean };
  expires_at: string | null;
}
export interface EventCode {
  quad_class: Quad;
  intensity: number;
  means: string;
  cameo: string;
  modes: Record<string, { intensity: number; cameo: string; means: string }>;
}
export interface Ontology {
  version: string;
  attribution: string;
  types: Record<string, EventCode>;
  contexts: Record<string, string>;
  sectors: Record<string, string>;
  countries: Record<string, string>;
  quad_classes: Record<string, string>;
}
