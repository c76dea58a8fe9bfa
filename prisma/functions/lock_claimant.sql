-- Lets one sender at a time proceed for a contact and for an id number, until the transaction ends, and returns the cases that
-- have one of these hashes. A second statement reads them, to see what was committed while waiting for the lock. Its plan is
-- kept, because planning for each list takes longer than the look-up.
CREATE OR REPLACE FUNCTION lock_claimant(p_locks bigint[], p_contacts bytea[], p_national_ids bytea[])
RETURNS TABLE (id uuid, of_contact boolean)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(key) FROM unnest(p_locks) AS key;
  RETURN QUERY
    SELECT b.case_id, bool_or(b.kind = 'contact') FROM blind_index b
    WHERE (b.kind = 'contact' AND b.hash = ANY(p_contacts)) OR (b.kind = 'national_id' AND b.hash = ANY(p_national_ids))
    GROUP BY b.case_id;
END $$;
