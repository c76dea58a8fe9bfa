-- AlterTable
ALTER TABLE "zalo_tokens" ADD COLUMN     "renewing_until" TIMESTAMPTZ(3);
