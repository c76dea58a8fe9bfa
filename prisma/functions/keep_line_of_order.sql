-- Refuses a line of the book that differs from its order, or whose number does not belong to its order's case, regardless of the
-- application: no phone is blocked or lifted because of another phone's case. If the case's data was erased, its numbers are
-- those already in the book. Checked once per statement, because a book is written in thousands of lines, and as the tables'
-- owner, because the relay sends without a scope over cases.
CREATE OR REPLACE FUNCTION keep_line_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  bound constant boolean := row_security_active('case_imeis');
  before constant text := coalesce(current_setting('antam.scope', true), '');
BEGIN
  IF bound THEN PERFORM set_config('antam.scope', 'system', true); END IF;
  IF EXISTS (
    SELECT FROM added JOIN carrier_orders o ON o.id = added.order_id
    WHERE (added.carrier_id, added.action, added.reason) IS DISTINCT FROM (o.carrier_id, o.action, o.reason)
  ) THEN
    RAISE EXCEPTION 'a line of a carrier''s book says what its order says';
  END IF;
  IF EXISTS (
    SELECT FROM added JOIN carrier_orders o ON o.id = added.order_id
    WHERE o.case_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM case_imeis i WHERE i.case_id = o.case_id AND i.imei = added.imei)
      AND NOT EXISTS (
        SELECT FROM cases c JOIN carrier_orders earlier ON earlier.case_id = c.id
          JOIN book_entries line ON line.order_id = earlier.id AND line.imei = added.imei
        WHERE c.id = o.case_id AND c.erased_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM added AS line_now WHERE line_now.carrier_id = line.carrier_id AND line_now.seq = line.seq)
      )
  ) THEN
    RAISE EXCEPTION 'a line of a carrier''s book is on a number of its order''s case';
  END IF;
  IF bound THEN PERFORM set_config('antam.scope', before, true); END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_line_of_order AFTER INSERT ON "book_entries" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION keep_line_of_order();
