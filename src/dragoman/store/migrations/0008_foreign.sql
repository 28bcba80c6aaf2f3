-- Events that other projects coded, to be laid beside our own; they never become part of incidents.

CREATE TABLE foreign_events (
    dataset VARCHAR NOT NULL,
    foreign_id VARCHAR NOT NULL,
    content_digest VARCHAR NOT NULL,
    event_date DATE NOT NULL,
    actors VARCHAR[] NOT NULL,
    actor_countries VARCHAR[] NOT NULL,
    actor_sectors VARCHAR[] NOT NULL,
    recipients VARCHAR[] NOT NULL,
    recipient_countries VARCHAR[] NOT NULL,
    recipient_sectors VARCHAR[] NOT NULL,
    event_type VARCHAR NOT NULL,
    mode VARCHAR,
    contexts VARCHAR[] NOT NULL,
    cameo VARCHAR,
    quad_class INTEGER NOT NULL,
    intensity DOUBLE NOT NULL,
    given_intensity DOUBLE,
    place VARCHAR,
    country VARCHAR,
    lat DOUBLE,
    lon DOUBLE,
    url VARCHAR,
    publisher VARCHAR,
    file VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE foreign_events IS 'Events that other projects coded, mapped to PLOVER; no part of incidents.';
COMMENT ON COLUMN foreign_events.dataset IS 'gdelt, icews, polecat or phoenix.';
COMMENT ON COLUMN foreign_events.foreign_id IS 'The id of the event there; some have several rows.';
COMMENT ON COLUMN foreign_events.content_digest IS 'Hash of what the row says, without file, line and time.';
COMMENT ON COLUMN foreign_events.event_date IS 'When it happened; where the dataset has no such date, the day of the report.';
COMMENT ON COLUMN foreign_events.actors IS 'Who acts, in the words of the dataset.';
COMMENT ON COLUMN foreign_events.actor_countries IS 'Their countries, ISO 3166-1 alpha-3 or a special code of PLOVER, without repeats.';
COMMENT ON COLUMN foreign_events.actor_sectors IS 'Their sectors, mapped to PLOVER, without repeats.';
COMMENT ON COLUMN foreign_events.recipients IS 'To whom it is done, in the words of the dataset; empty where the dataset names none.';
COMMENT ON COLUMN foreign_events.recipient_countries IS 'Their countries.';
COMMENT ON COLUMN foreign_events.recipient_sectors IS 'Their sectors.';
COMMENT ON COLUMN foreign_events.event_type IS 'The event type of PLOVER that its code is mapped to.';
COMMENT ON COLUMN foreign_events.mode IS 'The mode, where the mapping gives one.';
COMMENT ON COLUMN foreign_events.contexts IS 'The contexts that come with the code, or that the dataset gives.';
COMMENT ON COLUMN foreign_events.cameo IS 'The CAMEO code as given, leading zeros restored; null where the dataset has none.';
COMMENT ON COLUMN foreign_events.quad_class IS 'Quad class of the type in PLOVER, 1 to 4.';
COMMENT ON COLUMN foreign_events.intensity IS 'Score of type and mode in PLOVER, -10 to 10, as our own events have it.';
COMMENT ON COLUMN foreign_events.given_intensity IS 'The score that the dataset gives, on its own scale: Goldstein''s, or PLOVER''s for polecat.';
COMMENT ON COLUMN foreign_events.place IS 'Name of the place.';
COMMENT ON COLUMN foreign_events.country IS 'Country of the place, ISO 3166-1 alpha-3.';
COMMENT ON COLUMN foreign_events.lat IS 'Latitude, degrees.';
COMMENT ON COLUMN foreign_events.lon IS 'Longitude, degrees.';
COMMENT ON COLUMN foreign_events.url IS 'Address of the report.';
COMMENT ON COLUMN foreign_events.publisher IS 'Who published the report.';
COMMENT ON COLUMN foreign_events.file IS 'The file that it was imported from; of a zip also its member.';
COMMENT ON COLUMN foreign_events.line IS 'The line of that file.';
COMMENT ON COLUMN foreign_events.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN foreign_events.superseded_at IS 'When a later import of the same id took its place, UTC; null while it holds.';
