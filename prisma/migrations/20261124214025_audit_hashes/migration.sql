-- DropIndex
DROP INDEX "audit_entries_actor_id_id_idx";

-- AlterTable
ALTER TABLE "audit_entries" ADD COLUMN     "after_hash" BYTEA,
ADD COLUMN     "before_hash" BYTEA,
ADD COLUMN     "case_id" TEXT,
ADD COLUMN     "v" SMALLINT NOT NULL DEFAULT 1;

-- CreateIndex
CREATE INDEX "audit_entries_case_id_id_idx" ON "audit_entries"("case_id", "id");

-- CreateIndex
CREATE INDEX "audit_entries_actor_id_at_id_idx" ON "audit_entries"("actor_id", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_act_at_id_idx" ON "audit_entries"("act", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entries_at_id_idx" ON "audit_entries"("at", "id");
