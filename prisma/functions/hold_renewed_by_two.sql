-- Enforces in the database that only two people extend a temporary block, once per case and for ten days at most (ADR 115), as
-- `keep_two_people` does for a block itself. The move `keep_block` is the only other way to extend one: in a conflict, while
-- nobody may decide. Waits for the end of the transaction, in which the decision and its checklist are written.
CREATE OR REPLACE FUNCTION hold_renewed_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('cases');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  v_ok boolean;
BEGIN
  IF NOT bound AND (session_user = current_user
    OR (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)) THEN RETURN NULL; END IF;
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  v_ok := EXISTS (
      SELECT FROM case_events WHERE case_id = NEW.id AND seq = NEW.version AND move = 'keep_block')
    OR OLD.renewal_confirmed_by_id IS NULL AND NEW.renewal_confirmed_by_id IS NOT NULL
      AND NEW.hold_until <= OLD.hold_until + interval '10 days'
      AND EXISTS (
        SELECT FROM proof_checks second JOIN proof_checks first USING (case_id)
        WHERE second.case_id = NEW.id AND second.seq = NEW.version AND second.move = 'confirm_renewal'
          AND second.account_id = NEW.renewal_confirmed_by_id
          AND first.move = 'renew_hold' AND first.seq < second.seq
          AND first.account_id = NEW.renewal_asked_by_id AND first.account_id <> second.account_id);
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  IF NOT v_ok THEN
    RAISE EXCEPTION '% takes two people who have both found it on the evidence', TG_NAME;
  END IF;
  RETURN NULL;
END $$;

-- Only a constraint trigger can wait for the end of its transaction, and CREATE OR REPLACE does not support it.
DROP TRIGGER IF EXISTS hold_renewed_by_two ON cases;
CREATE CONSTRAINT TRIGGER hold_renewed_by_two AFTER UPDATE OF hold_until, renewal_confirmed_by_id ON cases
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.hold_until > OLD.hold_until
    OR NEW.renewal_confirmed_by_id IS NOT NULL AND OLD.renewal_confirmed_by_id IS DISTINCT FROM NEW.renewal_confirmed_by_id)
  EXECUTE FUNCTION hold_renewed_by_two();
