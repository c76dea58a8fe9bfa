-- Refuses acts of a staff account in its waiting period. Every act writes an audit entry in its own transaction, so
-- that a trigger on the audit log catches all of them. features/accounts/rules.ts has the same list of acts.
CREATE OR REPLACE FUNCTION refuse_while_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.actor_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AND EXISTS (
    SELECT FROM staff_accounts WHERE id = NEW.actor_id::uuid AND decides_from > NEW.at
  ) THEN
    RAISE EXCEPTION 'account_waits: this account decides nothing yet' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER audit_entries_refuse_while_waiting BEFORE INSERT ON audit_entries FOR EACH ROW
WHEN (
  NEW.actor_kind = 'staff'
  AND NOT (NEW.subject_kind IN ('account', 'session') AND NEW.subject_id = NEW.actor_id)
  AND NEW.act NOT IN (
    'case.open', 'case.search', 'case.disclose', 'objection.open', 'objection.disclose', 'evidence.open_original',
    'evidence.turn', 'check.list', 'case.import', 'alert.acknowledge', 'audit.take_proof', 'audit.take_story'
  )
)
EXECUTE FUNCTION refuse_while_waiting();
