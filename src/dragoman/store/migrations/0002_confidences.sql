-- Confidence of mode and status beside those of the other parts. DuckDB alters a table only without its indexes.

DROP INDEX events_by_id;
DROP INDEX events_by_article;
ALTER TABLE events ADD COLUMN confidence.mode DOUBLE;
ALTER TABLE events ADD COLUMN confidence.status DOUBLE;
CREATE INDEX events_by_id ON events (event_id);
CREATE INDEX events_by_article ON events (article_id);
