-- AlterTable
ALTER TABLE "survey_suggestions" ADD COLUMN     "excluded" BOOLEAN NOT NULL DEFAULT false;

-- A suggestion says whether a rule kept the answer out that it came with, as a comment does, but not which group: a
-- suggestion names no agency. `record_rating` writes the receipt before the suggestion, in one transaction; only there
-- does the setting live. Rows that are written again in another order are inserted too: they keep what they have.
CREATE FUNCTION note_excluded_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('an_tam.excluded', 'on', true);
  RETURN NULL;
END $$;
CREATE TRIGGER survey_receipts_excluded AFTER INSERT ON survey_receipts
  FOR EACH ROW WHEN (NEW.exclusion_id IS NOT NULL) EXECUTE FUNCTION note_excluded_receipt();

CREATE FUNCTION mark_excluded_suggestion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.excluded := NEW.excluded OR coalesce(current_setting('an_tam.excluded', true), '') = 'on';
  RETURN NEW;
END $$;
CREATE TRIGGER survey_suggestions_excluded BEFORE INSERT ON survey_suggestions
  FOR EACH ROW EXECUTE FUNCTION mark_excluded_suggestion();
