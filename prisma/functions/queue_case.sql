-- Places a case in the lists of the queue anew with each change of its row.
CREATE OR REPLACE FUNCTION queue_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A case that an approver sends back stays in that list until its officer passes it on again.
  PERFORM place_in_queue(NEW.id, TG_OP = 'UPDATE' AND OLD.state = 'verified' AND NEW.state = 'under_review');
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER queue_new_case AFTER INSERT ON cases
  FOR EACH ROW WHEN (NEW.needs_work) EXECUTE FUNCTION queue_case();
CREATE OR REPLACE TRIGGER queue_changed_case AFTER UPDATE ON cases
  FOR EACH ROW WHEN (OLD.needs_work OR NEW.needs_work) EXECUTE FUNCTION queue_case();
