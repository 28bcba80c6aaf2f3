-- What watching feeds needs to go on after a stop: the state of each feed, what it offered, how often it answered.

CREATE TABLE feeds (
    feed_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    outlet VARCHAR NOT NULL,
    country VARCHAR,
    kind VARCHAR,
    title VARCHAR,
    etag VARCHAR,
    last_modified VARCHAR,
    first_seen_at TIMESTAMP NOT NULL,
    last_polled_at TIMESTAMP,
    last_success_at TIMESTAMP,
    next_due_at TIMESTAMP NOT NULL,
    newest_at TIMESTAMP,
    failures INTEGER NOT NULL,
    reason VARCHAR,
    detail VARCHAR
);
COMMENT ON TABLE feeds IS 'Feeds that were watched, one row each, as they stood at the last look.';
COMMENT ON COLUMN feeds.feed_id IS 'Hash of the URL.';
COMMENT ON COLUMN feeds.url IS 'Where it is asked for.';
COMMENT ON COLUMN feeds.outlet IS 'Who publishes it.';
COMMENT ON COLUMN feeds.country IS 'Where the outlet is at home, ISO 3166-1 alpha-3.';
COMMENT ON COLUMN feeds.kind IS 'rss, atom, json_feed, sitemap, sitemap_index or url_list; null before the first answer.';
COMMENT ON COLUMN feeds.title IS 'What it calls itself.';
COMMENT ON COLUMN feeds.etag IS 'The server''s mark of the last answer, sent back to ask for what is new only.';
COMMENT ON COLUMN feeds.last_modified IS 'The server''s date of the last answer, for the same end.';
COMMENT ON COLUMN feeds.first_seen_at IS 'When it was first watched, UTC.';
COMMENT ON COLUMN feeds.last_polled_at IS 'When it was last asked for, UTC.';
COMMENT ON COLUMN feeds.last_success_at IS 'When it last answered well, UTC.';
COMMENT ON COLUMN feeds.next_due_at IS 'When it is to be asked for next, UTC.';
COMMENT ON COLUMN feeds.newest_at IS 'Time of the newest entry at the last answer, UTC.';
COMMENT ON COLUMN feeds.failures IS 'How often in a row it has failed; 0 when it answered well.';
COMMENT ON COLUMN feeds.reason IS 'Why it failed the last time, from the list of rejections; null when it did not.';
COMMENT ON COLUMN feeds.detail IS 'The same in words.';

CREATE TABLE feed_items (
    feed_id VARCHAR NOT NULL,
    url_key VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    item_id VARCHAR NOT NULL,
    title VARCHAR,
    published_at TIMESTAMP,
    modified_at TIMESTAMP,
    version INTEGER NOT NULL,
    offered_at TIMESTAMP NOT NULL,
    state VARCHAR NOT NULL,
    reason VARCHAR,
    detail VARCHAR,
    article_id VARCHAR,
    attempts INTEGER NOT NULL,
    next_try_at TIMESTAMP,
    fetched_at TIMESTAMP,
    settled_at TIMESTAMP,
    run_id VARCHAR
);
COMMENT ON TABLE feed_items IS 'Articles that feeds offered, one row per feed and article.';
COMMENT ON COLUMN feed_items.feed_id IS 'The feed.';
COMMENT ON COLUMN feed_items.url_key IS 'What all URLs of the article have in common.';
COMMENT ON COLUMN feed_items.url IS 'Where it is fetched.';
COMMENT ON COLUMN feed_items.item_id IS 'The feed''s own id of it, or its URL.';
COMMENT ON COLUMN feed_items.title IS 'Its title in the feed.';
COMMENT ON COLUMN feed_items.published_at IS 'When it was published, by the feed, UTC.';
COMMENT ON COLUMN feed_items.modified_at IS 'When it was changed, by the feed, UTC.';
COMMENT ON COLUMN feed_items.version IS '1, and one more each time the feed says that it was changed.';
COMMENT ON COLUMN feed_items.offered_at IS 'When the feed was first seen to offer it, UTC.';
COMMENT ON COLUMN feed_items.state IS 'waiting, coded, rejected or duplicate (of an article that another feed or URL gave).';
COMMENT ON COLUMN feed_items.reason IS 'Why it is rejected, a duplicate or still waiting, from the list of rejections.';
COMMENT ON COLUMN feed_items.detail IS 'The same in words.';
COMMENT ON COLUMN feed_items.article_id IS 'The article that it became.';
COMMENT ON COLUMN feed_items.attempts IS 'How often it was fetched in vain.';
COMMENT ON COLUMN feed_items.next_try_at IS 'Before when it is not tried again, UTC; null for at once.';
COMMENT ON COLUMN feed_items.fetched_at IS 'When it was fetched, UTC.';
COMMENT ON COLUMN feed_items.settled_at IS 'When it was coded, rejected or found to be a duplicate, UTC.';
COMMENT ON COLUMN feed_items.run_id IS 'The run that settled it.';

CREATE TABLE feed_polls (
    feed_id VARCHAR NOT NULL,
    polled_on DATE NOT NULL,
    polls INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    reason VARCHAR
);
COMMENT ON TABLE feed_polls IS 'How often each feed was asked for and answered, one row per feed and day; days without a row are gaps.';
COMMENT ON COLUMN feed_polls.feed_id IS 'The feed.';
COMMENT ON COLUMN feed_polls.polled_on IS 'The day, UTC.';
COMMENT ON COLUMN feed_polls.polls IS 'How often it was asked for.';
COMMENT ON COLUMN feed_polls.answered IS 'How often it answered well.';
COMMENT ON COLUMN feed_polls.unchanged IS 'How often of these it said that nothing is new.';
COMMENT ON COLUMN feed_polls.reason IS 'Why it failed the last time on that day; null when it never did.';
