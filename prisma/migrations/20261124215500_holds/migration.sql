-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "hold_asked_by_id" UUID,
ADD COLUMN     "hold_confirmed_by_id" UUID,
ADD COLUMN     "hold_until" TIMESTAMPTZ(3),
ADD COLUMN     "shared_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "cases_hold" ON "cases"("hold_until", "id") WHERE (hold_until IS NOT NULL);

-- A temporary block is the work of two people, and has an end as long as it is in force.
ALTER TABLE "cases" ADD CONSTRAINT "a_hold_needs_two" CHECK (
  hold_confirmed_by_id IS NULL OR (hold_asked_by_id IS NOT NULL AND hold_confirmed_by_id <> hold_asked_by_id)
);
ALTER TABLE "cases" ADD CONSTRAINT "a_hold_was_confirmed" CHECK (
  hold_until IS NULL OR hold_confirmed_by_id IS NOT NULL
);
