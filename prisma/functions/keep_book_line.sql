-- Refuses to change a line of the book, except for the carrier's answer and, once, the chain of an old line. An applied line
-- stays applied.
CREATE OR REPLACE FUNCTION keep_book_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.carrier_id, NEW.seq, NEW.order_id, NEW.imei, NEW.action, NEW.reason, NEW.legal_basis, NEW.issued_at, NEW.expires_at)
    IS DISTINCT FROM
    (OLD.carrier_id, OLD.seq, OLD.order_id, OLD.imei, OLD.action, OLD.reason, OLD.legal_basis, OLD.issued_at, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'a line of a carrier''s book cannot be changed';
  END IF;
  IF OLD.chain IS NOT NULL AND NEW.chain IS DISTINCT FROM OLD.chain THEN
    RAISE EXCEPTION 'the chain of a carrier''s book cannot be changed';
  END IF;
  IF OLD.outcome IN ('applied', 'already') AND NEW.outcome IS DISTINCT FROM OLD.outcome THEN
    RAISE EXCEPTION 'an applied line stays applied';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER keep_book_line BEFORE UPDATE ON "book_entries" FOR EACH ROW EXECUTE FUNCTION keep_book_line();
