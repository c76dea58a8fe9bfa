-- Refuses to change a question, or its first answer. The numbers that a carrier named can only be deleted.
CREATE OR REPLACE FUNCTION keep_carrier_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.carrier_id, NEW.seq, NEW.case_id, NEW.kind, NEW.imei, NEW.sealed, NEW.number_hash, NEW.asked_by_id, NEW.asked_at, NEW.expires_at)
    IS DISTINCT FROM
    (OLD.id, OLD.carrier_id, OLD.seq, OLD.case_id, OLD.kind, OLD.imei, OLD.sealed, OLD.number_hash, OLD.asked_by_id, OLD.asked_at, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'a question to a carrier cannot be changed';
  END IF;
  IF OLD.answer IS NOT NULL AND (NEW.answer IS DISTINCT FROM OLD.answer
    OR NEW.sealed_answer IS NOT NULL AND NEW.sealed_answer IS DISTINCT FROM OLD.sealed_answer)
  THEN
    RAISE EXCEPTION 'the first answer stands';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_carrier_question BEFORE UPDATE ON "carrier_questions" FOR EACH ROW EXECUTE FUNCTION keep_carrier_question();
