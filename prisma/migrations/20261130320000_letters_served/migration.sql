-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "heard_at" TIMESTAMPTZ(3),
ADD COLUMN     "unheard_seq" INTEGER;

-- CreateEnum
CREATE TYPE "served_letter_outcome" AS ENUM ('signed', 'refused');

-- CreateTable
CREATE TABLE "served_letters" (
    "case_id" UUID NOT NULL,
    "decision_seq" INTEGER NOT NULL,
    "event_seq" INTEGER NOT NULL,
    "outcome" "served_letter_outcome" NOT NULL,
    "served_by_id" UUID NOT NULL,
    "served_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "served_letters_pkey" PRIMARY KEY ("case_id","decision_seq")
);

-- CreateIndex
CREATE INDEX "served_letters_served_by_id_idx" ON "served_letters"("served_by_id");

-- AddForeignKey
ALTER TABLE "served_letters" ADD CONSTRAINT "served_letters_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "served_letters" ADD CONSTRAINT "served_letters_served_by_id_fkey" FOREIGN KEY ("served_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A receipt is given after the decision that it is for.
ALTER TABLE "served_letters" ADD CONSTRAINT "served_letters_after" CHECK (event_seq > decision_seq AND decision_seq > 0);

ALTER TABLE "served_letters" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "declared_scope" ON "served_letters" USING (
CASE
    WHEN ( SELECT scope_is_wide() AS scope_is_wide) THEN true
    ELSE ((case_id = ( SELECT scope_case() AS scope_case)) OR ( SELECT true
       FROM cases c
      WHERE (c.id = served_letters.case_id)))
END);
