-- Refuses a leaf without its entry's version: a release from before version 3 would hash the entry in another way.
CREATE OR REPLACE FUNCTION seal_by_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM added l JOIN audit_entries e ON e.id = l.entry_id WHERE e.v > 2 AND l.entry_v IS DISTINCT FROM e.v) THEN
    RAISE EXCEPTION 'an entry is sealed in the form of its version: this release does not know it';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER seal_by_version AFTER INSERT ON "audit_leaves"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION seal_by_version();
