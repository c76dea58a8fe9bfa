-- AlterTable
ALTER TABLE "alert_receivers" ADD COLUMN     "test_asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "test_fault" TEXT,
ADD COLUMN     "test_status" INTEGER,
ADD COLUMN     "tested_at" TIMESTAMPTZ(3);
