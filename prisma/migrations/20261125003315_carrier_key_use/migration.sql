-- AlterTable
ALTER TABLE "carrier_keys" ADD COLUMN     "last_used_at" TIMESTAMPTZ(3);
