-- Moves the requests about a case's data, and the objections to its block, to the new unit of the case (ADR 69).
CREATE OR REPLACE FUNCTION follow_case_unit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE data_requests SET unit_id = NEW.unit_id WHERE case_id = NEW.id;
  UPDATE objections SET unit_id = NEW.unit_id WHERE against_id = NEW.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER cases_follow_unit AFTER UPDATE OF unit_id ON cases
  FOR EACH ROW WHEN (OLD.unit_id IS DISTINCT FROM NEW.unit_id) EXECUTE FUNCTION follow_case_unit();
