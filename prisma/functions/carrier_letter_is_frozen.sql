-- Refuses to change or delete a letter that was signed on paper. It only gains its drawing, and when it was handed over.
CREATE OR REPLACE FUNCTION carrier_letter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR
     (NEW.id, NEW.carrier_id, NEW.year, NEW.ordinal, NEW.after, NEW.up_to, NEW.rows, NEW.facts, NEW.annex_sha256,
       NEW.made_at, NEW.made_by_id) IS DISTINCT FROM
     (OLD.id, OLD.carrier_id, OLD.year, OLD.ordinal, OLD.after, OLD.up_to, OLD.rows, OLD.facts, OLD.annex_sha256,
       OLD.made_at, OLD.made_by_id) OR
     (OLD.pdf IS NOT NULL AND (NEW.pdf, NEW.pdf_sha256) IS DISTINCT FROM (OLD.pdf, OLD.pdf_sha256)) OR
     (OLD.handed_on IS NOT NULL AND (NEW.handed_on, NEW.handed_by) IS DISTINCT FROM (OLD.handed_on, OLD.handed_by)) OR
     (OLD.received_on IS NOT NULL AND
       (NEW.received_on, NEW.received_as) IS DISTINCT FROM (OLD.received_on, OLD.received_as)) THEN
    RAISE EXCEPTION 'a letter does not change';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "carrier_letters_frozen" BEFORE UPDATE OR DELETE ON "carrier_letters"
  FOR EACH ROW EXECUTE FUNCTION carrier_letter_is_frozen();
