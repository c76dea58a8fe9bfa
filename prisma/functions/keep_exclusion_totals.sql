-- Sums up the groups of a rule at an agency, in the transaction that changes a group. Locks the group's row first and the total
-- second: two changes at one agency take the locks in the same order.
CREATE OR REPLACE FUNCTION keep_exclusion_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_added integer := coalesce(NEW.count, 0) - coalesce(OLD.count, 0);
  v_excluded integer := CASE WHEN NEW.reversed_at IS NULL THEN coalesce(NEW.count, 0) ELSE 0 END
    - CASE WHEN OLD.reversed_at IS NULL THEN coalesce(OLD.count, 0) ELSE 0 END;
BEGIN
  INSERT INTO survey_exclusion_totals AS total (agency_id, reason, excluded, reversed)
  VALUES (coalesce(NEW.agency_id, OLD.agency_id), coalesce(NEW.reason, OLD.reason), v_excluded, v_added - v_excluded)
  ON CONFLICT (agency_id, reason) DO UPDATE SET
    excluded = total.excluded + EXCLUDED.excluded, reversed = total.reversed + EXCLUDED.reversed;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_exclusion_totals AFTER INSERT OR UPDATE OF count, reversed_at OR DELETE ON "survey_exclusions"
  FOR EACH ROW EXECUTE FUNCTION keep_exclusion_totals();
