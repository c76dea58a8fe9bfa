-- A case without an IMEI rises in the queue once the carrier that was asked for it is late. What PostgreSQL before 17 cannot
-- change, the expression of a column, is made anew with its indexes.
ALTER TABLE "cases" ADD COLUMN "lookup_due_at" TIMESTAMPTZ(3);

-- Where the application owns the tables, policies bind this migration as well.
SELECT set_config('antam.scope', 'system', true);
UPDATE "carrier_questions" SET "open" = false WHERE "open" AND "expires_at" <= now();
UPDATE "cases" SET "lookup_due_at" = late.at FROM (
  SELECT "case_id", min("asked_at") + interval '24 hours' AS at FROM "carrier_questions"
  WHERE "imei" IS NULL AND "open" GROUP BY "case_id"
) late WHERE late."case_id" = "cases"."id";

ALTER TABLE "cases" DROP COLUMN "act_by";
ALTER TABLE "cases" ADD COLUMN "act_by" TIMESTAMPTZ(3) NOT NULL GENERATED ALWAYS AS (
CASE
    WHEN hold_confirmed_by_id IS NULL AND held IS NULL AND withdraw_effective_at IS NULL AND (state = ANY (ARRAY['submitted'::case_state, 'under_review'::case_state, 'info_requested'::case_state])) THEN LEAST(due_at, hold_due_at, lookup_due_at)
    ELSE due_at
END) STORED;
CREATE INDEX "cases_queue_unit" ON "cases"("unit_id", "act_by", "id") WHERE ("needs_work" = true);
CREATE INDEX "cases_queue_city" ON "cases"("act_by", "id") WHERE ("needs_work" = true);
CREATE INDEX "cases_unit_id_state_text_act_by_id_idx" ON "cases"("unit_id", "state_text", "act_by", "id");
CREATE INDEX "cases_state_text_act_by_id_idx" ON "cases"("state_text", "act_by", "id");
CREATE INDEX "cases_queue_assignee" ON "cases"("assignee_id", "act_by", "id") WHERE ("needs_work" = true);
CREATE INDEX "cases_queue_held" ON "cases"("act_by", "id") WHERE (held IS NOT NULL);
