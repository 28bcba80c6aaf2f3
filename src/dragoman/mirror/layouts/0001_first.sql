-- The first layout of a schema in PostgreSQL that follows a store. Names are those of the store; nested records stay JSON, and what
-- teams ask for most stands beside them in columns of its own. Every version of a row is kept: it holds from recorded_at up to,
-- and without, superseded_at, which is null while it holds.

CREATE TABLE articles (
    article_id text NOT NULL,
    source_id text,
    url text,
    outlet text,
    title text,
    language text,
    published_on date,
    published_evidence jsonb,
    fetched_at timestamptz,
    copy_of text,
    credit text,
    newsroom text,
    coder_version text NOT NULL,
    model_digest text NOT NULL,
    run_id text NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (article_id, recorded_at)
);
COMMENT ON TABLE articles IS 'Articles that were read, one row per version; the text itself stays in the store.';
COMMENT ON COLUMN articles.article_id IS 'Hash of the cleaned text and the URL.';
COMMENT ON COLUMN articles.source_id IS 'The input row''s own id, echoed.';
COMMENT ON COLUMN articles.url IS 'Address of the page.';
COMMENT ON COLUMN articles.outlet IS 'Who published it.';
COMMENT ON COLUMN articles.title IS 'Headline.';
COMMENT ON COLUMN articles.language IS 'ISO 639-1 code.';
COMMENT ON COLUMN articles.published_on IS 'Day of publication.';
COMMENT ON COLUMN articles.published_evidence IS 'Which field or words say so, and the bounds.';
COMMENT ON COLUMN articles.fetched_at IS 'When it was fetched.';
COMMENT ON COLUMN articles.copy_of IS 'The article whose text it copies; null for none.';
COMMENT ON COLUMN articles.credit IS 'The agency that it credits; null for none.';
COMMENT ON COLUMN articles.newsroom IS 'Who wrote it: its outlet, or the agency or outlet whose text it is.';
COMMENT ON COLUMN articles.coder_version IS 'Version of Dragoman that coded it.';
COMMENT ON COLUMN articles.model_digest IS 'Digest of the encoder that read it.';
COMMENT ON COLUMN articles.run_id IS 'The run that recorded this row.';
COMMENT ON COLUMN articles.recorded_at IS 'When this row came to be.';
COMMENT ON COLUMN articles.superseded_at IS 'When a newer row took its place; null while it holds.';

CREATE TABLE events (
    event_id text NOT NULL,
    article_id text NOT NULL,
    source_id text,
    section text NOT NULL,
    event_type text NOT NULL,
    mode text,
    contexts text[],
    quad_class smallint NOT NULL,
    intensity double precision NOT NULL,
    cameo text NOT NULL,
    status text NOT NULL,
    historical boolean NOT NULL,
    trigger text NOT NULL,
    trigger_start integer NOT NULL,
    trigger_end integer NOT NULL,
    quote text NOT NULL,
    quote_start integer NOT NULL,
    quote_end integer NOT NULL,
    actor_codes text[],
    recipient_codes text[],
    codes text[] GENERATED ALWAYS AS (actor_codes || recipient_codes) STORED,
    actor_names text[],
    recipient_names text[],
    actors jsonb,
    recipients jsonb,
    date_from date,
    date_to date,
    date_precision text,
    date jsonb,
    place_name text,
    place_country text,
    lat double precision,
    lon double precision,
    resolution smallint,
    geonames_id bigint,
    place jsonb,
    said_by jsonb,
    counts jsonb,
    type_confidence double precision,
    confidence jsonb,
    reasons jsonb,
    coder_version text NOT NULL,
    model_digest text NOT NULL,
    ontology text NOT NULL,
    run_id text NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (event_id, recorded_at)
);
COMMENT ON TABLE events IS 'Coded events, one row per version. What holds now: current_events.';
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
COMMENT ON COLUMN events.trigger IS 'The words that express it.';
COMMENT ON COLUMN events.trigger_start IS 'First character of these words in the article''s text, from 0.';
COMMENT ON COLUMN events.trigger_end IS 'Character after the last one.';
COMMENT ON COLUMN events.quote IS 'The whole sentence, character for character.';
COMMENT ON COLUMN events.quote_start IS 'First character of the sentence in the article''s text, from 0.';
COMMENT ON COLUMN events.quote_end IS 'Character after the last one.';
COMMENT ON COLUMN events.actor_codes IS 'Countries of those who did it, and country with sector: {IRN,IRN/MIL}.';
COMMENT ON COLUMN events.recipient_codes IS 'The same of those to whom it was done. A mutual act has all sides among the actors.';
COMMENT ON COLUMN events.codes IS 'Codes of all sides; codes @> ''{IRN,AZE}'' finds a pair, and an index serves it.';
COMMENT ON COLUMN events.actor_names IS 'Canonical names of those who did it, else the words of the text.';
COMMENT ON COLUMN events.recipient_names IS 'The same of those to whom it was done.';
COMMENT ON COLUMN events.actors IS 'Who did it, whole: words, span, entity, country, sectors, basis, confidence.';
COMMENT ON COLUMN events.recipients IS 'To whom, whole.';
COMMENT ON COLUMN events.date_from IS 'First day on which it may have happened.';
COMMENT ON COLUMN events.date_to IS 'Last day.';
COMMENT ON COLUMN events.date_precision IS 'day, week, month or year.';
COMMENT ON COLUMN events.date IS 'When, whole: words, span, interval and what it rests on.';
COMMENT ON COLUMN events.place_name IS 'Name of the place.';
COMMENT ON COLUMN events.place_country IS 'Country of the place, ISO 3166-1 alpha-3.';
COMMENT ON COLUMN events.lat IS 'Latitude, degrees.';
COMMENT ON COLUMN events.lon IS 'Longitude, degrees.';
COMMENT ON COLUMN events.resolution IS '1 country, 2 province, 3 district, 4 city, 5 in a city.';
COMMENT ON COLUMN events.geonames_id IS 'Number in GeoNames.';
COMMENT ON COLUMN events.place IS 'Where, whole.';
COMMENT ON COLUMN events.said_by IS 'Who reports it, when the sentence says so.';
COMMENT ON COLUMN events.counts IS 'dead, injured, arrested, displaced, crowd: words and range.';
COMMENT ON COLUMN events.type_confidence IS 'Probability that the type is right, 0 to 1.';
COMMENT ON COLUMN events.confidence IS 'Probability that each part is right, 0 to 1.';
COMMENT ON COLUMN events.reasons IS 'Why a field is empty.';
COMMENT ON COLUMN events.coder_version IS 'Version of Dragoman.';
COMMENT ON COLUMN events.model_digest IS 'Digest of the encoder.';
COMMENT ON COLUMN events.ontology IS 'Version of the codes.';
COMMENT ON COLUMN events.run_id IS 'The run that recorded this row; after a review the run whose coding was reviewed.';
COMMENT ON COLUMN events.recorded_at IS 'When this row came to be.';
COMMENT ON COLUMN events.superseded_at IS 'When a newer row took its place; null while it holds.';

CREATE TABLE incidents (
    incident_id text NOT NULL,
    event_type text NOT NULL,
    mode text,
    quad_class smallint NOT NULL,
    status text NOT NULL,
    historical boolean NOT NULL,
    actor_codes text[],
    recipient_codes text[],
    codes text[] GENERATED ALWAYS AS (actor_codes || recipient_codes) STORED,
    actor_names text[],
    recipient_names text[],
    actors jsonb,
    recipients jsonb,
    date_from date,
    date_to date,
    date_precision text,
    date jsonb,
    place_name text,
    place_country text,
    lat double precision,
    lon double precision,
    resolution smallint,
    geonames_id bigint,
    place jsonb,
    events text[],
    reports text[],
    independent_sources integer NOT NULL,
    newsrooms text[],
    first_seen date,
    last_seen date,
    counts jsonb,
    denials jsonb,
    why jsonb,
    run_id text NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (incident_id, recorded_at)
);
COMMENT ON TABLE incidents IS 'What happened, told by one or more events; one row per version. What holds now: current_incidents.';
COMMENT ON COLUMN incidents.incident_id IS 'Stable id.';
COMMENT ON COLUMN incidents.event_type IS 'One of the 16 PLOVER types.';
COMMENT ON COLUMN incidents.mode IS 'How it was done.';
COMMENT ON COLUMN incidents.quad_class IS '1 to 4, as for events.';
COMMENT ON COLUMN incidents.status IS 'actual, future, hypothetical or negated.';
COMMENT ON COLUMN incidents.historical IS 'As for events.';
COMMENT ON COLUMN incidents.actor_codes IS 'As for events.';
COMMENT ON COLUMN incidents.recipient_codes IS 'As for events.';
COMMENT ON COLUMN incidents.codes IS 'Codes of all sides; codes @> ''{IRN,AZE}'' finds a pair, and an index serves it.';
COMMENT ON COLUMN incidents.actor_names IS 'As for events.';
COMMENT ON COLUMN incidents.recipient_names IS 'As for events.';
COMMENT ON COLUMN incidents.actors IS 'Who did it, from its fullest event.';
COMMENT ON COLUMN incidents.recipients IS 'To whom.';
COMMENT ON COLUMN incidents.date_from IS 'First day on which it may have happened.';
COMMENT ON COLUMN incidents.date_to IS 'Last day.';
COMMENT ON COLUMN incidents.date_precision IS 'day, week, month or year.';
COMMENT ON COLUMN incidents.date IS 'When; the narrowest that its events say.';
COMMENT ON COLUMN incidents.place_name IS 'Name of the place.';
COMMENT ON COLUMN incidents.place_country IS 'Country of the place, ISO 3166-1 alpha-3.';
COMMENT ON COLUMN incidents.lat IS 'Latitude, degrees.';
COMMENT ON COLUMN incidents.lon IS 'Longitude, degrees.';
COMMENT ON COLUMN incidents.resolution IS '1 country, 2 province, 3 district, 4 city, 5 in a city.';
COMMENT ON COLUMN incidents.geonames_id IS 'Number in GeoNames.';
COMMENT ON COLUMN incidents.place IS 'Where, whole.';
COMMENT ON COLUMN incidents.events IS 'Ids of its events, as they appeared.';
COMMENT ON COLUMN incidents.reports IS 'Ids of the articles that report it.';
COMMENT ON COLUMN incidents.independent_sources IS 'How many newsrooms report it.';
COMMENT ON COLUMN incidents.newsrooms IS 'Who reports it, copies and wire text counted as their source.';
COMMENT ON COLUMN incidents.first_seen IS 'First day of publication of its reports.';
COMMENT ON COLUMN incidents.last_seen IS 'Last day of publication of its reports.';
COMMENT ON COLUMN incidents.counts IS 'Per kind (dead, injured, arrested, displaced, crowd) the range, the latest, and who said what when.';
COMMENT ON COLUMN incidents.denials IS 'Who denied it, with event and quote.';
COMMENT ON COLUMN incidents.why IS 'Per event after the first: the one it was joined to, a score and reasons.';
COMMENT ON COLUMN incidents.run_id IS 'The run that recorded this row; after a review the run whose coding was reviewed.';
COMMENT ON COLUMN incidents.recorded_at IS 'When this row came to be.';
COMMENT ON COLUMN incidents.superseded_at IS 'When a newer row took its place; null while it holds.';

CREATE TABLE incident_events (
    incident_id text NOT NULL,
    event_id text NOT NULL,
    article_id text NOT NULL,
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (event_id, recorded_at)
);
COMMENT ON TABLE incident_events IS 'Which events tell of which incident, one row per version; an event stands in one incident at a time.';
COMMENT ON COLUMN incident_events.incident_id IS 'The incident.';
COMMENT ON COLUMN incident_events.event_id IS 'The event.';
COMMENT ON COLUMN incident_events.article_id IS 'The article of the event.';
COMMENT ON COLUMN incident_events.recorded_at IS 'When this row came to be.';
COMMENT ON COLUMN incident_events.superseded_at IS 'When a newer row took its place; null while it holds.';

CREATE TABLE links (
    incident_id text NOT NULL,
    kind text NOT NULL,
    other_incident_id text NOT NULL,
    score double precision NOT NULL,
    reasons text[],
    recorded_at timestamptz NOT NULL,
    superseded_at timestamptz,
    PRIMARY KEY (incident_id, kind, other_incident_id, recorded_at)
);
COMMENT ON TABLE links IS 'Incidents that follow from others, or deny them, one row per version.';
COMMENT ON COLUMN links.incident_id IS 'The incident that follows or denies.';
COMMENT ON COLUMN links.kind IS 'follows or denies.';
COMMENT ON COLUMN links.other_incident_id IS 'What it follows from, or denies.';
COMMENT ON COLUMN links.score IS 'How much speaks for it, 0 to 1.';
COMMENT ON COLUMN links.reasons IS 'In words.';
COMMENT ON COLUMN links.recorded_at IS 'When this row came to be.';
COMMENT ON COLUMN links.superseded_at IS 'When a newer row took its place; null while it holds.';

CREATE VIEW current_articles AS
    SELECT article_id, source_id, url, outlet, title, language, published_on, published_evidence, fetched_at, copy_of, credit,
        newsroom, coder_version, model_digest, run_id, recorded_at
    FROM articles WHERE superseded_at IS NULL;
COMMENT ON VIEW current_articles IS 'The articles that hold now.';

CREATE VIEW current_events AS
    SELECT e.event_id, i.incident_id, e.article_id, a.outlet, a.title, a.url, a.published_on, e.source_id, e.section, e.event_type,
        e.mode, e.contexts, e.quad_class, e.intensity, e.cameo, e.status, e.historical, e.trigger, e.trigger_start, e.trigger_end,
        e.quote, e.quote_start, e.quote_end, e.actor_codes, e.recipient_codes, e.codes, e.actor_names, e.recipient_names, e.actors,
        e.recipients, e.date_from, e.date_to, e.date_precision, e.date, e.place_name, e.place_country, e.lat, e.lon, e.resolution,
        e.geonames_id, e.place, e.said_by, e.counts, e.type_confidence, e.confidence, e.reasons, e.coder_version, e.model_digest,
        e.ontology, e.run_id, e.recorded_at
    FROM events e
    LEFT JOIN articles a ON a.article_id = e.article_id AND a.superseded_at IS NULL
    LEFT JOIN incident_events i ON i.event_id = e.event_id AND i.superseded_at IS NULL
    WHERE e.superseded_at IS NULL;
COMMENT ON VIEW current_events IS 'The events that hold now, with their incident and what their article is.';

CREATE VIEW incident_reports AS
    SELECT i.incident_id, e.event_id, e.article_id, a.outlet, a.newsroom, a.title, a.url, a.published_on, e.section, e.quote,
        e.trigger, e.intensity, e.type_confidence
    FROM incident_events i
    JOIN events e ON e.event_id = i.event_id AND e.superseded_at IS NULL
    LEFT JOIN articles a ON a.article_id = e.article_id AND a.superseded_at IS NULL
    WHERE i.superseded_at IS NULL;
COMMENT ON VIEW incident_reports IS 'The evidence: each event of each incident that holds now, with its sentence and article.';

CREATE VIEW current_incidents AS
    SELECT incident_id, event_type, mode, quad_class, status, historical, actor_codes, recipient_codes, codes, actor_names,
        recipient_names, actors, recipients, date_from, date_to, date_precision, date, place_name, place_country, lat, lon,
        resolution, geonames_id, place, events, independent_sources, newsrooms, first_seen, last_seen, counts, denials, why,
        run_id, recorded_at,
        (SELECT jsonb_agg(jsonb_build_object('event_id', r.event_id, 'article_id', r.article_id, 'outlet', r.outlet, 'title', r.title,
            'url', r.url, 'published_on', r.published_on, 'section', r.section, 'quote', r.quote, 'intensity', r.intensity)
            ORDER BY array_position(i.events, r.event_id))
         FROM incident_reports r WHERE r.incident_id = i.incident_id) AS reports
    FROM incidents i WHERE superseded_at IS NULL;
COMMENT ON VIEW current_incidents IS 'The incidents that hold now; reports has the sentence and article of each event.';

CREATE VIEW current_links AS
    SELECT incident_id, kind, other_incident_id, score, reasons, recorded_at FROM links WHERE superseded_at IS NULL;
COMMENT ON VIEW current_links IS 'Which incidents follow from which others, or deny them, as it holds now.';

CREATE VIEW current_participants AS
    SELECT e.event_id, r.role, p.ordinality - 1 AS place_in_list, p.one ->> 'text' AS text, p.one ->> 'entity_id' AS entity_id,
        p.one ->> 'name' AS name, p.one ->> 'country' AS country, p.one -> 'sectors' AS sectors,
        (p.one ->> 'confidence')::double precision AS confidence
    FROM events e
    CROSS JOIN LATERAL (VALUES ('actor', e.actors), ('recipient', e.recipients)) AS r (role, people)
    CROSS JOIN LATERAL jsonb_array_elements(r.people) WITH ORDINALITY AS p (one, ordinality)
    WHERE e.superseded_at IS NULL AND jsonb_typeof(r.people) = 'array';
COMMENT ON VIEW current_participants IS 'Actors and recipients of the events that hold now, one row each.';

CREATE TABLE export_state (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    layout integer NOT NULL,
    store_id text NOT NULL,
    mark timestamptz,
    totals jsonb NOT NULL,
    is_indexed boolean NOT NULL,
    dragoman_version text NOT NULL,
    exported_at timestamptz
);
COMMENT ON TABLE export_state IS 'One row: whose copy this is and up to where it is true. Written with each batch, in its transaction.';
COMMENT ON COLUMN export_state.one IS 'Always true, so that there is one row.';
COMMENT ON COLUMN export_state.layout IS 'Number of the layout of these tables.';
COMMENT ON COLUMN export_state.store_id IS 'The store: its first run.';
COMMENT ON COLUMN export_state.mark IS 'The state of the store at this moment is what stands here; null while it is empty.';
COMMENT ON COLUMN export_state.totals IS 'Counts and sums of the moments of the rows sent, to see whether the store still is what it was.';
COMMENT ON COLUMN export_state.is_indexed IS 'Whether the indexes were made, which is done after the first export.';
COMMENT ON COLUMN export_state.dragoman_version IS 'Version of Dragoman that sent the last batch.';
COMMENT ON COLUMN export_state.exported_at IS 'When the last batch was sent.';
INSERT INTO export_state (layout, store_id, totals, is_indexed, dragoman_version) VALUES (1, '', '{}', false, '');
