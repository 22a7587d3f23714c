-- The list of imports: what was found in the files, and who said yes or no to one that was held.
--
-- findings is what was wrong or odd, as JSON without any value of a field. While an import is held
-- its payload is what was read of the files; it goes with the decision, or after some days.
ALTER TABLE import_run ADD COLUMN findings text NOT NULL DEFAULT '{}';
ALTER TABLE import_run ADD COLUMN decided bigint;
ALTER TABLE import_run ADD COLUMN decided_by uuid;
ALTER TABLE import_run ADD COLUMN decided_by_name text;
ALTER TABLE import_run ADD COLUMN decision_reason text;
