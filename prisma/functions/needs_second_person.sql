-- Refuses an act that needs two people unless a confirmed request exists for it, in plain SQL as on the pages. Arguments: the
-- kind, and the beginning of the subject. Requests that the previous release confirmed in `survey_requests` count until its
-- contract migration.
CREATE OR REPLACE FUNCTION needs_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approvals
      WHERE kind = TG_ARGV[0] AND subject = TG_ARGV[1] || ':' || NEW.id AND state = 'confirmed')
    AND NOT EXISTS (SELECT FROM survey_requests
      WHERE state = 'confirmed' AND (TG_TABLE_NAME = 'survey_exclusions' AND exclusion_id = NEW.id
        OR TG_TABLE_NAME = 'survey_reports' AND report_id = NEW.id))
  THEN
    RAISE EXCEPTION 'this takes a second person';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "survey_exclusions_two_people" BEFORE UPDATE OF reversed_at ON "survey_exclusions"
  FOR EACH ROW WHEN (NEW.reversed_at IS NOT NULL AND OLD.reversed_at IS NULL)
  EXECUTE FUNCTION needs_second_person('survey.reversal', 'exclusion');

CREATE OR REPLACE TRIGGER "survey_reports_two_people" BEFORE UPDATE OF withdrawn_at ON "survey_reports"
  FOR EACH ROW WHEN (NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL)
  EXECUTE FUNCTION needs_second_person('survey.withdrawal', 'report');
