-- Stores in a case when its first open question to a carrier about the phones of its number is overdue (QUESTION_LATE):
-- from then on the case rises in the queue.
CREATE OR REPLACE FUNCTION follow_lookup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cases SET lookup_due_at = (
    SELECT min(asked_at) + interval '24 hours' FROM carrier_questions
    WHERE case_id = NEW.case_id AND imei IS NULL AND open
  ) WHERE id = NEW.case_id;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER cases_follow_lookup AFTER INSERT OR UPDATE OF open ON carrier_questions
  FOR EACH ROW WHEN (NEW.imei IS NULL) EXECUTE FUNCTION follow_lookup();
