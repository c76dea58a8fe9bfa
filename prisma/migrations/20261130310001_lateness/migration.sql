-- CreateTable
CREATE TABLE "late_deadlines" (
    "id" UUID NOT NULL,
    "subject_id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "unit_id" TEXT NOT NULL,
    "from_before" BOOLEAN NOT NULL DEFAULT false,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "person_at" TIMESTAMPTZ(3),
    "promised_at" TIMESTAMPTZ(3) NOT NULL,
    "unit_at" TIMESTAMPTZ(3),
    "city_due_at" TIMESTAMPTZ(3) NOT NULL,
    "city_at" TIMESTAMPTZ(3),
    "inspectorate_due_at" TIMESTAMPTZ(3) NOT NULL,
    "inspectorate_at" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "complained_at" TIMESTAMPTZ(3),
    "answer_due_at" TIMESTAMPTZ(3),
    "answered_at" TIMESTAMPTZ(3),
    "answered_by_id" UUID,
    "sealed" BYTEA,

    CONSTRAINT "late_deadlines_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lateness_begin" (
    "one" BOOLEAN NOT NULL DEFAULT true,
    "began_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lateness_begin_pkey" PRIMARY KEY ("one")
);

-- CreateIndex
CREATE INDEX "late_deadlines_open" ON "late_deadlines"("next_at", "id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "late_deadlines_open_unit" ON "late_deadlines"("unit_id", "due_at", "id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "late_complaints_open" ON "late_deadlines"("answer_due_at", "id") WHERE ((complained_at IS NOT NULL) AND (answered_at IS NULL));

-- CreateIndex
CREATE INDEX "late_complaints_unit" ON "late_deadlines"("unit_id", "complained_at") WHERE (complained_at IS NOT NULL);

-- CreateIndex
CREATE INDEX "late_deadlines_answered_by_id_idx" ON "late_deadlines"("answered_by_id");

-- CreateIndex
CREATE UNIQUE INDEX "late_deadlines_subject_id_kind_due_at_key" ON "late_deadlines"("subject_id", "kind", "due_at");

-- AddForeignKey
ALTER TABLE "late_deadlines" ADD CONSTRAINT "late_deadlines_subject_id_fkey" FOREIGN KEY ("subject_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "late_deadlines" ADD CONSTRAINT "late_deadlines_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "late_deadlines" ADD CONSTRAINT "late_deadlines_answered_by_id_fkey" FOREIGN KEY ("answered_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What has passed before now is told once, marked.
INSERT INTO "lateness_begin" ("began_at") VALUES (now());

-- What the schema cannot say.
ALTER TABLE "lateness_begin" ADD CONSTRAINT "lateness_begin_is_one" CHECK (one);
ALTER TABLE "late_deadlines" ADD CONSTRAINT "late_complaints_are_answered_whole" CHECK (
  (complained_at IS NULL) = (answer_due_at IS NULL)
  AND (answered_at IS NULL OR (complained_at IS NOT NULL AND answered_by_id IS NOT NULL AND sealed IS NOT NULL))
);

ALTER TABLE "late_deadlines" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "late_deadlines" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((subject_id = ( SELECT scope_case() AS scope_case)) OR (unit_id = ANY (( SELECT scope_units() AS scope_units)::text[])))
END);
