-- Which version a comment came with was kept for open questions alone. Its agency reads it when the ten are public that
-- its answer is one of, and those are counted by version.
ALTER TABLE "survey_comments" DROP CONSTRAINT "survey_comments_question";
UPDATE survey_comments c SET questionnaire_version = coalesce(
  (SELECT min(t.questionnaire_version) FROM survey_tallies t WHERE t.agency_id = c.agency_id),
  (SELECT min(version) FROM questionnaires)
) WHERE questionnaire_version IS NULL;

-- DropIndex
DROP INDEX "survey_comments_agency_id_received_month_idx";

-- AlterTable
ALTER TABLE "survey_comments" ADD COLUMN     "exclusion_id" UUID,
ADD COLUMN     "masked" TEXT,
ADD COLUMN     "released" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "reply_id" UUID,
ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 0,
ALTER COLUMN "questionnaire_version" SET NOT NULL;

-- CreateTable
CREATE TABLE "survey_replies" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "said_vi" TEXT NOT NULL,
    "said_en" TEXT,
    "answer_vi" TEXT NOT NULL,
    "answer_en" TEXT,
    "promise_vi" TEXT,
    "promise_en" TEXT,
    "due_on" DATE,
    "kept_at" TIMESTAMPTZ(3),
    "done_vi" TEXT,
    "done_en" TEXT,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "survey_replies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_reply_changes" (
    "reply_id" UUID NOT NULL,
    "revision" INTEGER NOT NULL,
    "promise_vi" TEXT NOT NULL,
    "promise_en" TEXT,
    "due_on" DATE NOT NULL,
    "reason_vi" TEXT NOT NULL,
    "reason_en" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_reply_changes_pkey" PRIMARY KEY ("reply_id","revision")
);

-- CreateIndex
CREATE INDEX "survey_replies_agency_id_published_at_id_idx" ON "survey_replies"("agency_id", "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "survey_replies_due" ON "survey_replies"("agency_id", "due_on") WHERE ((due_on IS NOT NULL) AND (kept_at IS NULL));

-- CreateIndex
CREATE INDEX "survey_comments_agency_id_received_month_id_idx" ON "survey_comments"("agency_id", "received_month" DESC, "id");

-- CreateIndex
CREATE INDEX "survey_comments_open" ON "survey_comments"("agency_id", "received_month" DESC, "id") WHERE (released AND (reply_id IS NULL));

-- CreateIndex
CREATE INDEX "survey_comments_answered" ON "survey_comments"("agency_id", "received_month" DESC, "id") WHERE (reply_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_comments_waiting" ON "survey_comments"("agency_id", "questionnaire_version") WHERE (NOT released);

-- CreateIndex
CREATE INDEX "survey_comments_excluded" ON "survey_comments"("exclusion_id") WHERE (exclusion_id IS NOT NULL);

-- CreateIndex
CREATE INDEX "survey_comments_reply" ON "survey_comments"("reply_id") WHERE (reply_id IS NOT NULL);

-- AddForeignKey
ALTER TABLE "staff_accounts" ADD CONSTRAINT "staff_accounts_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_exclusion_id_fkey" FOREIGN KEY ("exclusion_id") REFERENCES "survey_exclusions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_comments" ADD CONSTRAINT "survey_comments_reply_id_fkey" FOREIGN KEY ("reply_id") REFERENCES "survey_replies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_replies" ADD CONSTRAINT "survey_replies_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_reply_changes" ADD CONSTRAINT "survey_reply_changes_reply_id_fkey" FOREIGN KEY ("reply_id") REFERENCES "survey_replies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_comments"
  ADD CONSTRAINT "survey_comments_excluded" CHECK (NOT (released AND exclusion_id IS NOT NULL)),
  ADD CONSTRAINT "survey_comments_answered" CHECK (released OR reply_id IS NULL);
ALTER TABLE "survey_replies"
  ADD CONSTRAINT "survey_replies_promise" CHECK ((promise_vi IS NULL) = (due_on IS NULL)),
  ADD CONSTRAINT "survey_replies_kept" CHECK ((kept_at IS NULL) = (done_vi IS NULL) AND (kept_at IS NULL OR due_on IS NOT NULL));

-- What was published stays; a promise that was kept is over; whatever a promise was before a change is on record.
CREATE FUNCTION keep_survey_reply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
    OR (NEW.id, NEW.agency_id, NEW.said_vi, NEW.said_en, NEW.answer_vi, NEW.answer_en, NEW.published_at)
      IS DISTINCT FROM (OLD.id, OLD.agency_id, OLD.said_vi, OLD.said_en, OLD.answer_vi, OLD.answer_en, OLD.published_at)
    OR OLD.kept_at IS NOT NULL THEN
    RAISE EXCEPTION 'what an agency published does not change';
  END IF;
  IF (NEW.promise_vi, NEW.promise_en, NEW.due_on) IS DISTINCT FROM (OLD.promise_vi, OLD.promise_en, OLD.due_on)
    AND NOT EXISTS (SELECT FROM survey_reply_changes WHERE reply_id = OLD.id AND revision = OLD.revision) THEN
    RAISE EXCEPTION 'a promise is not changed silently';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "survey_replies_immutable" BEFORE UPDATE OR DELETE ON "survey_replies"
  FOR EACH ROW EXECUTE FUNCTION keep_survey_reply();

CREATE FUNCTION keep_survey_reply_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a promise was stays on record';
END $$;
CREATE TRIGGER "survey_reply_changes_immutable" BEFORE UPDATE OR DELETE ON "survey_reply_changes"
  FOR EACH ROW EXECUTE FUNCTION keep_survey_reply_change();

-- As before, but a comment names the version of its answer, and the rule that keeps its answer out of the figures.
CREATE OR REPLACE FUNCTION record_rating(p jsonb, p_tenth boolean, OUT outcome text, OUT receipt text, OUT wait integer)
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
  -- Where nine wait already this will hardly be anything but the tenth: better said before than undone after.
  IF NOT p_tenth AND EXISTS (
    SELECT FROM survey_tallies WHERE agency_id = v_response.agency_id
      AND questionnaire_version = v_response.questionnaire_version AND waiting = 9
  ) THEN
    outcome := 'tenth';
    RETURN;
  END IF;
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
