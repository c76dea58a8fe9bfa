-- Refuses what two people must agree on where only one has: at the end of the transaction a confirmed request of that kind
-- stands behind the row. It holds for plain SQL as for the pages. Arguments: the kind, and how the subject begins.
-- What the release before confirmed in `survey_requests` counts until its contract migration.
CREATE OR REPLACE FUNCTION done_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM approvals
      WHERE kind = TG_ARGV[0] AND subject = TG_ARGV[1] || ':' || NEW.id AND state = 'confirmed')
    OR EXISTS (SELECT FROM survey_requests WHERE state = 'confirmed'
      AND (TG_TABLE_NAME = 'survey_exclusions' AND exclusion_id = NEW.id
        OR TG_TABLE_NAME = 'survey_reports' AND report_id = NEW.id))
  THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'this takes a second person';
END $$;

-- A constraint trigger cannot be replaced.
DROP TRIGGER IF EXISTS "survey_exclusions_done_by_two" ON "survey_exclusions";
CREATE CONSTRAINT TRIGGER "survey_exclusions_done_by_two" AFTER UPDATE OF reversed_at ON "survey_exclusions"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reversed_at IS NOT NULL AND OLD.reversed_at IS NULL)
  EXECUTE FUNCTION done_by_two('survey.reversal', 'exclusion');

DROP TRIGGER IF EXISTS "survey_reports_done_by_two" ON "survey_reports";
CREATE CONSTRAINT TRIGGER "survey_reports_done_by_two" AFTER UPDATE OF withdrawn_at ON "survey_reports"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL)
  EXECUTE FUNCTION done_by_two('survey.withdrawal', 'report');
