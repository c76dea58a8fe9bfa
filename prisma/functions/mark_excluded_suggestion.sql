-- Marks a suggestion whose answer a rule excluded. Unlike a comment it does not name the group, because a suggestion names no
-- agency. Rows that `survey_shuffle` inserts again keep their mark.
CREATE OR REPLACE FUNCTION mark_excluded_suggestion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.excluded := NEW.excluded OR coalesce(current_setting('an_tam.excluded', true), '') = 'on';
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER survey_suggestions_excluded BEFORE INSERT ON survey_suggestions
  FOR EACH ROW EXECUTE FUNCTION mark_excluded_suggestion();
