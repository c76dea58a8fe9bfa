-- CreateEnum
CREATE TYPE "reading_outcome" AS ENUM ('read', 'unreadable', 'given_up');

-- CreateTable
CREATE TABLE "evidence_readings" (
    "evidence_id" UUID NOT NULL,
    "attempts" INTEGER NOT NULL,
    "outcome" "reading_outcome",
    "pages" INTEGER,
    "pages_read" INTEGER,
    "reader_version" INTEGER NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "sealed" BYTEA,

    CONSTRAINT "evidence_readings_pkey" PRIMARY KEY ("evidence_id")
);

-- AddForeignKey
ALTER TABLE "evidence_readings" ADD CONSTRAINT "evidence_readings_evidence_id_fkey" FOREIGN KEY ("evidence_id") REFERENCES "evidence"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "evidence_readings" ADD CONSTRAINT "reading_is_whole" CHECK (
  attempts >= 1
  AND (outcome IS NULL) = (read_at IS NULL)
  AND (outcome IS NOT DISTINCT FROM 'read') = (sealed IS NOT NULL)
  AND (sealed IS NULL OR (pages IS NOT NULL AND pages_read BETWEEN 0 AND pages))
);

-- What was read in a file is seen where the file is.
ALTER TABLE "evidence_readings" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "evidence_readings" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ( SELECT true
       FROM evidence e
      WHERE (e.id = evidence_readings.evidence_id))
END);
