-- Locks the files of a case or a draft until the transaction ends: none is added or deleted. Returns their ids; null where the
-- case is gone. A second statement reads them, to see what was committed while waiting for the lock.
CREATE OR REPLACE FUNCTION lock_files(p_case uuid) RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM case_keys WHERE case_id = p_case FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN ARRAY(SELECT id FROM evidence WHERE case_id = p_case);
END $$;
