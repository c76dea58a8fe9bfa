-- Enforces in the database that no phone is blocked, unblocked or named as reported by fewer than two people (ADR 104). Each
-- trigger waits for the end of its transaction, in which a decision, its checklist and its orders are written together. They run
-- as the tables' owner, so that no declared scope hides a check. Only an owner of the tables that is not also the application may
-- write without them: it loads whole databases.
CREATE OR REPLACE FUNCTION keep_two_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('cases');
  before constant text := coalesce(current_setting('antam.scope', true), '');
  v_case uuid;
  v_ok boolean;
BEGIN
  IF NOT bound AND (session_user = current_user
    OR (SELECT rolsuper FROM pg_roles WHERE rolname = session_user)) THEN RETURN NULL; END IF;
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  IF TG_TABLE_NAME = 'case_imeis' THEN
    -- The block is in force, or the number's mark was taken off again in the same transaction.
    v_ok := agreed_by_two(NEW.case_id, NEW.key14) AND (block_stands(NEW.case_id)
      OR NOT EXISTS (SELECT FROM case_imeis WHERE case_id = NEW.case_id AND key14 = NEW.key14 AND is_public));
  ELSIF TG_TABLE_NAME = 'book_entries' THEN
    SELECT case_id INTO v_case FROM carrier_orders WHERE id = NEW.order_id;
    IF v_case IS NULL THEN
      -- A drill's line, which is on a test number (`keep_drills_apart`).
      v_ok := true;
    ELSIF NEW.action = 'unblock' THEN
      -- For any reason of lifting: the newest block or watch of the number in the same book is this case's own.
      v_ok := coalesce((
        SELECT o.case_id = v_case FROM book_entries b JOIN carrier_orders o ON o.id = b.order_id
        WHERE b.carrier_id = NEW.carrier_id AND b.imei = NEW.imei AND b.seq < NEW.seq AND b.action <> 'unblock'
        ORDER BY b.seq DESC LIMIT 1), false);
    ELSE
      -- The block or the watch is in force, or lifted again in the same transaction.
      v_ok := agreed_by_two(v_case, left(NEW.imei, 14)) AND (block_stands(v_case)
        OR EXISTS (SELECT FROM book_entries WHERE carrier_id = NEW.carrier_id AND imei = NEW.imei AND seq > NEW.seq
          AND action = 'unblock'));
    END IF;
  ELSIF NEW.state = 'unblocked' THEN
    -- Two people have approved the unblock, and the carriers have lifted the block.
    v_ok := TG_OP = 'INSERT' OR OLD.state = 'unblocking';
  ELSIF NEW.state = 'unblocking' THEN
    v_ok := EXISTS (
      SELECT FROM proof_checks second JOIN proof_checks first USING (case_id)
      WHERE second.case_id = NEW.id AND second.move = 'approve_unblock'
        AND first.move IN ('verify_unblock', 'uphold_objection') AND first.seq < second.seq
        AND first.account_id <> second.account_id AND (TG_OP = 'INSERT' OR second.seq = NEW.version)
        -- The first finding has not fallen: the case stayed in review, and the objection that was found right did not end.
        AND NOT EXISTS (
          SELECT FROM case_events
          WHERE case_id = NEW.id AND seq > first.seq AND seq < second.seq AND ("to" <> 'unblock_review'
            OR first.move = 'uphold_objection' AND move IN ('finding_over', 'objection_over'))))
      AND (TG_OP = 'INSERT' OR OLD.state = 'unblock_review');
  ELSE
    v_ok := EXISTS (SELECT FROM case_imeis WHERE case_id = NEW.id AND agreed_by_two(NEW.id, key14));
    -- A block, or the watch before it, begins with the approval of this very version. A case already in force needs none.
    IF TG_OP = 'UPDATE' AND OLD.state NOT IN ('watching', 'blocking', 'blocked', 'unblock_review') THEN
      v_ok := v_ok AND OLD.state = 'verified' AND EXISTS (
        SELECT FROM proof_checks WHERE case_id = NEW.id AND seq = NEW.version AND move = 'approve')
        AND NOT EXISTS (SELECT FROM case_events WHERE case_id = NEW.id AND seq > NEW.version);
    END IF;
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  IF NOT v_ok THEN
    RAISE EXCEPTION '% of % takes two people who have both found it on the evidence', TG_NAME, TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;

-- Only a constraint trigger can wait for the end of its transaction, and CREATE OR REPLACE does not support it.
DROP TRIGGER IF EXISTS new_block_by_two ON cases;
CREATE CONSTRAINT TRIGGER new_block_by_two AFTER INSERT ON cases DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state IN ('watching', 'blocking', 'blocked', 'unblocking')) EXECUTE FUNCTION keep_two_people();
DROP TRIGGER IF EXISTS block_by_two ON cases;
CREATE CONSTRAINT TRIGGER block_by_two AFTER UPDATE OF state ON cases DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state IN ('watching', 'blocking', 'blocked', 'unblocking', 'unblocked')
    AND OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION keep_two_people();
DROP TRIGGER IF EXISTS reported_by_two ON case_imeis;
CREATE CONSTRAINT TRIGGER reported_by_two AFTER INSERT OR UPDATE OF is_public, key14, case_id ON case_imeis
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.is_public) EXECUTE FUNCTION keep_two_people();
DROP TRIGGER IF EXISTS line_by_two ON book_entries;
CREATE CONSTRAINT TRIGGER line_by_two AFTER INSERT ON book_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION keep_two_people();
