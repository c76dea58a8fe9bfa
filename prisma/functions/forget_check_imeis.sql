-- Deletes the numbers from the checks of a case whose data is erased; the checks themselves stay. Runs as the tables' owner,
-- because no other role may delete from a check.
CREATE OR REPLACE FUNCTION forget_check_imeis() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('proof_check_imeis');
  before constant text := coalesce(current_setting('antam.scope', true), '');
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  DELETE FROM proof_check_imeis WHERE case_id = NEW.id;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER forget_check_imeis AFTER UPDATE OF erased_at ON cases
  FOR EACH ROW WHEN (NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL) EXECUTE FUNCTION forget_check_imeis();
