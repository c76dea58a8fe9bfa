-- CreateEnum
CREATE TYPE "exclusion_reason" AS ENUM ('too_fast', 'same_answers');

-- AlterTable
ALTER TABLE "survey_receipts" ADD COLUMN     "exclusion_id" UUID;

-- CreateTable
CREATE TABLE "survey_exclusions" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "reason" "exclusion_reason" NOT NULL,
    "month" DATE NOT NULL,
    "count" INTEGER NOT NULL,
    "reversed_at" TIMESTAMPTZ(3),
    "reversal" TEXT,

    CONSTRAINT "survey_exclusions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_excluded_responses" (
    "id" UUID NOT NULL,
    "agency_version_id" UUID NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "agency_id" TEXT NOT NULL,
    "service_date" DATE NOT NULL,
    "procedure" TEXT,
    "with_code" BOOLEAN NOT NULL,
    "received_month" DATE NOT NULL,
    "answers" JSONB NOT NULL,
    "exclusion_id" UUID NOT NULL,

    CONSTRAINT "survey_excluded_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_spent_proofs" (
    "challenge" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_spent_proofs_pkey" PRIMARY KEY ("challenge")
);

-- CreateIndex
CREATE INDEX "survey_exclusions_reversed_at_idx" ON "survey_exclusions"("reversed_at");

-- CreateIndex
CREATE UNIQUE INDEX "survey_exclusions_open" ON "survey_exclusions"("agency_id", "questionnaire_version", "reason", "month") WHERE (reversed_at IS NULL);

-- CreateIndex
CREATE INDEX "survey_excluded_responses_exclusion_id_idx" ON "survey_excluded_responses"("exclusion_id");

-- CreateIndex
CREATE INDEX "survey_spent_proofs_expires_at_idx" ON "survey_spent_proofs"("expires_at");

-- AddForeignKey
ALTER TABLE "survey_receipts" ADD CONSTRAINT "survey_receipts_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_exclusions" ADD CONSTRAINT "survey_exclusions_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_exclusions"
  ADD CONSTRAINT "survey_exclusions_month" CHECK (month = date_trunc('month', month)::date),
  ADD CONSTRAINT "survey_exclusions_reversal" CHECK ((reversed_at IS NULL) = (reversal IS NULL));

-- Counts one more answer of an agency, and holds the agency's row until the transaction ends. True when ten wait: the
-- caller then publishes them in the same transaction.
CREATE FUNCTION count_rating(p_agency text, p_version integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  due boolean;
BEGIN
  INSERT INTO survey_tallies AS t (agency_id, questionnaire_version, published, waiting)
  VALUES (p_agency, p_version, 0, 1)
  ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
    waiting = (t.waiting + 1) % 10,
    published = t.published + CASE WHEN t.waiting + 1 = 10 THEN 10 ELSE 0 END
  RETURNING waiting = 0 INTO due;
  RETURN due;
END $$;

-- Counts one use of each limit in a list of {key, amount, window}; answers the longest wait, 0 where all are kept.
CREATE FUNCTION take_hits(p_limits jsonb, p_now timestamptz)
RETURNS integer LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(max(take_hit(decode(l->>'key', 'hex'), (l->>'amount')::integer, (l->>'window')::integer, p_now)), 0)
  FROM jsonb_array_elements(p_limits) AS l
$$;

-- Takes a rating in one round trip: idempotency, proof of work, limits, dossier code, exclusion and the rows.
-- `outcome` is recorded, again (sent before: `receipt` is that time's), limit (`wait` in seconds) or used (the dossier
-- code) or closed (the agency's version has ended meanwhile). Refusals keep the limits' counts and nothing else. The answer that makes ten needs more than this statement:
-- without p_tenth it is undone with error AT010, to be sent again inside the transaction that publishes the ten.
CREATE FUNCTION record_rating(p jsonb, p_tenth boolean, OUT outcome text, OUT receipt text, OUT wait integer)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_key uuid := (p->>'submitKey')::uuid;
  v_now timestamptz := (p->>'now')::timestamptz;
  v_response survey_responses := jsonb_populate_record(NULL::survey_responses, p->'response');
  v_challenge bytea := decode(p#>>'{proof,challenge}', 'hex');
  v_proven boolean := false;
  v_act text;
  v_sign jsonb;
  v_exclusion uuid;
BEGIN
  wait := 0;
  INSERT INTO submissions (key, act, outcome, at)
  VALUES (v_key, 'survey.rate', p->'receipt', v_now) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    SELECT act, s.outcome#>>'{}' INTO v_act, receipt FROM submissions s WHERE key = v_key;
    IF v_act IS DISTINCT FROM 'survey.rate' THEN
      RAISE EXCEPTION 'an idempotency key was used for another act';
    END IF;
    outcome := 'again';
    RETURN;
  END IF;

  IF v_challenge IS NOT NULL THEN
    INSERT INTO survey_spent_proofs (challenge, expires_at)
    VALUES (v_challenge, (p#>>'{proof,expiresAt}')::timestamptz) ON CONFLICT DO NOTHING;
    v_proven := FOUND;
  END IF;
  wait := take_hits(CASE WHEN v_proven THEN p->'limits' ELSE p->'limitsWithoutProof' END, v_now);
  outcome := CASE WHEN wait > 0 THEN 'limit' ELSE 'recorded' END;
  IF outcome = 'recorded' AND p->'dossier' <> 'null' THEN
    INSERT INTO survey_dossier_codes (year, code_hash)
    VALUES ((p#>>'{dossier,year}')::integer, decode(p#>>'{dossier,hash}', 'hex')) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN outcome := 'used'; END IF;
  END IF;
  -- Held until the end: whoever ends the version waits for this answer, or is seen by it.
  PERFORM FROM agency_versions WHERE id = v_response.agency_version_id
    AND (valid_to IS NULL OR valid_to > v_response.service_date) FOR KEY SHARE;
  IF NOT FOUND THEN outcome := 'closed'; END IF;
  IF outcome <> 'recorded' THEN
    DELETE FROM submissions WHERE key = v_key;
    IF v_proven THEN DELETE FROM survey_spent_proofs WHERE challenge = v_challenge; END IF;
    RETURN;
  END IF;

  FOR v_sign IN SELECT * FROM jsonb_array_elements(p->'signs') LOOP
    IF take_hits(jsonb_build_array(v_sign), v_now) > 0 AND v_exclusion IS NULL THEN
      INSERT INTO survey_exclusions AS e (id, agency_id, questionnaire_version, reason, month, count)
      VALUES ((p->>'exclusionId')::uuid, v_response.agency_id, v_response.questionnaire_version,
              (v_sign->>'reason')::exclusion_reason, v_response.received_month, 1)
      ON CONFLICT (agency_id, questionnaire_version, reason, month) WHERE (reversed_at IS NULL)
      DO UPDATE SET count = e.count + 1
      RETURNING id INTO v_exclusion;
    END IF;
  END LOOP;

  INSERT INTO survey_receipts (number_hash, received_month, exclusion_id)
  VALUES (decode(p->>'receiptHash', 'hex'), v_response.received_month, v_exclusion);
  INSERT INTO survey_comments (id, agency_id, received_month, text, questionnaire_version, question)
  SELECT c.id, v_response.agency_id, v_response.received_month, c.text, c.questionnaire_version, c.question
  FROM jsonb_to_recordset(p->'comments') AS c (id uuid, text text, questionnaire_version integer, question text);
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
    with_code, received_month, answers)
  SELECT v_response.id, v_response.agency_version_id, v_response.questionnaire_version, v_response.agency_id,
    v_response.service_date, v_response.procedure, v_response.with_code, v_response.received_month,
    v_response.answers;
  -- Last, as it holds the agency's row: others wait for it no longer than they must.
  IF count_rating(v_response.agency_id, v_response.questionnaire_version) THEN
    IF NOT p_tenth THEN RAISE EXCEPTION 'ten wait' USING ERRCODE = 'AT010'; END IF;
    outcome := 'tenth';
  END IF;
END $$;
