-- Refuses to move a request's due day more than once, or other than by an extension.
CREATE OR REPLACE FUNCTION keep_data_request_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.due_at IS DISTINCT FROM OLD.due_at AND (OLD.extended_at IS NOT NULL OR NEW.first_due_at IS DISTINCT FROM OLD.due_at)
    OR OLD.extended_at IS NOT NULL
    AND (NEW.extended_at, NEW.extended_by_id, NEW.first_due_at) IS DISTINCT FROM
    (OLD.extended_at, OLD.extended_by_id, OLD.first_due_at) THEN
    RAISE EXCEPTION 'the day of a data request is put off once';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "data_requests_day" BEFORE UPDATE ON "data_requests"
  FOR EACH ROW EXECUTE FUNCTION keep_data_request_day();
