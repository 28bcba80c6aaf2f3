-- Alerts know the turn they speak of, so that the same turn is not told twice, and where they were sent. Nothing wrote the old table.

DROP TABLE alerts;
CREATE TABLE alerts (
    alert_id VARCHAR PRIMARY KEY,
    rule VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    rises BOOLEAN NOT NULL,
    since DATE NOT NULL,
    raised_on DATE NOT NULL,
    message VARCHAR NOT NULL,
    incidents VARCHAR[],
    body JSON NOT NULL,
    outputs VARCHAR[],
    recorded_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE alerts IS 'What changed and was told.';
COMMENT ON COLUMN alerts.alert_id IS 'Id of the alert.';
COMMENT ON COLUMN alerts.rule IS 'The rule that fired.';
COMMENT ON COLUMN alerts.kind IS 'conflict or cooperation.';
COMMENT ON COLUMN alerts.rises IS 'Whether there was more of it, or less.';
COMMENT ON COLUMN alerts.since IS 'First day from which the rate was another.';
COMMENT ON COLUMN alerts.raised_on IS 'Last day of the week in which it became sure enough.';
COMMENT ON COLUMN alerts.message IS 'In words.';
COMMENT ON COLUMN alerts.incidents IS 'Ids of the incidents that moved it.';
COMMENT ON COLUMN alerts.body IS 'The whole alert as it was sent, with its sentences.';
COMMENT ON COLUMN alerts.outputs IS 'Where it was sent; what failed is tried again.';
COMMENT ON COLUMN alerts.recorded_at IS 'When it was first told, UTC.';
