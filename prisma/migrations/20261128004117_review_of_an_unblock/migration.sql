-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "overturned_at" TIMESTAMPTZ(3),
ADD COLUMN     "review_asked_at" TIMESTAMPTZ(3);
