-- Skips the release of a comment which the machine has not examined or has found doubtful, unless the survey manager has
-- passed it. The command that releases ten people's answers need not know: the comment waits for the next release.
CREATE OR REPLACE FUNCTION keep_back_doubtful_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.review NOT IN ('clear', 'passed') THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "survey_comments_keep_back" BEFORE UPDATE OF released ON "survey_comments"
  FOR EACH ROW WHEN (NEW.released AND NOT OLD.released) EXECUTE FUNCTION keep_back_doubtful_comment();
