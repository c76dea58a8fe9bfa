-- CreateEnum
CREATE TYPE "booked_kind" AS ENUM ('bought', 'sold');

-- CreateTable
CREATE TABLE "booked_phones" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "kind" "booked_kind" NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "paper" TEXT NOT NULL,
    "reported" BOOLEAN NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "booked_phones_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "booked_phones_account_id_at_id_idx" ON "booked_phones"("account_id", "at" DESC, "id");

-- CreateIndex
CREATE INDEX "booked_phones_waiting" ON "booked_phones"("at") WHERE ((kind = 'bought'::booked_kind) AND (NOT reported) AND (told_at IS NULL));

-- AddForeignKey
ALTER TABLE "booked_phones" ADD CONSTRAINT "booked_phones_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
