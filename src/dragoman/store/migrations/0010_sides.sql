-- Who takes part in an incident as one short string: a pair is found by it without taking lists of participants apart.

ALTER TABLE incidents ADD COLUMN IF NOT EXISTS sides VARCHAR;
COMMENT ON COLUMN incidents.sides IS 'Who takes part, for finding pairs: codes of actors, ">", codes of recipients, each country and sectors in small letters ("ISR/gov>PSE/cvl").';
UPDATE incidents SET sides =
    array_to_string(list_transform(coalesce(actors, []), lambda p: coalesce(p.country, '?') || array_to_string(list_transform(coalesce(p.sectors, []), lambda s: '/' || lower(s)), '')), ' ')
    || '>' || array_to_string(list_transform(coalesce(recipients, []), lambda p: coalesce(p.country, '?') || array_to_string(list_transform(coalesce(p.sectors, []), lambda s: '/' || lower(s)), '')), ' ');
