-- Refuses to change or delete the record of a changed promise.
CREATE OR REPLACE FUNCTION keep_survey_reply_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a promise was stays on record';
END $$;

CREATE OR REPLACE TRIGGER "survey_reply_changes_immutable" BEFORE UPDATE OR DELETE ON "survey_reply_changes"
  FOR EACH ROW EXECUTE FUNCTION keep_survey_reply_change();
