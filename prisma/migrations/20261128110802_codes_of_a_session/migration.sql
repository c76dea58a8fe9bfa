-- AlterTable
ALTER TABLE "staff_sessions" ADD COLUMN     "code_at" TIMESTAMPTZ(3),
ADD COLUMN     "code_for" TEXT;
