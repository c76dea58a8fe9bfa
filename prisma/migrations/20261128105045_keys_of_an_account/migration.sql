-- AlterTable
ALTER TABLE "staff_accounts" ADD COLUMN     "keys_on" BOOLEAN NOT NULL DEFAULT true;
