-- Keeps the edition of areas and units in force until the transaction ends, and returns it. A second statement reads the row, to
-- see what was committed while waiting for the lock.
CREATE OR REPLACE FUNCTION lock_edition() RETURNS SETOF area_editions LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('areas'));
  RETURN QUERY SELECT * FROM area_editions WHERE in_force;
END $$;
