-- Copies the answer about a case's numbers to each of them where the checklist asked about all together: the previous release
-- writes such checks while both run (ADR 86).
CREATE OR REPLACE FUNCTION fill_check_imeis() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO proof_check_imeis (case_id, seq, key14, answer)
    SELECT NEW.case_id, NEW.seq, key14, NEW.imei FROM case_imeis WHERE case_id = NEW.case_id
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER fill_check_imeis AFTER INSERT ON proof_checks
  FOR EACH ROW WHEN (NEW.imei IS NOT NULL AND NOT NEW.by_number) EXECUTE FUNCTION fill_check_imeis();
