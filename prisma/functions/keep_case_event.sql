-- Refuses to change a case's events. Only their sealed words are removed, once the case's key is destroyed and nobody can read
-- them any more.
CREATE OR REPLACE FUNCTION keep_case_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  unsealed case_events := NEW;
BEGIN
  unsealed.sealed := OLD.sealed;
  IF unsealed IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'an event of a case cannot be changed';
  END IF;
  IF NEW.sealed IS DISTINCT FROM OLD.sealed AND NOT (NEW.sealed IS NULL AND EXISTS (
    SELECT FROM case_keys WHERE case_id = OLD.case_id AND length(wrapped) = 0
  )) THEN
    RAISE EXCEPTION 'the words of an event stay until the case''s key is destroyed';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_case_event BEFORE UPDATE ON "case_events" FOR EACH ROW EXECUTE FUNCTION keep_case_event();
