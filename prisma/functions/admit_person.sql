-- Counts an address as one of the ten people whose answers to one questionnaire version wait at one agency. Only the previous
-- release calls it. Runs in a transaction that writes no answer. `p_person` is [] for a kiosk, whose answer always counts as a
-- person and has no batch; otherwise it is one counter. The counter's key is hashed with the number of the batch, so that an
-- address counts again after each batch.
CREATE OR REPLACE FUNCTION admit_person(
  p_person jsonb, p_agency text, p_version integer, p_now timestamptz, OUT person boolean, OUT batch integer, OUT key text
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  -- A crash loses nothing: the answer commits later, and its commit flushes this one to disk too.
  PERFORM set_config('synchronous_commit', 'off', true);
  person := true;
  IF jsonb_array_length(p_person) = 0 THEN RETURN; END IF;
  SELECT t.batches INTO batch FROM survey_tallies t
  WHERE t.agency_id = p_agency AND t.questionnaire_version = p_version;
  batch := coalesce(batch, 0);
  key := encode(sha256(decode(p_person#>>'{0,key}', 'hex') || int4send(batch)), 'hex');
  person := take_hits(jsonb_build_array(p_person->0 || jsonb_build_object('key', key)), p_now) = 0;
END $$;
