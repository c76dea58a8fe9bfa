-- CreateEnum
CREATE TYPE "carrier_question_kind" AS ENUM ('number_in_imei', 'imei_of_number');

-- AlterEnum
ALTER TYPE "sim_answer" ADD VALUE 'imeis';
ALTER TYPE "sim_answer" ADD VALUE 'not_subscriber';

-- AlterTable
ALTER TABLE "carrier_questions" ADD COLUMN     "kind" "carrier_question_kind" NOT NULL DEFAULT 'number_in_imei',
ADD COLUMN     "released_at" TIMESTAMPTZ(3),
ADD COLUMN     "sealed_answer" BYTEA,
ALTER COLUMN "imei" DROP NOT NULL,
ALTER COLUMN "asked_by_id" DROP NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "one_open_lookup" ON "carrier_questions"("case_id", "number_hash", "carrier_id") WHERE ((open = true) AND (imei IS NULL));

ALTER TABLE "carrier_questions"
  ADD CONSTRAINT "question_of_its_kind" CHECK (("kind" = 'number_in_imei') = ("imei" IS NOT NULL)),
  -- A value that was added to an enum is not compared as one in the same transaction.
  ADD CONSTRAINT "imeis_are_an_answer" CHECK ("sealed_answer" IS NULL OR ("kind" = 'imei_of_number' AND "answer"::text = 'imeis')),
  ADD CONSTRAINT "released_once_answered" CHECK ("released_at" IS NULL OR "answer"::text = 'imeis');
