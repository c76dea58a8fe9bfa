-- CreateEnum
CREATE TYPE "shared_answer" AS ENUM ('lift', 'keep');

-- CreateEnum
CREATE TYPE "shared_word_state" AS ENUM ('open', 'waiting', 'dismissed', 'kept', 'taken_back');

-- CreateEnum
CREATE TYPE "shared_verdict" AS ENUM ('count', 'dismiss');

-- AlterTable
ALTER TABLE "cases" ADD COLUMN     "shared_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "shared_proposal" "shared_answer",
ADD COLUMN     "shared_proposed_by_id" UUID;

-- CreateTable
CREATE TABLE "shared_words" (
    "order_id" UUID NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "own" BOOLEAN NOT NULL,
    "state" "shared_word_state" NOT NULL,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "verdict" "shared_verdict",
    "note" TEXT,
    "asked_by_id" UUID,
    "decided_by_id" UUID,

    CONSTRAINT "shared_words_pkey" PRIMARY KEY ("order_id","imei")
);

-- CreateIndex
CREATE INDEX "shared_words_carrier_id_said_at_idx" ON "shared_words"("carrier_id", "said_at");

-- AddForeignKey
ALTER TABLE "cases" ADD CONSTRAINT "cases_shared_proposed_by_id_fkey" FOREIGN KEY ("shared_proposed_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE NOT VALID;

-- AddForeignKey
ALTER TABLE "shared_words" ADD CONSTRAINT "shared_words_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "carrier_orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shared_words" ADD CONSTRAINT "shared_words_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shared_words" ADD CONSTRAINT "shared_words_asked_by_id_fkey" FOREIGN KEY ("asked_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shared_words" ADD CONSTRAINT "shared_words_decided_by_id_fkey" FOREIGN KEY ("decided_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- From here on what the schema's language cannot say.

ALTER TABLE "cases"
  ADD CONSTRAINT "shared_proposal_is_whole" CHECK (("shared_proposal" IS NULL) = ("shared_proposed_by_id" IS NULL)
    AND ("shared_proposal" IS NULL OR "shared_due_at" IS NOT NULL)) NOT VALID;

-- Nobody of the relay decides alone on the words of a carrier that says so too often.
ALTER TABLE "shared_words"
  ADD CONSTRAINT "shared_words_decided_by_two" CHECK ("decided_by_id" IS NULL
    OR ("asked_by_id" IS NOT NULL AND "decided_by_id" <> "asked_by_id")),
  ADD CONSTRAINT "shared_words_asked_with_reason" CHECK (num_nulls("asked_by_id", "verdict", "note") IN (0, 3)),
  ADD CONSTRAINT "shared_words_dismissed_by_two" CHECK ("state" <> 'dismissed' OR "decided_by_id" IS NOT NULL);
