-- AlterTable
ALTER TABLE "carriers" ADD COLUMN     "imei_digits" SMALLINT NOT NULL DEFAULT 15;

ALTER TABLE "carriers" ADD CONSTRAINT carriers_imei_digits CHECK (imei_digits IN (14, 15));
