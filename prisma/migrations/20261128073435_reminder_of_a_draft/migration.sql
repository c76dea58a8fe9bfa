-- AlterTable
ALTER TABLE "report_drafts" ADD COLUMN     "reminded_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "report_drafts_contact_hash_idx" ON "report_drafts"("contact_hash");
