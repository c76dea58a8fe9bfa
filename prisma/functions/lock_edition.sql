-- Keeps the edition of areas and units in force until the transaction ends, and returns it. The row is read by a second
-- statement, which sees what was committed during the wait for the lock.
CREATE OR REPLACE FUNCTION lock_edition() RETURNS SETOF area_editions LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('areas'));
  RETURN QUERY SELECT * FROM area_editions WHERE in_force;
END $$;
