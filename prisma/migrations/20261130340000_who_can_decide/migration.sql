-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "no_decider_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "case_loans" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "approval_id" UUID NOT NULL,
    "lent_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_loans_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "case_loans_open" ON "case_loans"("account_id") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE INDEX "case_loans_approval_id_idx" ON "case_loans"("approval_id");

-- CreateIndex
CREATE UNIQUE INDEX "case_loans_one_open" ON "case_loans"("case_id", "account_id") WHERE (ended_at IS NULL);

-- AddForeignKey
ALTER TABLE "case_loans" ADD CONSTRAINT "case_loans_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_loans" ADD CONSTRAINT "case_loans_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_loans" ADD CONSTRAINT "case_loans_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approvals"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A person who was lent to cases of other units names them beside their own units: 'unit:<id>,lent:<case>'. No unit has
-- such an id, so that all other policies read the same units as before.
CREATE FUNCTION scope_lent()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (SELECT array_agg("substring"(one, 6)::uuid) FROM unnest(scope_units()) one WHERE starts_with(one, 'lent:'));

-- Beside what the declared scope shows: that case alone, with all that is seen where the case is.
CREATE POLICY "lent" ON "cases" USING ((id = ANY (( SELECT scope_lent() AS scope_lent)::uuid[])));
CREATE POLICY "lent" ON "objections" USING ((against_id = ANY (( SELECT scope_lent() AS scope_lent)::uuid[])));
