-- AlterTable
ALTER TABLE "objections" ADD COLUMN     "reminded_at" TIMESTAMPTZ(3);
