-- Reviews are applied: a person may also add an event, and rows that a review made keep the run of the coding reviewed.

COMMENT ON COLUMN reviews.event_id IS 'The event; of an added one the id that a coder would give it.';
COMMENT ON COLUMN reviews.verdict IS 'accepted, corrected, rejected or added; the newest of an event holds.';
COMMENT ON COLUMN reviews.correction IS 'Fields as they should be, with the codes that follow from them; the whole event where one was added.';
COMMENT ON COLUMN events.run_id IS 'The run that recorded this row; after a review the run whose coding was reviewed.';
COMMENT ON COLUMN incidents.run_id IS 'The run that recorded this row; after a review the run whose coding was reviewed.';
