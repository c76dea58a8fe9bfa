-- Refuses to change an alert to auditors. It may grow until somebody has looked into it, and is marked as read once.
CREATE OR REPLACE FUNCTION keep_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.account_id, NEW.since, NEW.raised_at, NEW.act, NEW.subject_id)
    IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.since, OLD.raised_at, OLD.act, OLD.subject_id)
    OR NEW.count < OLD.count OR NEW.last_at < OLD.last_at
    OR OLD.seen_at IS NOT NULL
  THEN
    RAISE EXCEPTION 'an alert cannot be changed';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_alert BEFORE UPDATE ON "lookup_alerts" FOR EACH ROW EXECUTE FUNCTION keep_alert();
