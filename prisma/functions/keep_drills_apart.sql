-- Refuses a line of a drill on a real number, and one of a case on a test number (reporting body 00), whatever the
-- application asks for: no phone is blocked for practice, and what is in force can be told from practice by the number
-- alone. Checked once per statement, because a book is written in thousands of lines.
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
