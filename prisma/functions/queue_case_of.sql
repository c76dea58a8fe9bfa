-- Places a case in the lists of the queue anew when its evidence changes.
CREATE OR REPLACE FUNCTION queue_case_of() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM place_in_queue(coalesce(NEW.case_id, OLD.case_id));
  RETURN NULL;
END $$;

-- Before the change of the evidence is counted, which locks the key: a move locks the case first as well.
CREATE OR REPLACE TRIGGER evidence_queues_case AFTER INSERT OR DELETE ON evidence
  FOR EACH ROW EXECUTE FUNCTION queue_case_of();
