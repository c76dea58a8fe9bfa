-- Counts an address among the ten people whose answers to one version of the questions wait at one agency, in a
-- transaction that writes no answer. p_person is [] (a kiosk: always a person, of no batch) or one counter. Its name is
-- extended by how often the agency's answers have been released, so that it counts anew after each release.
CREATE OR REPLACE FUNCTION admit_person(
  p_person jsonb, p_agency text, p_version integer, p_now timestamptz, OUT person boolean, OUT batch integer, OUT key text
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  -- Its loss in a crash is none: the answer's own commit, which comes later, waits for this one too.
  PERFORM set_config('synchronous_commit', 'off', true);
  person := true;
  IF jsonb_array_length(p_person) = 0 THEN RETURN; END IF;
  SELECT t.batches INTO batch FROM survey_tallies t
  WHERE t.agency_id = p_agency AND t.questionnaire_version = p_version;
  batch := coalesce(batch, 0);
  key := encode(sha256(decode(p_person#>>'{0,key}', 'hex') || int4send(batch)), 'hex');
  person := take_hits(jsonb_build_array(p_person->0 || jsonb_build_object('key', key)), p_now) = 0;
END $$;
