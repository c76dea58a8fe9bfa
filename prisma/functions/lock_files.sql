-- Locks the files of a case or a draft until the transaction ends: none comes or goes. Returns their ids; null where the
-- case is gone. They are read by a statement of its own: it sees what was committed while the lock was waited for.
CREATE OR REPLACE FUNCTION lock_files(p_case uuid) RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM case_keys WHERE case_id = p_case FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN ARRAY(SELECT id FROM evidence WHERE case_id = p_case);
END $$;
