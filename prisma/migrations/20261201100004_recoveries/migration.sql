-- CreateTable
CREATE TABLE "recoveries" (
    "case_id" UUID NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3),

    CONSTRAINT "recoveries_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "holder_notices" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "question_id" UUID NOT NULL,
    "called_by_id" UUID NOT NULL,
    "called_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "unit_id" TEXT,
    "found_id" UUID,
    "handed_in_at" TIMESTAMPTZ(3),
    "handed_in_to_id" UUID,
    "handed_in_at_id" TEXT,
    "sealed_holder" BYTEA,

    CONSTRAINT "holder_notices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "recoveries_due" ON "recoveries"("due_at") WHERE (due_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "holder_notices_question_id_key" ON "holder_notices"("question_id");

-- CreateIndex
CREATE UNIQUE INDEX "holder_notices_found_id_key" ON "holder_notices"("found_id");

-- CreateIndex
CREATE INDEX "holder_notices_case_id_called_at_idx" ON "holder_notices"("case_id", "called_at");

-- CreateIndex
CREATE INDEX "holder_notices_called_by_id_idx" ON "holder_notices"("called_by_id");

-- CreateIndex
CREATE INDEX "holder_notices_unit_id_idx" ON "holder_notices"("unit_id");

-- CreateIndex
CREATE INDEX "holder_notices_handed_in_to_id_idx" ON "holder_notices"("handed_in_to_id");

-- CreateIndex
CREATE INDEX "holder_notices_handed_in_at_id_idx" ON "holder_notices"("handed_in_at_id");

-- AddForeignKey
ALTER TABLE "recoveries" ADD CONSTRAINT "recoveries_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case_keys"("case_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_question_id_fkey" FOREIGN KEY ("question_id") REFERENCES "carrier_questions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_called_by_id_fkey" FOREIGN KEY ("called_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_found_id_fkey" FOREIGN KEY ("found_id") REFERENCES "found_phones"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_handed_in_to_id_fkey" FOREIGN KEY ("handed_in_to_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holder_notices" ADD CONSTRAINT "holder_notices_handed_in_at_id_fkey" FOREIGN KEY ("handed_in_at_id") REFERENCES "police_units"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What is known of a case's phone and of who holds it is data of that case (ADR 21).
ALTER TABLE "recoveries" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "recoveries" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = recoveries.case_id)))
END);
ALTER TABLE "holder_notices" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "holder_notices" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = holder_notices.case_id)))
END);

-- A text to be passed on is about a phone, as is a question whether a number was in it.
ALTER TABLE "carrier_questions" DROP CONSTRAINT "question_of_its_kind";
ALTER TABLE "carrier_questions" ADD CONSTRAINT "question_of_its_kind"
  CHECK (("kind"::text IN ('number_in_imei', 'notify_holder')) = ("imei" IS NOT NULL)) NOT VALID;
