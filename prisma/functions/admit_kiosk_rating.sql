-- Decides whether an answer from a kiosk may be recorded. Runs before the answer, in its own transaction, like `admit_rating`.
-- `outcome` is `admitted`, `again` (this form was sent before: `receipt` is the first one's), `pace` (too soon after another
-- answer of this kiosk) or `limit` (its hour is full; `wait` is in seconds). `person` says whether it is one of the few per kiosk
-- and hour that count toward the thirty.
-- `p` is {now, kiosk, submitKey, near, second, ceiling, people}: `near` are the keys of the seconds around the answer's, `second`
-- is the counter of the answer's own second. A kiosk's answers take turns, so that two at once see each other.
CREATE OR REPLACE FUNCTION admit_kiosk_rating(p jsonb, OUT outcome text, OUT receipt text, OUT wait integer, OUT person boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_now timestamptz := (p->>'now')::timestamptz;
  v_act text;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  PERFORM pg_advisory_xact_lock(hashtextextended('kiosk ' || (p->>'kiosk'), 0));
  wait := 0;
  person := false;
  SELECT s.act, s.outcome#>>'{}' INTO v_act, receipt FROM submissions s WHERE s.key = (p->>'submitKey')::uuid;
  IF FOUND THEN
    IF v_act <> 'survey.rate_at_kiosk' THEN
      RAISE EXCEPTION 'an idempotency key was used for another act';
    END IF;
    outcome := 'again';
    RETURN;
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements_text(p->'near') AS near
             JOIN rate_limits l ON l.key_hash = decode(near, 'hex')
             WHERE l.hits > 0 AND l.ends_at > v_now) THEN
    outcome := 'pace';
    RETURN;
  END IF;
  wait := take_hits(jsonb_build_array(p->'ceiling'), v_now);
  IF wait > 0 THEN
    outcome := 'limit';
    RETURN;
  END IF;
  PERFORM take_hits(jsonb_build_array(p->'second'), v_now);
  person := take_hits(jsonb_build_array(p->'people'), v_now) = 0;
  outcome := 'admitted';
END $$;
