-- Places a case in the lists of the queue anew when its evidence changes.
CREATE OR REPLACE FUNCTION queue_case_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM place_in_queue(coalesce(NEW.case_id, OLD.case_id));
  RETURN NULL;
END $$;

-- By its name it fires before `proof_changed`, which locks the key: like a move, it locks the case first.
CREATE OR REPLACE TRIGGER evidence_queues_case AFTER INSERT OR DELETE ON evidence
  FOR EACH ROW EXECUTE FUNCTION queue_case_of();
