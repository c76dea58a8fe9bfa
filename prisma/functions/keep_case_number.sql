-- Stores the search parts of a case's number, which never changes.
CREATE OR REPLACE FUNCTION keep_case_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO case_numbers (case_id, grams) VALUES (NEW.id, case_number_grams(NEW.number));
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_case_number AFTER INSERT ON cases
  FOR EACH ROW EXECUTE FUNCTION keep_case_number();
