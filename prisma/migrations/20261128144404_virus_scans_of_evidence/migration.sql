-- CreateEnum
CREATE TYPE "evidence_scan" AS ENUM ('clean', 'infected');

-- AlterTable
ALTER TABLE "evidence" ADD COLUMN     "scan" "evidence_scan",
ADD COLUMN     "scan_finding" TEXT,
ADD COLUMN     "scanned_at" TIMESTAMPTZ(3);


ALTER TABLE "evidence" ADD CONSTRAINT "evidence_scan_is_whole" CHECK (
  (scan IS NULL) = (scanned_at IS NULL)
  AND (scan IS NOT DISTINCT FROM 'infected') = (scan_finding IS NOT NULL)
) NOT VALID;
