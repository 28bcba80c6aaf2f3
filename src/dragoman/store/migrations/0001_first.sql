-- The first layout of a store. Names are those of records.py and of the JSON; every column has a comment.
-- Nothing is overwritten: a newer row supersedes an older one by closing its recorded_at … superseded_at interval.

CREATE TABLE store_info (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL);
COMMENT ON TABLE store_info IS 'What this file is: kind and version of its layout.';
COMMENT ON COLUMN store_info.key IS 'Name of the fact.';
COMMENT ON COLUMN store_info.value IS 'The fact.';

CREATE TABLE articles (
    article_id VARCHAR NOT NULL,
    source_id VARCHAR,
    url VARCHAR,
    outlet VARCHAR,
    title VARCHAR,
    text VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    sections STRUCT(kind VARCHAR, "start" INTEGER, "end" INTEGER, copies STRUCT("start" INTEGER, "end" INTEGER, text VARCHAR)[])[],
    language VARCHAR,
    published_on DATE,
    published_evidence STRUCT(basis VARCHAR, detail VARCHAR, earliest DATE, latest DATE, words STRUCT("start" INTEGER, "end" INTEGER, text VARCHAR)[]),
    fetched_at TIMESTAMP,
    notes VARCHAR[],
    coder_version VARCHAR NOT NULL,
    model_digest VARCHAR NOT NULL,
    content_digest VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE articles IS 'Cleaned articles, one row per version of what was coded from them.';
COMMENT ON COLUMN articles.article_id IS 'Hash of the cleaned text and the URL.';
COMMENT ON COLUMN articles.source_id IS 'The input row''s own id, echoed.';
COMMENT ON COLUMN articles.url IS 'Address of the page.';
COMMENT ON COLUMN articles.outlet IS 'Who published it.';
COMMENT ON COLUMN articles.title IS 'Headline.';
COMMENT ON COLUMN articles.text IS 'The cleaned text; every span counts its characters.';
COMMENT ON COLUMN articles.source IS 'Where it came from: path, path:line, URL or stdin.';
COMMENT ON COLUMN articles.sections IS 'Stretches of the text with their role on the page, and their copies.';
COMMENT ON COLUMN articles.language IS 'ISO 639-1 code.';
COMMENT ON COLUMN articles.published_on IS 'Day of publication.';
COMMENT ON COLUMN articles.published_evidence IS 'Which field or words say so, and the bounds.';
COMMENT ON COLUMN articles.fetched_at IS 'When it was fetched, UTC.';
COMMENT ON COLUMN articles.notes IS 'What cleaning noticed.';
COMMENT ON COLUMN articles.coder_version IS 'Version of Dragoman that coded it.';
COMMENT ON COLUMN articles.model_digest IS 'Digest of the encoder that read it.';
COMMENT ON COLUMN articles.content_digest IS 'Hash of all that was coded from it; equal means nothing to do.';
COMMENT ON COLUMN articles.run_id IS 'The run that recorded this row.';
COMMENT ON COLUMN articles.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN articles.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE events (
    event_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    source_id VARCHAR,
    section VARCHAR NOT NULL,
    event_type VARCHAR NOT NULL,
    mode VARCHAR,
    contexts VARCHAR[],
    quad_class INTEGER NOT NULL,
    intensity DOUBLE NOT NULL,
    cameo VARCHAR NOT NULL,
    status VARCHAR NOT NULL,
    historical BOOLEAN NOT NULL,
    "trigger" STRUCT("start" INTEGER, "end" INTEGER, text VARCHAR) NOT NULL,
    quote STRUCT("start" INTEGER, "end" INTEGER, text VARCHAR) NOT NULL,
    actors STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, entity_id VARCHAR, name VARCHAR, country VARCHAR, sectors VARCHAR[], basis VARCHAR, confidence DOUBLE)[],
    recipients STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, entity_id VARCHAR, name VARCHAR, country VARCHAR, sectors VARCHAR[], basis VARCHAR, confidence DOUBLE)[],
    place STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, name VARCHAR, country VARCHAR, admin1 VARCHAR, lat DOUBLE, lon DOUBLE, resolution INTEGER, geonames_id BIGINT, confidence DOUBLE),
    "date" STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, "from" DATE, "to" DATE, "precision" VARCHAR, basis VARCHAR),
    said_by STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, entity_id VARCHAR, name VARCHAR, country VARCHAR, sectors VARCHAR[], basis VARCHAR, confidence DOUBLE),
    counts MAP(VARCHAR, STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, low BIGINT, high BIGINT)),
    confidence STRUCT("type" DOUBLE, actors DOUBLE, recipients DOUBLE, place DOUBLE, "date" DOUBLE),
    reasons MAP(VARCHAR, VARCHAR),
    coder_version VARCHAR NOT NULL,
    model_digest VARCHAR NOT NULL,
    ontology VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE events IS 'Coded events, one row per version.';
COMMENT ON COLUMN events.event_id IS 'Stable hash of article, trigger span and type.';
COMMENT ON COLUMN events.article_id IS 'The article that reports it.';
COMMENT ON COLUMN events.source_id IS 'The input row''s own id, echoed.';
COMMENT ON COLUMN events.section IS 'Where it stands: title, standfirst, caption, subheading, body or teaser.';
COMMENT ON COLUMN events.event_type IS 'One of the 16 PLOVER types.';
COMMENT ON COLUMN events.mode IS 'How it was done, if its type has modes.';
COMMENT ON COLUMN events.contexts IS 'What the article is about; several are possible.';
COMMENT ON COLUMN events.quad_class IS '1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.';
COMMENT ON COLUMN events.intensity IS 'Conflict to cooperation, -10 to +10.';
COMMENT ON COLUMN events.cameo IS 'The nearest CAMEO code.';
COMMENT ON COLUMN events.status IS 'actual, future, hypothetical or negated.';
COMMENT ON COLUMN events.historical IS 'Whether it lies more than 30 days before publication or is told as background.';
COMMENT ON COLUMN events."trigger" IS 'The words that express it.';
COMMENT ON COLUMN events.quote IS 'The whole sentence, character for character.';
COMMENT ON COLUMN events.actors IS 'Who did it.';
COMMENT ON COLUMN events.recipients IS 'To whom.';
COMMENT ON COLUMN events.place IS 'Where.';
COMMENT ON COLUMN events."date" IS 'When, as an interval of days.';
COMMENT ON COLUMN events.said_by IS 'Who reports it, when the sentence says so.';
COMMENT ON COLUMN events.counts IS 'dead, injured, arrested, crowd: words and range.';
COMMENT ON COLUMN events.confidence IS 'Probability that each part is right, 0 to 1.';
COMMENT ON COLUMN events.reasons IS 'Why a field is empty.';
COMMENT ON COLUMN events.coder_version IS 'Version of Dragoman.';
COMMENT ON COLUMN events.model_digest IS 'Digest of the encoder.';
COMMENT ON COLUMN events.ontology IS 'Version of the codes.';
COMMENT ON COLUMN events.run_id IS 'The run that recorded this row.';
COMMENT ON COLUMN events.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN events.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE participants (
    event_id VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    place_in_list INTEGER NOT NULL,
    text VARCHAR NOT NULL,
    entity_id VARCHAR,
    name VARCHAR,
    country VARCHAR,
    sectors VARCHAR[],
    confidence DOUBLE,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE participants IS 'Actors and recipients of events, one row each, for look-ups.';
COMMENT ON COLUMN participants.event_id IS 'The event.';
COMMENT ON COLUMN participants.role IS 'actor or recipient.';
COMMENT ON COLUMN participants.place_in_list IS 'Position in the event''s list, from 0.';
COMMENT ON COLUMN participants.text IS 'The words.';
COMMENT ON COLUMN participants.entity_id IS 'Who it is in the registry.';
COMMENT ON COLUMN participants.name IS 'Canonical name.';
COMMENT ON COLUMN participants.country IS 'ISO 3166-1 alpha-3 or a special code.';
COMMENT ON COLUMN participants.sectors IS 'PLOVER sectors, the first one counts.';
COMMENT ON COLUMN participants.confidence IS 'Probability that it is right, 0 to 1.';
COMMENT ON COLUMN participants.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN participants.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE incidents (
    incident_id VARCHAR NOT NULL,
    event_type VARCHAR NOT NULL,
    mode VARCHAR,
    quad_class INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    historical BOOLEAN NOT NULL,
    actors STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, entity_id VARCHAR, name VARCHAR, country VARCHAR, sectors VARCHAR[], basis VARCHAR, confidence DOUBLE)[],
    recipients STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, entity_id VARCHAR, name VARCHAR, country VARCHAR, sectors VARCHAR[], basis VARCHAR, confidence DOUBLE)[],
    place STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, name VARCHAR, country VARCHAR, admin1 VARCHAR, lat DOUBLE, lon DOUBLE, resolution INTEGER, geonames_id BIGINT, confidence DOUBLE),
    "date" STRUCT(text VARCHAR, "start" INTEGER, "end" INTEGER, "from" DATE, "to" DATE, "precision" VARCHAR, basis VARCHAR),
    events VARCHAR[],
    reports VARCHAR[],
    independent_sources INTEGER NOT NULL,
    why JSON,
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE incidents IS 'What happened, told by one or more events.';
COMMENT ON COLUMN incidents.incident_id IS 'Stable id.';
COMMENT ON COLUMN incidents.event_type IS 'One of the 16 PLOVER types.';
COMMENT ON COLUMN incidents.mode IS 'How it was done.';
COMMENT ON COLUMN incidents.quad_class IS '1 to 4, as for events.';
COMMENT ON COLUMN incidents.status IS 'actual, future, hypothetical or negated.';
COMMENT ON COLUMN incidents.historical IS 'As for events.';
COMMENT ON COLUMN incidents.actors IS 'Who did it, from its fullest event.';
COMMENT ON COLUMN incidents.recipients IS 'To whom.';
COMMENT ON COLUMN incidents.place IS 'Where.';
COMMENT ON COLUMN incidents."date" IS 'When; the narrowest that its events say.';
COMMENT ON COLUMN incidents.events IS 'Ids of its events, in text order.';
COMMENT ON COLUMN incidents.reports IS 'Ids of the articles that report it.';
COMMENT ON COLUMN incidents.independent_sources IS 'How many newsrooms report it.';
COMMENT ON COLUMN incidents.why IS 'A reason and score per merge.';
COMMENT ON COLUMN incidents.run_id IS 'The run that recorded this row.';
COMMENT ON COLUMN incidents.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN incidents.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE incident_events (
    incident_id VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE incident_events IS 'Which events tell of which incident.';
COMMENT ON COLUMN incident_events.incident_id IS 'The incident.';
COMMENT ON COLUMN incident_events.event_id IS 'The event.';
COMMENT ON COLUMN incident_events.article_id IS 'The article of the event.';
COMMENT ON COLUMN incident_events.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN incident_events.superseded_at IS 'When a newer row took its place, UTC; null while it holds.';

CREATE TABLE entities (
    entity_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    country VARCHAR,
    sectors VARCHAR[],
    first_seen TIMESTAMP NOT NULL
);
COMMENT ON TABLE entities IS 'Persons, groups and states that events name, as the registry knew them when first seen.';
COMMENT ON COLUMN entities.entity_id IS 'Id in the registry.';
COMMENT ON COLUMN entities.name IS 'Canonical name.';
COMMENT ON COLUMN entities.country IS 'ISO 3166-1 alpha-3 or a special code.';
COMMENT ON COLUMN entities.sectors IS 'PLOVER sectors.';
COMMENT ON COLUMN entities.first_seen IS 'When an event first named it, UTC.';

CREATE TABLE rejections (
    item_id VARCHAR NOT NULL,
    source_id VARCHAR,
    stage VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    superseded_at TIMESTAMP
);
COMMENT ON TABLE rejections IS 'What a stage gave up on, and why.';
COMMENT ON COLUMN rejections.item_id IS 'Path, path:line, article or event.';
COMMENT ON COLUMN rejections.source_id IS 'The input row''s own id, echoed.';
COMMENT ON COLUMN rejections.stage IS 'read, clean, parse, resolve or store.';
COMMENT ON COLUMN rejections.reason IS 'From the fixed list.';
COMMENT ON COLUMN rejections.detail IS 'In words.';
COMMENT ON COLUMN rejections.run_id IS 'The run that recorded this row.';
COMMENT ON COLUMN rejections.recorded_at IS 'When this row came to be, UTC.';
COMMENT ON COLUMN rejections.superseded_at IS 'When the item was read after all, UTC; null while it holds.';

CREATE TABLE coverage (
    outlet VARCHAR,
    published_on DATE,
    offered INTEGER NOT NULL,
    coded INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE coverage IS 'How many articles each run read per outlet and day of publication.';
COMMENT ON COLUMN coverage.outlet IS 'Who published; null when unknown.';
COMMENT ON COLUMN coverage.published_on IS 'Day of publication; null when unknown.';
COMMENT ON COLUMN coverage.offered IS 'Articles that came in.';
COMMENT ON COLUMN coverage.coded IS 'Articles that were coded, with or without events.';
COMMENT ON COLUMN coverage.rejected IS 'Items that were rejected.';
COMMENT ON COLUMN coverage.run_id IS 'The run.';
COMMENT ON COLUMN coverage.recorded_at IS 'When this row came to be, UTC.';

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    started_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    outcome VARCHAR,
    command VARCHAR NOT NULL,
    coder_version VARCHAR NOT NULL,
    model_digest VARCHAR NOT NULL,
    settings JSON
);
COMMENT ON TABLE runs IS 'Every run that wrote to this store.';
COMMENT ON COLUMN runs.run_id IS 'Id of the run.';
COMMENT ON COLUMN runs.started_at IS 'UTC.';
COMMENT ON COLUMN runs.ended_at IS 'UTC; null while it runs or when it was killed.';
COMMENT ON COLUMN runs.outcome IS 'done, stopped or failed; null while it runs or when it was killed.';
COMMENT ON COLUMN runs.command IS 'What was asked for.';
COMMENT ON COLUMN runs.coder_version IS 'Version of Dragoman.';
COMMENT ON COLUMN runs.model_digest IS 'Digest of the encoder.';
COMMENT ON COLUMN runs.settings IS 'Settings that differ from the defaults.';

CREATE TABLE reviews (
    review_id VARCHAR PRIMARY KEY,
    event_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    correction JSON,
    reviewer VARCHAR,
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE reviews IS 'What people said of events.';
COMMENT ON COLUMN reviews.review_id IS 'Id of the review.';
COMMENT ON COLUMN reviews.event_id IS 'The event.';
COMMENT ON COLUMN reviews.verdict IS 'accepted, corrected or rejected.';
COMMENT ON COLUMN reviews.correction IS 'Fields as they should be.';
COMMENT ON COLUMN reviews.reviewer IS 'Who said so.';
COMMENT ON COLUMN reviews.recorded_at IS 'When, UTC.';

CREATE TABLE alerts (
    alert_id VARCHAR PRIMARY KEY,
    rule VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    incidents VARCHAR[],
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE alerts IS 'What changed and was told.';
COMMENT ON COLUMN alerts.alert_id IS 'Id of the alert.';
COMMENT ON COLUMN alerts.rule IS 'The rule that fired.';
COMMENT ON COLUMN alerts.message IS 'In words.';
COMMENT ON COLUMN alerts.incidents IS 'Ids of the incidents that moved it.';
COMMENT ON COLUMN alerts.recorded_at IS 'When, UTC.';

-- Small look-ups by id; the big scans are by date and type, which DuckDB's own zone maps serve.
CREATE INDEX articles_by_id ON articles (article_id);
CREATE INDEX events_by_id ON events (event_id);
CREATE INDEX events_by_article ON events (article_id);
