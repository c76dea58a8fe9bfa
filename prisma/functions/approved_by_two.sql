-- Enforces that two people agree. A request begins open and ends once, by another person than its asker and the account that it
-- is about (only its asker withdraws it, only the clock lets it lapse). It does not change before or after. At its end, fields
-- that name a person may be removed, and nothing may be added.
CREATE OR REPLACE FUNCTION approved_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_fault text := NULL;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' OR NEW.decided_by_id IS NOT NULL OR NEW.decided_at IS NOT NULL THEN
      v_fault := 'is decided before it is asked';
    ELSIF NEW.account_id = NEW.asked_by_id THEN
      v_fault := 'is about the account of who asks';
    END IF;
  ELSIF OLD.state <> 'asked' THEN
    v_fault := 'is decided';
  ELSIF NEW.state = 'asked' THEN
    v_fault := 'changes only when it ends';
  ELSIF (NEW.id, NEW.kind, NEW.account_id, NEW.asked_by_id, NEW.asked_at, NEW.expires_at, NEW.digest)
      IS DISTINCT FROM (OLD.id, OLD.kind, OLD.account_id, OLD.asked_by_id, OLD.asked_at, OLD.expires_at, OLD.digest)
    OR NEW.subject NOT IN (OLD.subject, split_part(OLD.subject, ':', 1))
    OR NOT OLD.content @> NEW.content THEN
    v_fault := 'is decided as it was asked';
  ELSIF NEW.decided_at IS NULL OR (NEW.decided_by_id IS NULL) <> (NEW.state = 'expired') THEN
    v_fault := 'names who decided it, and when';
  ELSIF NEW.state = 'withdrawn' AND NEW.decided_by_id <> NEW.asked_by_id THEN
    v_fault := 'is withdrawn by who asked';
  ELSIF NEW.state IN ('confirmed', 'refused') AND NEW.decided_by_id IN (NEW.asked_by_id, NEW.account_id) THEN
    v_fault := 'takes another person';
  ELSIF NEW.state = 'confirmed' AND NEW.expires_at <= NEW.decided_at THEN
    v_fault := 'is past its time';
  END IF;
  IF v_fault IS NOT NULL THEN
    RAISE EXCEPTION 'approved_by_two: a request %', v_fault USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "approvals_two_people" BEFORE INSERT OR UPDATE ON "approvals"
  FOR EACH ROW EXECUTE FUNCTION approved_by_two();
