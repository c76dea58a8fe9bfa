-- AlterTable
ALTER TABLE "holder_notices" ADD COLUMN     "receipt" TEXT;
