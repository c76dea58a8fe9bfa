-- Refuses to verify or block a case before its IMEI is known: without one it claims no phone.
CREATE OR REPLACE FUNCTION needs_imei() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.state::text IN ('verified', 'watching', 'blocking', 'blocked') OR NEW.hold_until IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM case_imeis WHERE case_id = NEW.id)
  THEN
    RAISE EXCEPTION 'a case without an IMEI cannot be verified or blocked';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER needs_imei BEFORE UPDATE OF state, hold_until ON "cases" FOR EACH ROW EXECUTE FUNCTION needs_imei();
