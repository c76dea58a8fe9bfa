-- Marks a suggestion whose answer a rule kept out, as a comment is, but not with which group: a suggestion names no
-- agency. Rows that are written again in another order are inserted too: they keep what they have.
CREATE OR REPLACE FUNCTION mark_excluded_suggestion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.excluded := NEW.excluded OR coalesce(current_setting('an_tam.excluded', true), '') = 'on';
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER survey_suggestions_excluded BEFORE INSERT ON survey_suggestions
  FOR EACH ROW EXECUTE FUNCTION mark_excluded_suggestion();
