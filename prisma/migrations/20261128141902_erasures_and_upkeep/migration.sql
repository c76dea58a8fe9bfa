-- CreateTable
CREATE TABLE "erasures" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kept_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upkeep" (
    "kind" TEXT NOT NULL,
    "done_at" TIMESTAMPTZ(3) NOT NULL,
    "facts" JSONB NOT NULL,

    CONSTRAINT "upkeep_pkey" PRIMARY KEY ("kind")
);

-- CreateIndex
CREATE INDEX "erasures_to_keep" ON "erasures"("id") WHERE (kept_at IS NULL);


ALTER TABLE "erasures" ADD CONSTRAINT "erasures_kind_check"
  CHECK (kind IN ('case', 'case_asked', 'case_files', 'evidence', 'identity'));
