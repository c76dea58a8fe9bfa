-- The day by which a request about personal data is answered can be put off once, before it has come.
ALTER TABLE "data_requests" ADD COLUMN     "extended_at" TIMESTAMPTZ(3),
ADD COLUMN     "extended_by_id" UUID,
ADD COLUMN     "first_due_at" TIMESTAMPTZ(3);

ALTER TABLE "data_requests" ADD CONSTRAINT "data_requests_extended"
  CHECK ((extended_at IS NULL) = (first_due_at IS NULL) AND (extended_at IS NULL) = (extended_by_id IS NULL)
    AND (extended_at IS NULL OR (extended_at < first_due_at AND first_due_at < due_at)));

-- Once, and nobody's day moves in any other way.
CREATE FUNCTION keep_data_request_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.due_at IS DISTINCT FROM OLD.due_at AND (OLD.extended_at IS NOT NULL OR NEW.first_due_at IS DISTINCT FROM OLD.due_at)
    OR OLD.extended_at IS NOT NULL
    AND (NEW.extended_at, NEW.extended_by_id, NEW.first_due_at) IS DISTINCT FROM
    (OLD.extended_at, OLD.extended_by_id, OLD.first_due_at) THEN
    RAISE EXCEPTION 'the day of a data request is put off once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "data_requests_day" BEFORE UPDATE ON "data_requests"
  FOR EACH ROW EXECUTE FUNCTION keep_data_request_day();
