-- Refuses a legal hold, or its end, by one person alone. A trigger, as a CHECK would also bind old rows, which name one person.
CREATE OR REPLACE FUNCTION legally_held_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND (NEW.asked_by_id IS NULL OR NEW.asked_by_id = NEW.placed_by_id)
    OR NEW.lifted_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.lifted_at IS NULL)
      AND (NEW.lift_asked_by_id IS NULL OR NEW.lifted_by_id IS NULL OR NEW.lift_asked_by_id = NEW.lifted_by_id)
  THEN
    RAISE EXCEPTION 'a legal hold needs two people' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "legal_holds_two" BEFORE INSERT OR UPDATE ON "legal_holds"
  FOR EACH ROW EXECUTE FUNCTION legally_held_by_two();
