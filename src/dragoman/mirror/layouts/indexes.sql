-- Made when the rows of the first export are there: much faster than keeping them in step row by row. The unique ones
-- also hold that of each id one row holds at a time.

CREATE UNIQUE INDEX IF NOT EXISTS articles_now ON articles (article_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS articles_by_day ON articles (published_on) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS events_now ON events (event_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS events_by_article ON events (article_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS events_by_day ON events (date_from) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS events_by_type ON events (event_type, date_from) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS events_by_place ON events (place_country, date_from) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS events_by_side ON events USING gin (codes) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS incidents_now ON incidents (incident_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS incidents_by_day ON incidents (date_from) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS incidents_by_type ON incidents (event_type, date_from) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS incidents_by_place ON incidents (place_country, date_from) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS incidents_by_side ON incidents USING gin (codes) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS incident_events_now ON incident_events (event_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS incident_events_by_incident ON incident_events (incident_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS links_now ON links (incident_id) WHERE superseded_at IS NULL;
CREATE INDEX IF NOT EXISTS links_to ON links (other_incident_id) WHERE superseded_at IS NULL;
