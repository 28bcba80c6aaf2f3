-- Every address under which an article was seen, so that its other addresses and later versions find it.

CREATE TABLE addresses (
    article_id VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    url_key VARCHAR NOT NULL,
    text_key VARCHAR,
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE addresses IS 'Every address under which an article was seen, also those of its duplicates.';
COMMENT ON COLUMN addresses.article_id IS 'The article, or the first version that was read there.';
COMMENT ON COLUMN addresses.url IS 'The address as it was given.';
COMMENT ON COLUMN addresses.url_key IS 'What is the same for all addresses of one page.';
COMMENT ON COLUMN addresses.text_key IS 'Hash of host, headline and first paragraph; null where unknown.';
COMMENT ON COLUMN addresses.recorded_at IS 'When it was first seen there, UTC.';
INSERT INTO addresses SELECT article_id, url, regexp_replace(url, '^https?://(www\.)?|/$', '', 'g'), NULL, min(recorded_at) FROM articles WHERE url IS NOT NULL GROUP BY ALL;
CREATE INDEX addresses_by_url ON addresses (url_key);
CREATE INDEX addresses_by_text ON addresses (text_key);
