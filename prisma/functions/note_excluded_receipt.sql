-- Notes for the rest of the transaction that a rule excluded its answer; `mark_excluded_suggestion` reads that. `record_rating`
-- writes the receipt before the suggestion.
CREATE OR REPLACE FUNCTION note_excluded_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('an_tam.excluded', 'on', true);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER survey_receipts_excluded AFTER INSERT ON survey_receipts
  FOR EACH ROW WHEN (NEW.exclusion_id IS NOT NULL) EXECUTE FUNCTION note_excluded_receipt();
