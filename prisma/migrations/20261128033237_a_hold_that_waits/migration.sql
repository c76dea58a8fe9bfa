-- DropIndex
DROP INDEX "cases_area_id_state_text_due_at_id_idx";

-- DropIndex
DROP INDEX "cases_queue_area";

-- DropIndex
DROP INDEX "cases_queue_assignee";

-- DropIndex
DROP INDEX "cases_queue_city";

-- DropIndex
DROP INDEX "cases_queue_held";

-- DropIndex
DROP INDEX "cases_state_text_due_at_id_idx";

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "hold_due_at" TIMESTAMPTZ(3);

-- Those that were asked for before have none: a case is what the hash of its last entry in the audit log says.

-- While somebody else could confirm a temporary block, its clock counts where it is the earlier one (holdWaitsUntil).
ALTER TABLE "cases" ADD COLUMN     "act_by" TIMESTAMPTZ(3) NOT NULL GENERATED ALWAYS AS (CASE
  WHEN "hold_confirmed_by_id" IS NULL AND "held" IS NULL AND "withdraw_effective_at" IS NULL
    AND "state" IN ('submitted', 'under_review', 'info_requested') THEN LEAST("due_at", "hold_due_at")
  ELSE "due_at"
END) STORED;

-- CreateIndex
CREATE INDEX "cases_queue_area" ON "cases"("area_id", "act_by", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_queue_city" ON "cases"("act_by", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_area_id_state_text_act_by_id_idx" ON "cases"("area_id", "state_text", "act_by", "id");

-- CreateIndex
CREATE INDEX "cases_state_text_act_by_id_idx" ON "cases"("state_text", "act_by", "id");

-- CreateIndex
CREATE INDEX "cases_queue_assignee" ON "cases"("assignee_id", "act_by", "id") WHERE ("needs_work" = true);

-- CreateIndex
CREATE INDEX "cases_queue_held" ON "cases"("act_by", "id") WHERE (held IS NOT NULL);
