-- statement_timeout: 10min
-- The checklist of a decision answers for each number of the case by itself, and a number that was not on the papers waits
-- on its case.
ALTER TABLE "proof_checks" ADD COLUMN "by_number" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "cases" ADD COLUMN "imeis_verified_by_id" UUID;
ALTER TABLE "cases" ADD COLUMN "imei_paper_at" TIMESTAMPTZ(3);
ALTER TABLE "cases" ADD CONSTRAINT "cases_imeis_verified_by_id_fkey" FOREIGN KEY ("imeis_verified_by_id")
  REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

CREATE TABLE "proof_check_imeis" (
    "case_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "answer" "check_answer" NOT NULL,

    CONSTRAINT "proof_check_imeis_pkey" PRIMARY KEY ("case_id","seq","key14"),
    CONSTRAINT "an_answer_about_a_number" CHECK (answer IN ('yes'::check_answer, 'no'::check_answer, 'not_visible'::check_answer))
);
CREATE INDEX "proof_check_imeis_key14_idx" ON "proof_check_imeis"("key14");
ALTER TABLE "proof_check_imeis" ADD CONSTRAINT "proof_check_imeis_case_id_seq_fkey" FOREIGN KEY ("case_id", "seq")
  REFERENCES "proof_checks"("case_id", "seq") ON DELETE CASCADE ON UPDATE CASCADE;

-- One answer was about all numbers of the case until now.
INSERT INTO "proof_check_imeis" ("case_id", "seq", "key14", "answer")
  SELECT p.case_id, p.seq, i.key14, p.imei FROM "proof_checks" p JOIN "case_imeis" i USING (case_id) WHERE p.imei IS NOT NULL
  ON CONFLICT DO NOTHING;

ALTER TABLE "proof_check_imeis" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "proof_check_imeis" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = proof_check_imeis.case_id)))
END);
