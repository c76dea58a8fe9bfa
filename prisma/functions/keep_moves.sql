-- Enforces in the database that a case changes its state only by a move of the rules that leads from the one state to the other,
-- and whose event is written with it, and that no version comes again. A number that is blocked keeps its public mark; a decision
-- may leave it out. Waits for the end of the transaction and exempts the same roles as `keep_two_people`. The list holds every
-- move of `features/cases/moves/` that can change the state (`state-rules.test.ts`). A move that the rules drop stays in it until
-- the release that still makes it is out of use.
CREATE OR REPLACE FUNCTION keep_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('cases');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  v_ok boolean;
BEGIN
  IF NOT bound AND (session_user = current_user
    OR (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)) THEN RETURN NULL; END IF;
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  IF TG_TABLE_NAME = 'case_imeis' THEN
    v_ok := NOT block_stands(OLD.case_id)
      OR EXISTS (SELECT FROM case_imeis WHERE case_id = OLD.case_id AND key14 = OLD.key14 AND is_public)
      OR EXISTS (
        SELECT FROM cases c LEFT JOIN case_events e ON e.case_id = c.id AND e.seq = c.version
        WHERE c.id = OLD.case_id
          -- `xmin`: the decision was written in this transaction.
          AND (c.erased_at IS NOT NULL OR e.xmin = pg_current_xact_id()::xid
            AND e.move IN ('approve', 'confirm_renewal', 'overruled_in_part')));
  ELSE
    v_ok := NEW.version = OLD.version + 1 AND EXISTS (
      SELECT FROM case_events e JOIN (VALUES
        ('take', '{submitted}', '{under_review}'),
        ('release', '{under_review}', '{submitted}'),
        ('request_info', '{under_review}', '{info_requested}'),
        ('reply', '{info_requested,expired}', '{under_review}'),
        ('verify', '{under_review}', '{verified}'),
        ('reject', '{under_review}', '{rejected}'),
        ('approve', '{verified}', '{watching,blocking}'),
        ('send_back', '{verified}', '{under_review}'),
        ('take_back', '{verified}', '{under_review}'),
        ('take_back_return', '{under_review}', '{verified}'),
        ('block', '{submitted,under_review,info_requested,verified,watching}', '{blocking}'),
        ('stop_watch', '{watching}', '{blocking}'),
        ('end_watch', '{watching}', '{blocking}'),
        ('shared', '{submitted,info_requested,verified,blocking,blocked,unblock_review}', '{under_review}'),
        ('confirm_lift_shared', '{submitted,info_requested,verified,blocking,blocked,unblock_review}', '{under_review}'),
        ('withheld', '{blocking,submitted,under_review,info_requested,rejected}', '{verified}'),
        ('carriers_applied', '{blocking}', '{blocked}'),
        ('finish_withdrawal', '{submitted,under_review,info_requested,verified}', '{withdrawn}'),
        ('expire', '{info_requested}', '{expired}'),
        ('appeal', '{rejected,unblocked}', '{under_review}'),
        ('request_unblock', '{watching,blocking,blocked}', '{unblock_review}'),
        ('undo_unblock', '{unblock_review}', '{watching,blocked,blocking}'),
        ('approve_unblock', '{unblock_review}', '{unblocking}'),
        ('refuse_unblock', '{unblock_review}', '{watching,blocked,blocking}'),
        ('carriers_lifted', '{unblocking}', '{unblocked}'),
        ('overruled', '{submitted,under_review,info_requested,verified,watching,blocking,blocked,unblock_review}', '{rejected}'),
        ('phone_returned', '{watching,blocking,blocked}', '{unblock_review}'),
        ('uphold_objection', '{blocking,blocked}', '{unblock_review}'),
        ('objection_over', '{submitted,under_review,info_requested,verified,watching,blocking,blocked,rejected,unblock_review}',
          '{blocked,blocking}'),
        ('finding_over', '{unblock_review}', '{blocked,blocking}'),
        -- The release 0.1.0 makes it.
        ('refuse_counterclaim', '{under_review}', '{rejected}')
      ) AS m (move, froms, tos) USING (move)
      WHERE e.case_id = NEW.id AND e.seq = NEW.version AND e."from" = OLD.state AND e."to" = NEW.state
        AND OLD.state::text = ANY (m.froms::text[]) AND NEW.state::text = ANY (m.tos::text[]));
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  IF NOT v_ok THEN RAISE EXCEPTION '% of % takes a move of the case', TG_NAME, TG_TABLE_NAME; END IF;
  RETURN NULL;
END $$;

-- Only a constraint trigger can wait for the end of its transaction, and CREATE OR REPLACE does not support it.
DROP TRIGGER IF EXISTS moved_by_rule ON cases;
CREATE CONSTRAINT TRIGGER moved_by_rule AFTER UPDATE OF state, version ON cases DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state OR NEW.version < OLD.version) EXECUTE FUNCTION keep_moves();
DROP TRIGGER IF EXISTS unmarked_by_rule ON case_imeis;
CREATE CONSTRAINT TRIGGER unmarked_by_rule AFTER DELETE OR UPDATE OF is_public, key14, case_id ON case_imeis
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_public) EXECUTE FUNCTION keep_moves();
