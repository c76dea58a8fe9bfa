-- Undoes what `admit_rating` counted for a form that was not recorded. The counter of an address that counted as one of
-- the ten people is deleted, not lowered by one: a second request of the same address may have raised it to two, and a
-- remaining one would keep the address taken until midnight.
CREATE OR REPLACE FUNCTION return_admission(p jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_key text;
BEGIN
  DELETE FROM survey_spent_proofs WHERE challenge = decode(p->>'challenge', 'hex');
  FOR v_key IN SELECT * FROM jsonb_array_elements_text(p->'keys') LOOP
    UPDATE rate_limits SET hits = hits - 1
    WHERE key_hash = decode(v_key, 'hex') AND hits > 0 AND ends_at > (p->>'now')::timestamptz;
  END LOOP;
  FOR v_key IN SELECT * FROM jsonb_array_elements_text(p->'people') LOOP
    DELETE FROM rate_limits WHERE key_hash = decode(v_key, 'hex');
  END LOOP;
END $$;
