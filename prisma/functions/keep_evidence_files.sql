-- Records for each stored file whether evidence with its id exists, however that evidence was added or deleted. Runs as
-- the tables' owner, because evidence is also deleted by the cascade from its case's key.
CREATE OR REPLACE FUNCTION keep_evidence_files() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    UPDATE evidence_files SET loose_since = now() WHERE evidence_id = OLD.id AND loose_since IS NULL;
    RETURN NULL;
  END IF;
  -- The evidence may come from a process of an earlier version, which did not record files: they lie on its disk.
  INSERT INTO evidence_files (evidence_id, part, store, begun_at, stored_at)
  SELECT NEW.id, p.part, 'file', NEW.created_at, NEW.created_at
  FROM unnest(ARRAY['original', CASE WHEN NEW.view_key IS NOT NULL THEN 'view' END]
    || ARRAY(SELECT 'page' || n FROM generate_series(1, cardinality(NEW.page_widths)) n)) AS p(part)
  WHERE p.part IS NOT NULL
  ON CONFLICT DO NOTHING;
  UPDATE evidence_files SET loose_since = NULL WHERE evidence_id = NEW.id AND loose_since IS NOT NULL;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_evidence_files AFTER INSERT OR DELETE ON evidence
  FOR EACH ROW EXECUTE FUNCTION keep_evidence_files();

CREATE OR REPLACE TRIGGER keep_evidence_copies AFTER UPDATE ON evidence
  FOR EACH ROW WHEN ((OLD.view_key, OLD.page_widths) IS DISTINCT FROM (NEW.view_key, NEW.page_widths))
  EXECUTE FUNCTION keep_evidence_files();
