-- Which parts of an input a cluster coded and this store took in whole, so that a later run can pass them over.

CREATE TABLE shards (
    shard_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    items INTEGER NOT NULL,
    run_id VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE shards IS 'Parts of the input that a cluster coded and that were taken in whole.';
COMMENT ON COLUMN shards.shard_id IS 'Hash of the input, its size and time, the coder and its settings.';
COMMENT ON COLUMN shards.name IS 'The input that it is of, and which part of it.';
COMMENT ON COLUMN shards.items IS 'Items of the input that it holds, rejected ones among them.';
COMMENT ON COLUMN shards.run_id IS 'The run that took it in.';
COMMENT ON COLUMN shards.recorded_at IS 'When, UTC.';
