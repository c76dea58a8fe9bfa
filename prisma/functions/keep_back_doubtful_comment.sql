-- Keeps a comment back before the machine has looked at it and found nothing, or the survey manager lets it pass.
-- A command that releases ten need not know: what is kept back waits, as it was, for the next one.
CREATE OR REPLACE FUNCTION keep_back_doubtful_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.review NOT IN ('clear', 'passed') THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "survey_comments_keep_back" BEFORE UPDATE OF released ON "survey_comments"
  FOR EACH ROW WHEN (NEW.released AND NOT OLD.released) EXECUTE FUNCTION keep_back_doubtful_comment();
