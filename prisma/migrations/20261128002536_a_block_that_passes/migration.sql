-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "block_from_id" UUID;

-- A block that two people approved may pass to another claim on the same phone (city police settle a conflict): its end
-- is kept as that of any temporary block.
ALTER TABLE "cases" DROP CONSTRAINT "a_hold_was_confirmed";
ALTER TABLE "cases" ADD CONSTRAINT "a_hold_was_confirmed" CHECK (
  hold_until IS NULL OR hold_confirmed_by_id IS NOT NULL OR block_from_id IS NOT NULL
);
