-- Incidents across articles: what merging compares, counts with who said them, denials, links, people's words, copies of text.
-- DuckDB alters a table only without its indexes.

CREATE TABLE vectors (
    event_id VARCHAR NOT NULL,
    vector BLOB NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE vectors IS 'The meaning of each event''s sentence, from the encoder.';
COMMENT ON COLUMN vectors.event_id IS 'The event.';
COMMENT ON COLUMN vectors.vector IS '384 signed bytes: a vector of unit length times 127.';
COMMENT ON COLUMN vectors.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN vectors.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE event_keys (
    span INTEGER,
    "key" BIGINT NOT NULL,
    event_id VARCHAR NOT NULL
);
COMMENT ON TABLE event_keys IS 'An index for merging, made from events: two events are compared when they share a key.';
COMMENT ON COLUMN event_keys.span IS 'First day of the stretch of days that the key is of, counted from 0001-01-01; null for history and undated events.';
COMMENT ON COLUMN event_keys."key" IS 'Hash of stretch, people, place and kind of act.';
COMMENT ON COLUMN event_keys.event_id IS 'The event.';

CREATE TABLE components (
    event_id VARCHAR NOT NULL,
    component VARCHAR NOT NULL
);
COMMENT ON TABLE components IS 'An index for merging, made from events: which current events hang together by sure pairs.';
COMMENT ON COLUMN components.event_id IS 'A current event.';
COMMENT ON COLUMN components.component IS 'The smallest event id of those that hang together.';

ALTER TABLE incidents ADD COLUMN counts JSON;
ALTER TABLE incidents ADD COLUMN denials JSON;
ALTER TABLE incidents ADD COLUMN first_seen DATE;
ALTER TABLE incidents ADD COLUMN last_seen DATE;
ALTER TABLE incidents ADD COLUMN newsrooms VARCHAR[];
COMMENT ON COLUMN incidents.counts IS 'Per kind (dead, injured, arrested, displaced, crowd) the range, the latest, and who said what when.';
COMMENT ON COLUMN incidents.denials IS 'Who denied it, with event and quote.';
COMMENT ON COLUMN incidents.first_seen IS 'First day of publication of its reports.';
COMMENT ON COLUMN incidents.last_seen IS 'Last day of publication of its reports.';
COMMENT ON COLUMN incidents.newsrooms IS 'Who reports it, copies and wire text counted as their source.';
COMMENT ON COLUMN incidents.events IS 'Ids of its events, as they appeared.';
COMMENT ON COLUMN incidents.why IS 'Per event after the first: the one it was joined to, a score and reasons.';

CREATE TABLE links (
    incident_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    other_incident_id VARCHAR NOT NULL,
    score DOUBLE NOT NULL,
    reasons VARCHAR[],
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE links IS 'Incidents that follow from others, or deny them.';
COMMENT ON COLUMN links.incident_id IS 'The incident that follows or denies.';
COMMENT ON COLUMN links.kind IS 'follows or denies.';
COMMENT ON COLUMN links.other_incident_id IS 'What it follows from, or denies.';
COMMENT ON COLUMN links.score IS 'How much speaks for it, 0 to 1.';
COMMENT ON COLUMN links.reasons IS 'In words.';
COMMENT ON COLUMN links.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN links.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE verdicts (
    verdict_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    event_a VARCHAR NOT NULL,
    event_b VARCHAR NOT NULL,
    reviewer VARCHAR,
    recorded_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP
);
COMMENT ON TABLE verdicts IS 'What people said of merges; it holds in every later grouping.';
COMMENT ON COLUMN verdicts.verdict_id IS 'Id of the verdict.';
COMMENT ON COLUMN verdicts.kind IS 'one or apart.';
COMMENT ON COLUMN verdicts.event_a IS 'An event, the smaller id of the two.';
COMMENT ON COLUMN verdicts.event_b IS 'The other event.';
COMMENT ON COLUMN verdicts.reviewer IS 'Who said so.';
COMMENT ON COLUMN verdicts.recorded_at IS 'When, UTC.';
COMMENT ON COLUMN verdicts.withdrawn_at IS 'When somebody said the opposite, UTC; null while it holds.';

DROP INDEX articles_by_id;
ALTER TABLE articles ADD COLUMN copy_of VARCHAR;
ALTER TABLE articles ADD COLUMN credit VARCHAR;
ALTER TABLE articles ADD COLUMN newsroom VARCHAR;
CREATE INDEX articles_by_id ON articles (article_id);
COMMENT ON COLUMN articles.copy_of IS 'The article whose text it copies; null for none.';
COMMENT ON COLUMN articles.credit IS 'The agency that it credits; null for none.';
COMMENT ON COLUMN articles.newsroom IS 'Who wrote it: its outlet, or the agency or outlet whose text it is.';

CREATE TABLE bands (
    "hash" BIGINT NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE bands IS 'An index for finding copies of text: articles that share a hash may be copies.';
COMMENT ON COLUMN bands."hash" IS 'Hash of a band of the MinHash of the text''s five-word shingles.';
COMMENT ON COLUMN bands.article_id IS 'The article.';

ALTER TABLE runs ADD COLUMN merge_digest VARCHAR;
COMMENT ON COLUMN runs.merge_digest IS 'Digest of the weights that merging used.';
