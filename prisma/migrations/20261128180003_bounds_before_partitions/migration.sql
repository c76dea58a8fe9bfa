-- What is there becomes the first partition of its table: all rows up to the end of next month. It is said as a check first, so
-- that nothing has to be read under a lock when it becomes one (ADR 95).
DO $$
DECLARE
  v_bound text := to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + interval '2 months', 'YYYY-MM-DD');
BEGIN
  EXECUTE format('ALTER TABLE survey_receipts ADD CONSTRAINT before_partitions CHECK (received_month < %L::date) NOT VALID', v_bound);
  EXECUTE format('ALTER TABLE survey_responses ADD CONSTRAINT before_partitions CHECK (received_month < %L::date) NOT VALID', v_bound);
  EXECUTE format('ALTER TABLE push_tries ADD CONSTRAINT before_partitions CHECK (at < %L::timestamptz) NOT VALID', v_bound || ' 00:00:00+00');
END $$;
