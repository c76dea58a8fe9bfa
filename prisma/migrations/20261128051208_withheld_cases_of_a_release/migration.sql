-- AlterTable
ALTER TABLE "order_releases" ADD COLUMN     "withheld_case_ids" UUID[] DEFAULT ARRAY[]::UUID[];

ALTER TABLE "order_releases"
  -- Nobody withholds a block alone, of a carrier's batch neither, whatever the application does.
  ADD CONSTRAINT "withheld_by_two" CHECK ("state" IN ('waiting', 'asked')
    OR ("state" IN ('sending', 'sent') AND cardinality("withheld_case_ids") = 0)
    OR ("asked_by_id" IS NOT NULL AND "decided_by_id" IS NOT NULL AND "asked_by_id" <> "decided_by_id" AND "reason" IS NOT NULL));
