-- Writes an answer with everything that belongs to it. `outcome` is one of: `recorded`; `again` (this form was sent
-- before: `receipt` is the first one's); `closed` (the agency's version has ended); `used` (the dossier code was used);
-- `tenth` (`p_group` people wait: call again with `p_publishes`, in a transaction that publishes); `released` (nothing was
-- recorded, since some of the agency's answers were released after the address was counted in `batch`). After `released`
-- the caller counts the address again (`admit_person`), or sends the answer with no batch and no person, which is always
-- recorded. A release during this call undoes it with error AT011. An answer of a kiosk goes to a table of its own, by
-- its week, and no tally of the agency's is touched. An answer that is not its network's first of the day (`person`) is marked
-- `same_network`: it waits and is released with the others, and is in no figure. Only the last release sends a batch. An answer by
-- invitation spends its token, or is refused (`uninvited`); it goes to a table of its own with the draw and procedure alone.
CREATE OR REPLACE FUNCTION record_answer(p jsonb, p_publishes boolean, p_group integer, OUT outcome text, OUT receipt text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_key uuid := (p->>'submitKey')::uuid;
  v_rate text := coalesce(p->>'act', 'survey.rate');
  v_response survey_responses := jsonb_populate_record(NULL::survey_responses, p->'response');
  v_person boolean := (p->>'person')::boolean;
  v_batch integer := (p->>'batch')::integer;
  v_reason exclusion_reason := (p->>'exclusion')::exclusion_reason;
  v_act text;
  v_exclusion uuid;
  -- The Monday of a kiosk's answer. The last release sends none: what it takes counts toward no group.
  v_week date := CASE WHEN v_rate = 'survey.rate_at_kiosk' THEN coalesce((p#>>'{kiosk,week}')::date,
    date_trunc('week', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) END;
  -- A version on trial that has not reached its size: none of its answers is published before.
  v_held boolean := coalesce((p->>'held')::boolean, false);
  v_token bytea := decode(p->>'invitation', 'hex');
  v_draw uuid;
  v_procedure text;
  v_tally record;
  v_counted record;
BEGIN
  IF v_reason IS NULL AND v_week IS NULL AND v_token IS NULL THEN
    -- An early look, so that most releases are noticed before anything is written.
    SELECT batches, waiting_people INTO v_tally FROM survey_tallies
    WHERE agency_id = v_response.agency_id AND questionnaire_version = v_response.questionnaire_version;
    IF v_tally.batches <> v_batch THEN
      outcome := 'released';
      RETURN;
    END IF;
    -- If all but one wait already, this one is almost certainly the last one needed.
    IF NOT p_publishes AND v_person AND NOT v_held AND v_tally.waiting_people >= p_group - 1 THEN
      outcome := 'tenth';
      RETURN;
    END IF;
  END IF;
  INSERT INTO submissions (key, act, outcome, at)
  VALUES (v_key, v_rate, p->'receipt', v_response.received_month::timestamp AT TIME ZONE 'UTC') ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    SELECT act, s.outcome#>>'{}' INTO v_act, receipt FROM submissions s WHERE key = v_key;
    IF v_act IS NULL OR v_act NOT IN ('survey.rate', 'survey.rate_at_kiosk') THEN
      RAISE EXCEPTION 'an idempotency key was used for another act';
    END IF;
    outcome := 'again';
    RETURN;
  END IF;

  outcome := 'recorded';
  -- Locked until the end: a transaction that ends the version waits for this answer, or this one sees the end.
  PERFORM FROM agency_versions WHERE id = v_response.agency_version_id
    AND (valid_to IS NULL OR valid_to > v_response.service_date) FOR KEY SHARE;
  IF NOT FOUND THEN outcome := 'closed'; END IF;
  IF outcome = 'recorded' AND v_token IS NOT NULL THEN
    UPDATE survey_invitations i SET spent = true, sealed = NULL FROM survey_draws d
    WHERE i.token_hash = v_token AND NOT i.spent AND d.id = i.draw_id AND d.agency_id = v_response.agency_id
      AND d.ends_at > (p->>'at')::timestamptz
    RETURNING i.draw_id, i.procedure INTO v_draw, v_procedure;
    IF NOT FOUND THEN outcome := 'uninvited'; END IF;
  END IF;
  IF outcome = 'recorded' AND p->'dossier' <> 'null' THEN
    INSERT INTO survey_dossier_codes (year, code_hash)
    VALUES ((p#>>'{dossier,year}')::integer, decode(p#>>'{dossier,hash}', 'hex')) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN outcome := 'used'; END IF;
  END IF;
  IF outcome <> 'recorded' THEN
    DELETE FROM submissions WHERE key = v_key;
    RETURN;
  END IF;

  v_response.channel := coalesce(v_response.channel, 'web');
  IF v_reason IS NOT NULL THEN
    INSERT INTO survey_exclusions AS e (id, agency_id, questionnaire_version, reason, month, count)
    VALUES ((p->>'exclusionId')::uuid, v_response.agency_id, v_response.questionnaire_version, v_reason,
            v_response.received_month, 1)
    ON CONFLICT (agency_id, questionnaire_version, reason, month) WHERE (reversed_at IS NULL)
    DO UPDATE SET count = e.count + 1
    RETURNING id INTO v_exclusion;
  END IF;

  INSERT INTO survey_receipts (number_hash, received_month, exclusion_id, leaf)
  VALUES (decode(p->>'receiptHash', 'hex'), v_response.received_month, v_exclusion, decode(p->>'receiptLeaf', 'hex'));
  IF p->'comments' <> '[]' THEN
    INSERT INTO survey_comments (id, agency_id, received_month, text, questionnaire_version, question, exclusion_id,
      kiosk_week, draw_id)
    SELECT c.id, v_response.agency_id, v_response.received_month, c.text, v_response.questionnaire_version, c.question,
      v_exclusion, v_week, v_draw
    FROM jsonb_to_recordset(p->'comments') AS c (id uuid, text text, question text);
  END IF;
  IF p->'suggestion' <> 'null' THEN
    INSERT INTO survey_suggestions (id, questionnaire_version, received_month, text)
    VALUES ((p#>>'{suggestion,id}')::uuid, v_response.questionnaire_version, v_response.received_month,
            p#>>'{suggestion,text}');
  END IF;
  receipt := p->>'receipt';

  IF v_exclusion IS NOT NULL THEN
    INSERT INTO survey_excluded_responses (id, agency_version_id, questionnaire_version, agency_id, service_date,
      procedure, with_code, received_month, answers, exclusion_id, channel)
    SELECT v_response.id, v_response.agency_version_id, v_response.questionnaire_version, v_response.agency_id,
      v_response.service_date, v_response.procedure, v_response.with_code, v_response.received_month,
      v_response.answers, v_exclusion, v_response.channel;
    RETURN;
  END IF;
  IF v_week IS NOT NULL THEN
    INSERT INTO survey_kiosk_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, week, answers,
      person)
    SELECT v_response.id, v_response.agency_version_id, v_response.questionnaire_version, v_response.agency_id,
      v_response.service_date, v_week, v_response.answers, coalesce((p#>>'{kiosk,person}')::boolean, false);
    RETURN;
  END IF;
  IF v_draw IS NOT NULL THEN
    INSERT INTO survey_invited_responses (id, draw_id, procedure, agency_version_id, questionnaire_version, agency_id,
      service_date, answers)
    SELECT v_response.id, v_draw, v_procedure, v_response.agency_version_id, v_response.questionnaire_version,
      v_response.agency_id, v_response.service_date, v_response.answers;
    RETURN;
  END IF;
  -- An answer released together with answers from before the trial is not compared: the agency's public figures minus the
  -- trial's would be the answers of those few.
  IF v_response.trial <> v_response.questionnaire_version AND EXISTS (
      SELECT FROM survey_responses w WHERE w.agency_id = v_response.agency_id
        AND w.questionnaire_version = v_response.questionnaire_version AND NOT w.counted
        AND w.trial IS DISTINCT FROM v_response.trial) THEN
    v_response.trial := NULL;
  END IF;
  INSERT INTO survey_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, procedure,
    with_code, received_month, answers, repeated, same_network, channel, trial)
  SELECT v_response.id, v_response.agency_version_id, v_response.questionnaire_version, v_response.agency_id,
    v_response.service_date, v_response.procedure, v_response.with_code, v_response.received_month,
    v_response.answers, NOT v_person, NOT v_person, v_response.channel, v_response.trial;
  -- Last, because it locks the agency's row: others then wait for it as briefly as possible.
  v_counted := count_answer(v_response.agency_id, v_response.questionnaire_version, v_person AND NOT v_held, p_group);
  IF v_counted.batch <> v_batch THEN
    RAISE EXCEPTION 'some were published meanwhile' USING ERRCODE = 'AT011';
  END IF;
  IF v_counted.due THEN
    IF NOT p_publishes THEN RAISE EXCEPTION 'ten wait' USING ERRCODE = 'AT010'; END IF;
    outcome := 'tenth';
  END IF;
END $$;
