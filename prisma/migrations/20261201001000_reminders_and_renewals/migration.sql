-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "hold_since" TIMESTAMPTZ(3),
ADD COLUMN     "reminded_at" TIMESTAMPTZ(3),
ADD COLUMN     "renewal_asked_by_id" UUID,
ADD COLUMN     "renewal_confirmed_by_id" UUID,
ADD COLUMN     "renewal_due_at" TIMESTAMPTZ(3);

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_renewal_asked_by_id_fkey" FOREIGN KEY ("renewal_asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_renewal_confirmed_by_id_fkey" FOREIGN KEY ("renewal_confirmed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

ALTER TABLE "cases" ADD CONSTRAINT "a_renewal_needs_two" CHECK (renewal_confirmed_by_id IS NULL OR (renewal_asked_by_id IS NOT NULL AND renewal_confirmed_by_id <> renewal_asked_by_id)) NOT VALID;
