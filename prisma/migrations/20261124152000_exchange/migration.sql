-- CreateIndex
CREATE INDEX "book_entries_carrier_id_imei_seq_idx" ON "book_entries"("carrier_id", "imei", "seq");

-- CreateIndex
CREATE INDEX "carrier_orders_issued_at_id_idx" ON "carrier_orders"("issued_at", "id");

-- CreateIndex
CREATE INDEX "orders_open_carrier" ON "carrier_orders"("carrier_id", "state", "due_at", "id") WHERE (state IN ('queued', 'sent', 'acknowledged', 'failed'));

-- Nobody exempts a carrier alone, whatever the application does.
ALTER TABLE "carrier_orders"
  ADD CONSTRAINT "exempted_by_two" CHECK (
    "exempt_confirmed_by_id" IS NULL
    OR ("exempt_asked_by_id" IS NOT NULL AND "exempt_confirmed_by_id" <> "exempt_asked_by_id")
  ),
  ADD CONSTRAINT "exempted_with_reason" CHECK (
    "state" <> 'exempt' OR ("exempt_confirmed_by_id" IS NOT NULL AND "exempt_reason" IS NOT NULL)
  );

ALTER TABLE "book_entries"
  ADD CONSTRAINT "sequences_begin_at_one" CHECK ("seq" > 0),
  ADD CONSTRAINT "imei_of_fifteen_digits" CHECK ("imei" ~ '^[0-9]{15}$');

ALTER TABLE "carriers"
  ADD CONSTRAINT "acknowledged_within_the_book" CHECK ("acked_seq" BETWEEN 0 AND "book_head");

-- A line of the book never changes but for what the carrier answered, and an applied line stays applied.
CREATE FUNCTION keep_book_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.carrier_id, NEW.seq, NEW.order_id, NEW.imei, NEW.action, NEW.reason, NEW.legal_basis, NEW.issued_at, NEW.expires_at)
    IS DISTINCT FROM
    (OLD.carrier_id, OLD.seq, OLD.order_id, OLD.imei, OLD.action, OLD.reason, OLD.legal_basis, OLD.issued_at, OLD.expires_at)
  THEN
    RAISE EXCEPTION 'a line of a carrier''s book cannot be changed';
  END IF;
  IF OLD.outcome IN ('applied', 'already') AND NEW.outcome IS DISTINCT FROM OLD.outcome THEN
    RAISE EXCEPTION 'an applied line stays applied';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_book_line BEFORE UPDATE ON "book_entries" FOR EACH ROW EXECUTE FUNCTION keep_book_line();
