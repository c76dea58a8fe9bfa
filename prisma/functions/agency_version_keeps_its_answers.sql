-- Refuses to end an agency's version before the day of one of its answers, counted or excluded.
CREATE OR REPLACE FUNCTION agency_version_keeps_its_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM survey_responses WHERE agency_version_id = NEW.id
             AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to))
    OR EXISTS (SELECT FROM survey_excluded_responses WHERE agency_version_id = NEW.id
               AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to))
    OR EXISTS (SELECT FROM survey_invited_responses WHERE agency_version_id = NEW.id
               AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to))
    OR EXISTS (SELECT FROM survey_kiosk_responses WHERE agency_version_id = NEW.id
               AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to)) THEN
    RAISE EXCEPTION 'agency version %: answers would fall outside it', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'agency_versions_keep_answers';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "agency_versions_keep_answers" BEFORE UPDATE OF valid_from, valid_to ON "agency_versions"
  FOR EACH ROW EXECUTE FUNCTION agency_version_keeps_its_answers();
