-- CreateTable
CREATE TABLE "evidence_files" (
    "evidence_id" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "store" TEXT NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stored_at" TIMESTAMPTZ(3),
    "byte_size" INTEGER,
    "sha256" BYTEA,
    "loose_since" TIMESTAMPTZ(3),
    "discarded_at" TIMESTAMPTZ(3),
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "evidence_files_pkey" PRIMARY KEY ("evidence_id","part")
);

-- CreateIndex
CREATE INDEX "evidence_files_loose" ON "evidence_files"("loose_since", "evidence_id", "part") WHERE (loose_since IS NOT NULL);

-- CreateIndex
CREATE INDEX "evidence_files_discarded" ON "evidence_files"("discarded_at", "evidence_id", "part") WHERE (discarded_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "evidence_files_removed" ON "evidence_files"("removed_at") WHERE (removed_at IS NOT NULL);

ALTER TABLE "evidence_files" ADD CONSTRAINT "part_of_evidence" CHECK (part ~ '^[a-z]+[0-9]*$');

-- What is stored already lies on the disk. What belonged to nothing then is not found by it.
INSERT INTO "evidence_files" (evidence_id, part, store, begun_at, stored_at)
SELECT e.id, p.part, 'file', e.created_at, e.created_at
FROM "evidence" e, unnest(ARRAY['original', CASE WHEN e.view_key IS NOT NULL THEN 'view' END]
  || ARRAY(SELECT 'page' || n FROM generate_series(1, cardinality(e.page_widths)) n)) AS p(part)
WHERE p.part IS NOT NULL;
