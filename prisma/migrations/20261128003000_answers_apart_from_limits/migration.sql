-- Nothing that is stored leads from a person to an answer for longer than a day (docs/adr/0048): limits are counted in a
-- transaction of their own, and the rows of the survey are written again in random order whatever their number. Ten answers
-- are released once they are from ten people.
DROP FUNCTION survey_mix(integer, integer);

-- DropForeignKey
ALTER TABLE "survey_suggestions" DROP CONSTRAINT "survey_suggestions_merged_into_id_fkey";

-- DropIndex
DROP INDEX "survey_comments_unmixed";

-- DropIndex
DROP INDEX "survey_dossier_codes_unmixed";

-- DropIndex
DROP INDEX "survey_receipts_unmixed";

-- DropIndex
DROP INDEX "survey_responses_unmixed";

-- DropIndex
DROP INDEX "survey_suggestions_unmixed";

-- AlterTable
ALTER TABLE "survey_cells" ADD COLUMN     "held_people" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "survey_code_splits" ADD COLUMN     "held_people_with_code" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "held_people_without_code" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "survey_comments" DROP COLUMN "mixed";

-- AlterTable
ALTER TABLE "survey_dossier_codes" DROP COLUMN "mixed";

-- AlterTable
ALTER TABLE "survey_receipts" DROP COLUMN "mixed";

-- AlterTable
ALTER TABLE "survey_responses" DROP COLUMN "mixed",
ADD COLUMN     "repeated" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "survey_suggestions" DROP COLUMN "mixed";

-- AlterTable
ALTER TABLE "survey_tallies" ADD COLUMN     "batches" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "waiting_people" INTEGER NOT NULL DEFAULT 0;

-- AddForeignKey
ALTER TABLE "survey_suggestions" ADD CONSTRAINT "survey_suggestions_merged_into_id_fkey" FOREIGN KEY ("merged_into_id") REFERENCES "survey_suggestions"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

ALTER TABLE "survey_tallies" DROP CONSTRAINT "survey_tallies_by_tens";
UPDATE survey_tallies SET waiting_people = waiting;
ALTER TABLE "survey_tallies" ADD CONSTRAINT "survey_tallies_by_tens"
  CHECK ((published = 0 OR published >= 10) AND waiting_people BETWEEN 0 AND 9 AND waiting >= waiting_people);
UPDATE survey_cells SET held_people = held_respondents;
UPDATE survey_code_splits SET
  held_people_with_code = (SELECT coalesce(sum(value::integer), 0) FROM jsonb_each_text(held_with_code)),
  held_people_without_code = (SELECT coalesce(sum(value::integer), 0) FROM jsonb_each_text(held_without_code));
-- A form's key is remembered with its month, as its receipt is.
UPDATE submissions SET at = date_trunc('month', at AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'UTC'
WHERE act IN ('survey.rate', 'survey.rate_at_kiosk');

-- Counts one more answer of an agency, and holds the agency's row until the transaction ends. `p_person` says whether
-- it is one of the ten people that release what waits. Answers whether they are ten now: the caller then publishes
-- all that wait in the same transaction. `batch` is how often that had happened before.
DROP FUNCTION count_rating(text, integer);
CREATE FUNCTION count_rating(p_agency text, p_version integer, p_person boolean, OUT due boolean, OUT batch integer)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_people integer := p_person::integer;
BEGIN
  INSERT INTO survey_tallies AS t (agency_id, questionnaire_version, published, waiting, waiting_people)
  VALUES (p_agency, p_version, 0, 1, v_people)
  ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
    published = t.published + CASE WHEN t.waiting_people + v_people = 10 THEN t.waiting + 1 ELSE 0 END,
    waiting = CASE WHEN t.waiting_people + v_people = 10 THEN 0 ELSE t.waiting + 1 END,
    batches = t.batches + CASE WHEN t.waiting_people + v_people = 10 THEN 1 ELSE 0 END,
    waiting_people = (t.waiting_people + v_people) % 10
  RETURNING waiting = 0, batches - (waiting = 0)::integer INTO due, batch;
END $$;

-- Asks whether a rating may be recorded, before it is, in a transaction of its own: no row that is counted for an address
-- is written in an answer's transaction. `outcome` is admitted, again (sent before: `receipt` is that time's) or limit
-- (`wait` in seconds). Of what is admitted, `proven` says whether its proof of work was spent, `exclusion` which rule keeps
-- it out of the figures, `person` whether its address is one of those that wait for the first time.
CREATE FUNCTION admit_rating(
  p jsonb, OUT outcome text, OUT receipt text, OUT wait integer, OUT proven boolean, OUT exclusion text, OUT person boolean
) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_now timestamptz := (p->>'now')::timestamptz;
  v_challenge bytea := decode(p#>>'{proof,challenge}', 'hex');
  v_act text;
  v_sign jsonb;
BEGIN
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
  IF exclusion IS NULL THEN person := take_hits(p->'person', v_now) = 0; END IF;
  outcome := 'admitted';
END $$;

-- Gives back what `admit_rating` took for a form that was refused after all.
CREATE FUNCTION return_admission(p jsonb) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_key text;
BEGIN
  DELETE FROM survey_spent_proofs WHERE challenge = decode(p->>'challenge', 'hex');
  FOR v_key IN SELECT * FROM jsonb_array_elements_text(p->'keys') LOOP
    UPDATE rate_limits SET hits = hits - 1
    WHERE key_hash = decode(v_key, 'hex') AND hits > 0 AND ends_at > (p->>'now')::timestamptz;
  END LOOP;
END $$;

-- Records a rating that was admitted, in one round trip: idempotency, dossier code and the rows. `outcome` is recorded,
-- again (sent before: `receipt` is that time's), used (the dossier code) or closed (the agency's version has ended
-- meanwhile). The answer that makes ten people needs more than this statement: without p_tenth it is undone with error
-- AT010, to be sent again inside the transaction that publishes them. Error AT011: some were published since it was
-- admitted, and its address is to be counted anew.
DROP FUNCTION record_rating(jsonb, boolean);
CREATE FUNCTION record_rating(p jsonb, p_tenth boolean, OUT outcome text, OUT receipt text)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_key uuid := (p->>'submitKey')::uuid;
  v_rate text := coalesce(p->>'act', 'survey.rate');
  v_response survey_responses := jsonb_populate_record(NULL::survey_responses, p->'response');
  v_person boolean := (p->>'person')::boolean;
  v_reason exclusion_reason := (p->>'exclusion')::exclusion_reason;
  v_act text;
  v_exclusion uuid;
  v_counted record;
BEGIN
  -- Where nine wait already this will hardly be anything but the tenth: better said before than undone after.
  IF NOT p_tenth AND v_person AND EXISTS (
    SELECT FROM survey_tallies WHERE agency_id = v_response.agency_id
      AND questionnaire_version = v_response.questionnaire_version AND waiting_people = 9
  ) THEN
    outcome := 'tenth';
    RETURN;
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
  -- Held until the end: whoever ends the version waits for this answer, or is seen by it.
  PERFORM FROM agency_versions WHERE id = v_response.agency_version_id
    AND (valid_to IS NULL OR valid_to > v_response.service_date) FOR KEY SHARE;
  IF NOT FOUND THEN outcome := 'closed'; END IF;
  IF outcome = 'recorded' AND p->'dossier' <> 'null' THEN
    INSERT INTO survey_dossier_codes (year, code_hash)
    VALUES ((p#>>'{dossier,year}')::integer, decode(p#>>'{dossier,hash}', 'hex')) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN outcome := 'used'; END IF;
  END IF;
  IF outcome <> 'recorded' THEN
    DELETE FROM submissions WHERE key = v_key;
    RETURN;
  END IF;

  IF v_reason IS NOT NULL THEN
    INSERT INTO survey_exclusions AS e (id, agency_id, questionnaire_version, reason, month, count)
    VALUES ((p->>'exclusionId')::uuid, v_response.agency_id, v_response.questionnaire_version, v_reason,
            v_response.received_month, 1)
    ON CONFLICT (agency_id, questionnaire_version, reason, month) WHERE (reversed_at IS NULL)
    DO UPDATE SET count = e.count + 1
    RETURNING id INTO v_exclusion;
  END IF;

  INSERT INTO survey_receipts (number_hash, received_month, exclusion_id)
  VALUES (decode(p->>'receiptHash', 'hex'), v_response.received_month, v_exclusion);
  INSERT INTO survey_comments (id, agency_id, received_month, text, questionnaire_version, question, exclusion_id)
  SELECT c.id, v_response.agency_id, v_response.received_month, c.text, v_response.questionnaire_version, c.question,
    v_exclusion
  FROM jsonb_to_recordset(p->'comments') AS c (id uuid, text text, question text);
  IF p->'suggestion' <> 'null' THEN
    INSERT INTO survey_suggestions (id, questionnaire_version, received_month, text)
    VALUES ((p#>>'{suggestion,id}')::uuid, v_response.questionnaire_version, v_response.received_month,
            p#>>'{suggestion,text}');
  END IF;
  receipt := p->>'receipt';

  IF v_exclusion IS NOT NULL THEN
    INSERT INTO survey_excluded_responses (id, agency_version_id, questionnaire_version, agency_id, service_date,
      procedure, with_code, received_month, answers, exclusion_id)
    SELECT v_response.id, v_response.agency_version_id, v_response.questionnaire_version, v_response.agency_id,
      v_response.service_date, v_response.procedure, v_response.with_code, v_response.received_month,
      v_response.answers, v_exclusion;
    RETURN;
  END IF;
  INSERT INTO survey_responses (id, agency_version_id, questionnaire_version, agency_id, service_date, procedure,
    with_code, received_month, answers, repeated)
  SELECT v_response.id, v_response.agency_version_id, v_response.questionnaire_version, v_response.agency_id,
    v_response.service_date, v_response.procedure, v_response.with_code, v_response.received_month,
    v_response.answers, NOT v_person;
  -- Last, as it holds the agency's row: others wait for it no longer than they must.
  v_counted := count_rating(v_response.agency_id, v_response.questionnaire_version, v_person);
  IF v_counted.batch <> (p->>'batch')::integer THEN
    RAISE EXCEPTION 'some were published meanwhile' USING ERRCODE = 'AT011';
  END IF;
  IF v_counted.due THEN
    IF NOT p_tenth THEN RAISE EXCEPTION 'ten wait' USING ERRCODE = 'AT010'; END IF;
    outcome := 'tenth';
  END IF;
END $$;

-- As before, and says of each whether its address had sent another of them.
DROP FUNCTION take_waiting_ratings(text, integer, date);
CREATE FUNCTION take_waiting_ratings(p_agency text, p_version integer, p_month date)
RETURNS TABLE (answers jsonb, with_code boolean, repeated boolean) LANGUAGE plpgsql VOLATILE
SET enable_bitmapscan = off SET enable_seqscan = off AS $$
BEGIN
  UPDATE survey_comments SET released = true, received_month = p_month
  WHERE agency_id = p_agency AND questionnaire_version = p_version AND NOT released AND exclusion_id IS NULL;
  RETURN QUERY
    UPDATE survey_responses AS r SET counted = true, received_month = p_month, repeated = false
    FROM (SELECT w.id, w.repeated FROM survey_responses AS w
          WHERE w.agency_id = p_agency AND w.questionnaire_version = p_version AND NOT w.counted FOR UPDATE) AS due
    WHERE r.id = due.id
    RETURNING r.answers, r.with_code, due.repeated;
END $$;

-- An answer and what was written with it (comment, suggestion, dossier code, receipt, the form's key, the agency's tally)
-- come in one transaction: `xmin` and the order of rows would join what the tables keep apart. This writes the rows of one
-- table again in an order drawn at random: the new ones and all others of their month and the month before, so that
-- also one new row alone stands among those and is nobody's of that day. Rows are taken out and put in, not updated,
-- since an update leaves a row in its block where there is room. `p_part` of `p_parts` random parts, each in a
-- transaction of its own. Writers wait for it, and see the new rows: a table is locked before a statement looks at
-- it. Answers how many rows were written.
CREATE FUNCTION survey_shuffled(p_table text, OUT rows_of text, OUT key_of text) LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- Which rows, with $1 the month from which on; and a text that is each row's own.
  SELECT s.rows_of, s.key_of INTO STRICT rows_of, key_of FROM (VALUES
    ('survey_responses', 'received_month >= $1 OR NOT counted', 'id::text'),
    ('survey_excluded_responses', 'received_month >= $1', 'id::text'),
    ('survey_comments', 'received_month >= $1 OR NOT released AND exclusion_id IS NULL', 'id::text'),
    ('survey_suggestions', 'received_month >= $1', 'id::text'),
    ('survey_receipts', 'received_month >= $1', 'encode(number_hash, ''hex'')'),
    -- Of the year: they have no month.
    ('survey_dossier_codes', '$1 IS NOT NULL', 'encode(code_hash, ''hex'')'),
    ('submissions', '$1 IS NOT NULL AND act IN (''survey.rate'', ''survey.rate_at_kiosk'')', 'key::text'),
    ('survey_tallies', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_cells', '$1 IS NOT NULL', 'agency_id || questionnaire_version || question'),
    ('survey_months', 'month >= $1', 'agency_id || questionnaire_version || question || month'),
    ('survey_code_splits', '$1 IS NOT NULL', 'agency_id || questionnaire_version'),
    ('survey_exclusions', 'month >= $1', 'id::text'),
    ('survey_exclusion_totals', '$1 IS NOT NULL', 'agency_id || reason')
  ) AS s (name, rows_of, key_of) WHERE s.name = p_table;
END $$;

CREATE FUNCTION survey_to_shuffle(p_table text, p_from date) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_count integer;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I WHERE %s', p_table, (survey_shuffled(p_table)).rows_of)
    INTO v_count USING p_from;
  RETURN v_count;
END $$;

CREATE FUNCTION survey_shuffle(p_table text, p_from date, p_part integer, p_parts integer, p_salt text)
RETURNS integer LANGUAGE plpgsql VOLATILE SET lock_timeout = '300ms' AS $$
DECLARE
  v_shuffled record := survey_shuffled(p_table);
  v_part text := format('(%s) AND (hashtextextended((%s) || $2, 0) & 2147483647) %% $3 = $4',
                        v_shuffled.rows_of, v_shuffled.key_of);
  v_row tid;
  v_done integer := 0;
BEGIN
  EXECUTE format('LOCK TABLE %I IN EXCLUSIVE MODE', p_table);
  IF p_table = 'survey_exclusions' THEN
    -- Receipts and comments name their group, and would be told that it is gone. It is counted with its month alone.
    FOR v_row IN EXECUTE format('SELECT ctid FROM %I WHERE %s ORDER BY gen_random_uuid()', p_table, v_part)
      USING p_from, p_salt, p_parts, p_part
    LOOP
      UPDATE survey_exclusions SET month = month WHERE ctid = v_row;
      v_done := v_done + 1;
    END LOOP;
    RETURN v_done;
  END IF;
  EXECUTE format('WITH gone AS (DELETE FROM %1$I WHERE %2$s RETURNING *)
    INSERT INTO %1$I SELECT * FROM gone ORDER BY gen_random_uuid()', p_table, v_part)
    USING p_from, p_salt, p_parts, p_part;
  GET DIAGNOSTICS v_done = ROW_COUNT;
  RETURN v_done;
END $$;
