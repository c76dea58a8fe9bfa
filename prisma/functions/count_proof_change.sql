-- Raises the version of a case's evidence at every change, regardless of the code that makes it. A new file also clears the mark
-- that the files were deleted, because the case was reopened since. Runs as the tables' owner, so that no policy hides the row: a
-- change that is not counted would let a decision rest on evidence that its maker has not seen.
CREATE OR REPLACE FUNCTION count_proof_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('case_keys');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  counted boolean;
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  UPDATE case_keys SET proof_version = proof_version + 1
    WHERE case_id IN (OLD.case_id, NEW.case_id);
  counted := FOUND;
  -- New files of a reopened case have their own retention.
  IF TG_OP = 'INSERT' THEN
    UPDATE cases SET evidence_erased_at = NULL WHERE id = NEW.case_id AND evidence_erased_at IS NOT NULL;
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  -- If the case's key is deleted, its files go with it, and no row is left to count in.
  IF NOT counted AND TG_OP <> 'DELETE' THEN RAISE EXCEPTION 'evidence without a key'; END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER proof_changed AFTER INSERT OR DELETE ON evidence
  FOR EACH ROW EXECUTE FUNCTION count_proof_change();

CREATE OR REPLACE TRIGGER proof_replaced AFTER UPDATE ON evidence
  FOR EACH ROW WHEN (
    (OLD.case_id, OLD.kind, OLD.state, OLD.sha256, OLD.original_key, OLD.view_key, OLD.scan)
    IS DISTINCT FROM (NEW.case_id, NEW.kind, NEW.state, NEW.sha256, NEW.original_key, NEW.view_key, NEW.scan)
  )
  EXECUTE FUNCTION count_proof_change();
