-- Notes on whose finding a number's block stands. While another case has the number blocked, its block passes to this case (ADR
-- 50): it stands on that case, or on the one that it stands on itself. Nothing else writes `agreed_in_id`.
CREATE OR REPLACE FUNCTION follow_block() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.agreed_in_id := CASE
    WHEN NOT NEW.is_public THEN NULL
    WHEN TG_OP = 'UPDATE' AND OLD.is_public THEN OLD.agreed_in_id
    ELSE (
      SELECT coalesce(theirs.agreed_in_id, theirs.case_id) FROM case_imeis theirs
      WHERE theirs.key14 = NEW.key14 AND theirs.is_public AND theirs.case_id <> NEW.case_id AND block_stands(theirs.case_id)
      LIMIT 1)
  END;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER follow_block BEFORE INSERT OR UPDATE OF is_public, key14, case_id, agreed_in_id ON case_imeis
  FOR EACH ROW EXECUTE FUNCTION follow_block();
