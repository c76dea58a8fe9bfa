-- Decides whether a rating may be recorded. Runs before the rating and in its own transaction, so that no row that counts an
-- address is written in an answer's transaction. `outcome` is `admitted`, `again` (this form was sent before: `receipt` is the
-- first one's) or `limit` (`wait` is in seconds). For `admitted`: `proven` says whether a proof of work was spent, `exclusion`
-- which rule excludes the rating from the figures, `person` whether its address is new on this day, and `person_key` is the key
-- of the counter. `p.network` counts a network once a day at one agency; `p.flow` counts an agency's answers per day, for the
-- survey manager. The previous version of the product sends `p.person` instead of both: an address then counts once per batch,
-- and `batch` is how often the agency's answers had been released.
CREATE OR REPLACE FUNCTION admit_rating(
  p jsonb, OUT outcome text, OUT receipt text, OUT wait integer, OUT proven boolean, OUT exclusion text, OUT person boolean,
  OUT batch integer, OUT person_key text
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_now timestamptz := (p->>'now')::timestamptz;
  v_challenge bytea := decode(p#>>'{proof,challenge}', 'hex');
  v_act text;
  v_sign jsonb;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  wait := 0;
  proven := false;
  person := false;
  SELECT s.act, s.outcome#>>'{}' INTO v_act, receipt FROM submissions s WHERE s.key = (p->>'submitKey')::uuid;
  IF FOUND THEN
    IF v_act NOT IN ('survey.rate', 'survey.rate_at_kiosk') THEN
      RAISE EXCEPTION 'an idempotency key was used for another act';
    END IF;
    outcome := 'again';
    RETURN;
  END IF;
  IF v_challenge IS NOT NULL THEN
    INSERT INTO survey_spent_proofs (challenge, expires_at)
    VALUES (v_challenge, (p#>>'{proof,expiresAt}')::timestamptz) ON CONFLICT DO NOTHING;
    proven := FOUND;
  END IF;
  wait := take_hits(CASE WHEN proven THEN p->'limits' ELSE p->'limitsWithoutProof' END, v_now);
  IF wait > 0 THEN
    IF proven THEN DELETE FROM survey_spent_proofs WHERE challenge = v_challenge; END IF;
    outcome := 'limit';
    RETURN;
  END IF;
  FOR v_sign IN SELECT * FROM jsonb_array_elements(p->'signs') LOOP
    IF take_hits(jsonb_build_array(v_sign), v_now) > 0 AND exclusion IS NULL THEN
      exclusion := v_sign->>'reason';
    END IF;
  END LOOP;
  IF exclusion IS NULL AND p ? 'network' THEN
    person_key := p#>>'{network,key}';
    person := take_hits(jsonb_build_array(p->'network'), v_now) = 0;
  ELSIF exclusion IS NULL THEN
    SELECT a.person, a.batch, a.key INTO person, batch, person_key
    FROM admit_person(p->'person', p->>'agency', (p->>'version')::integer, v_now) a;
  END IF;
  IF p ? 'flow' THEN
    PERFORM take_hits(CASE WHEN person THEN p->'flow' ELSE jsonb_build_array(p#>'{flow,0}') END, v_now);
  END IF;
  outcome := 'admitted';
END $$;
