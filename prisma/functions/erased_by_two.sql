-- Refuses an erasure granted by one person alone. A trigger, as a CHECK would also bind old rows, which name one person.
CREATE OR REPLACE FUNCTION erased_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.proposed_by_id IS NULL OR NEW.decided_by_id IS NULL OR NEW.proposed_by_id = NEW.decided_by_id THEN
    RAISE EXCEPTION 'an erasure needs two people' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "data_requests_two" BEFORE UPDATE ON "data_requests"
  FOR EACH ROW WHEN (NEW.kind = 'erase' AND NEW.state = 'granted' AND OLD.state <> 'granted')
  EXECUTE FUNCTION erased_by_two();

CREATE OR REPLACE TRIGGER "data_requests_two_at_once" BEFORE INSERT ON "data_requests"
  FOR EACH ROW WHEN (NEW.kind = 'erase' AND NEW.state = 'granted') EXECUTE FUNCTION erased_by_two();
