-- Refuses a drill's line on a real number, and a case's line on a test number (reporting body 00), regardless of the application:
-- no phone is blocked for practice, and the number alone tells practice from real orders. Checked once per statement, because a
-- book is written in thousands of lines.
CREATE OR REPLACE FUNCTION keep_drills_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM added JOIN carrier_orders o ON o.id = added.order_id
    WHERE starts_with(added.imei::text, '00') <> (o.drill_id IS NOT NULL)
  ) THEN
    RAISE EXCEPTION 'a drill orders test numbers, and nothing else does';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER keep_drills_apart AFTER INSERT ON "book_entries" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION keep_drills_apart();
