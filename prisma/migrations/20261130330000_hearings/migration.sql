-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "answered_at" TIMESTAMPTZ(3),
ADD COLUMN     "hearing_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "objections" ADD COLUMN     "answered_at" TIMESTAMPTZ(3),
ADD COLUMN     "hearing_until" TIMESTAMPTZ(3);
