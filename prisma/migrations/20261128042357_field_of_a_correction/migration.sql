-- AlterTable
ALTER TABLE "data_requests" ADD COLUMN     "field" TEXT;
